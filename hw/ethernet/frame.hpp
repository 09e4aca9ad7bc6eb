// SPDX-License-Identifier: Apache-2.0
// A frame on the wire: octets, true length, error marks and start time, without owning any octet.
// The source that made it keeps the octets valid until the engine says that it is done with them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "hw/base/time.hpp"

namespace overrun {

/// Position of a frame on the wire, counted from 1 in wire order.
using FrameId = std::uint64_t;

inline constexpr std::uint32_t address_octets    = 6;
inline constexpr std::uint32_t header_octets     = 14;  ///< destination, source, EtherType
inline constexpr std::uint32_t type_at           = 12;  ///< of the EtherType
inline constexpr std::uint32_t fcs_octets        = 4;
inline constexpr std::uint32_t minimum_frame     = 64;     ///< IEEE 802.3 clause 4: minFrameSize, with FCS
inline constexpr std::uint32_t maximum_frame     = 1518;   ///< untagged, with FCS
inline constexpr std::uint32_t preamble_octets   = 8;      ///< seven of preamble and the SFD
inline constexpr std::uint32_t minimum_gap       = 12;     ///< inter-frame gap of 96 bit times
inline constexpr std::uint32_t frame_octets_kept = 16383;  ///< a longer frame is cut (contract D6)

inline constexpr std::uint64_t broadcast_address = 0xffff'ffff'ffffU;  ///< as Frame::destination() gives it
static_assert(std::endian::native == std::endian::little, "addresses are taken from frames as little-endian numbers");

/// Where the four octets of the frame check sequence come from.
enum class Fcs : std::uint8_t {
    appended,  ///< not among the octets; the sender appended the right one, so it needs no check
    stored,    ///< the last four of the octets, right or wrong
};

struct Frame {
    const std::byte* octets  = nullptr;  ///< from the destination address on
    std::uint32_t    stored  = 0;        ///< how many octets there are, at most body(); the rest of it is zero padding
    std::uint32_t    length  = 0;        ///< destination address to FCS on the wire, FCS included
    Fcs              fcs     = Fcs::appended;
    bool             rx_er   = false;  ///< RX_ER was asserted inside the frame
    bool             dribble = false;  ///< an odd nibble followed the last octet (MII only)
    bool             no_sfd  = false;  ///< the preamble ended without SFD: not a frame (contract D1)
    FrameId          id      = 0;      ///< given by the wire
    Time             start   = 0;      ///< when the first preamble octet begins, in picoseconds

    [[nodiscard]] std::span<const std::byte> stored_octets() const noexcept { return {octets, stored}; }

    /// Octets before the FCS when it is appended; the whole frame when it is stored.
    [[nodiscard]] std::uint32_t body() const noexcept
    {
        return fcs == Fcs::stored ? length : (length > fcs_octets ? length - fcs_octets : 0);
    }

    /// Neither a mark of an error nor an FCS of its own: good, if its length is.
    [[nodiscard]] bool unmarked() const noexcept
    {
        return (static_cast<unsigned>(fcs != Fcs::appended) | static_cast<unsigned>(rx_er) |
                static_cast<unsigned>(dribble) | static_cast<unsigned>(no_sfd)) == 0;
    }

    /// The destination address with octet 0 in the lowest eight bits, as RAL and RAH hold it.
    [[nodiscard]] std::uint64_t destination() const noexcept
    {
        constexpr std::uint64_t address_bits = 0xffff'ffff'ffffU;
        std::uint64_t           value        = 0;
        if (stored >= sizeof value) {
            std::memcpy(&value, octets, sizeof value);
        } else {
            for (std::uint32_t i = address_octets; i-- > 0;)
                value = value << 8U | std::to_integer<std::uint64_t>(octet(i));
        }
        return value & address_bits;
    }

    /// Broadcast or multicast.
    [[nodiscard]] bool to_group() const noexcept { return (octet(0) & std::byte{1}) != std::byte{0}; }

    /// Octet `i` of the body; padding reads as zero.
    [[nodiscard]] std::byte octet(std::uint32_t i) const noexcept { return i < stored ? octets[i] : std::byte{0}; }

    /// Octets `i` and `i + 1` of the body as a number in network order.
    [[nodiscard]] std::uint16_t field16(std::uint32_t i) const noexcept
    {
        if (i + 2 <= stored) {
            std::uint16_t value = 0;
            std::memcpy(&value, octets + i, sizeof value);
            return static_cast<std::uint16_t>(value << 8U | value >> 8U);
        }
        return static_cast<std::uint16_t>(std::to_integer<unsigned>(octet(i)) << 8U |
                                          std::to_integer<unsigned>(octet(i + 1)));
    }
    /// The EtherType, or the length of an IEEE 802.3 frame.
    [[nodiscard]] std::uint16_t type() const noexcept { return field16(type_at); }
};

}  // namespace overrun
