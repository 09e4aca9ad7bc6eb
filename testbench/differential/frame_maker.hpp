// SPDX-License-Identifier: Apache-2.0
// Random frames that reach every corner of a receiver's parser: tags, IPv4, IPv6, TCP, UDP, fragments, broken ones.
// They have at least 60 octets and no FCS.
#pragma once

#include <array>
#include <cstdint>

#include "hw/ethernet/mac_address.hpp"
#include "testbench/differential/dice.hpp"
#include "testbench/differential/program.hpp"

namespace overrun::differential {

/// Addresses of which programs let some through.
inline constexpr std::array<MacAddress, 12> address_pool{{
    {{0x02, 0x00, 0x00, 0x00, 0x00, 0x01}},  // the NVM's
    {{0x02, 0x00, 0x00, 0x00, 0x00, 0x77}},
    {{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}},
    {{0x00, 0x1b, 0x21, 0xaa, 0xbb, 0xcc}},
    {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
    {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x05}},
    {{0x01, 0x00, 0x5e, 0x7f, 0xff, 0xfa}},
    {{0x33, 0x33, 0x00, 0x00, 0x00, 0x01}},
    {{0x33, 0x33, 0xff, 0x12, 0x34, 0x56}},
    {{0x01, 0x80, 0xc2, 0x00, 0x00, 0x01}},  // PAUSE
    {{0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e}},
    {{0x03, 0xa5, 0x5a, 0xc3, 0x3c, 0x69}},
}};

inline constexpr std::array<std::uint16_t, 6> vlan_pool{1, 5, 100, 2048, 4094, 0};

struct FrameWishes {
    std::uint32_t longest   = 1514;    ///< octets of an untagged frame without FCS
    std::uint16_t vlan_type = 0x8100;  ///< what tagged frames carry mostly
    unsigned      tagged    = 25;      ///< per cent
    unsigned      station   = 50;      ///< per cent that go to address_pool[0]
};

[[nodiscard]] Octets random_frame(Dice& dice, const FrameWishes& wishes);

}  // namespace overrun::differential
