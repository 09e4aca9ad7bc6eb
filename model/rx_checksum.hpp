// SPDX-License-Identifier: Apache-2.0
// What the device says about a received frame besides its length: VLAN tag, checksum verdicts, protocols (contract
// D11). Never a reason to drop a frame, and never a second pass over its octets.
#pragma once

#include <cstdint>

#include "hw/engine/descriptors.hpp"
#include "hw/ethernet/frame.hpp"
#include "model/rx_control.hpp"

namespace overrun {

inline constexpr std::uint32_t tag_octets = 4;        ///< IEEE 802.1Q: type and TCI
inline constexpr std::uint32_t tag_at     = type_at;  ///< after the addresses

/// For the frame's descriptors. The default says that nothing was examined.
struct RxVerdict {
    std::uint32_t status   = rx_status::ixsm;  ///< last descriptor; bits over 7 stand in the extended format only
    std::uint32_t errors   = 0;                ///< last descriptor: rx_error::tcpe and rx_error::ipe
    std::uint16_t vlan     = 0;                ///< last descriptor: TCI of the tag that was stripped
    std::uint16_t ip_id    = 0;                ///< last descriptor, extended format
    std::uint16_t checksum = 0;                ///< extended: last descriptor; legacy: first (C.1)
    std::uint32_t causes   = 0;                ///< ICR.SRPD and ICR.ACK
    bool          stripped = false;            ///< the tag is not stored
};

/// Whether the default verdict is right: a frame without IP and tag, of which no sum is wanted and no cause of its own,
/// costs a glance at its EtherType.
[[nodiscard]] inline bool nothing_to_say(const Frame& frame, std::uint32_t octets, const RxControl& control) noexcept
{
    constexpr std::uint32_t ipv4 = 0x0800, ipv6 = 0x86dd;
    const std::uint32_t     type = frame.type();
    return !control.sum_frame && octets >= control.small_below && type != ipv4 && type != ipv6 &&
           type != control.vlan_type;
}

/// @param frame whose octets are read, each at most once into a sum
/// @param octets of it that the device keeps, FCS included
[[nodiscard]] RxVerdict examine(const Frame& frame, std::uint32_t octets, const RxControl& control) noexcept;

}  // namespace overrun
