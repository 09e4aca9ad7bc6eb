// SPDX-License-Identifier: Apache-2.0
// Where a multicast address falls in the 4096-bit table MTA (contract D4 e).
// The filter and the driver share this arithmetic; the filter decides whether a frame is accepted.
#pragma once

#include <cstdint>

namespace overrun {

struct MulticastHash {
    std::uint32_t word;  ///< index into MTA, 0..127
    std::uint32_t bit;   ///< in that word, 0..31
};

/// @param octet4, octet5 the last two octets of the destination address as sent
/// @param multicast_offset RCTL.MO, 0..3: shifts by 4, 3, 2 or 0
[[nodiscard]] constexpr MulticastHash multicast_hash(std::uint8_t octet4, std::uint8_t octet5,
                                                     std::uint32_t multicast_offset) noexcept
{
    constexpr std::uint32_t shifts[] = {4, 3, 2, 0};
    const std::uint32_t     hash =
        ((std::uint32_t{octet5} << 8U | std::uint32_t{octet4}) >> shifts[multicast_offset & 3U]) & 0xfffU;
    return {hash >> 5U, hash & 31U};
}

}  // namespace overrun
