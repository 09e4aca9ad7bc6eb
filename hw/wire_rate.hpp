// SPDX-License-Identifier: Apache-2.0
// How long octets take on the wire at a given bit rate.
// Never drifts: every time is computed from the frame's start, rounded up to a picosecond once.
#pragma once

#include <cstdint>

#include "hw/frame.hpp"
#include "hw/time.hpp"

namespace overrun {

class WireRate {
public:
    /// @param bits_per_second 10 Mb/s to 100 Gb/s
    constexpr explicit WireRate(std::int64_t bits_per_second) noexcept
        : bits_per_second_{bits_per_second},
          octet_{8 * second % bits_per_second == 0 ? 8 * second / bits_per_second : 0}
    {
    }

    [[nodiscard]] constexpr std::int64_t bits_per_second() const noexcept { return bits_per_second_; }

    /// Duration of `octets` (up to a million) in picoseconds.
    [[nodiscard]] constexpr Time of(std::int64_t octets) const noexcept
    {
        if (octet_ != 0) return octets * octet_;
        return (octets * 8 * second + bits_per_second_ - 1) / bits_per_second_;
    }

    /// From one frame's start to the earliest start of the next: preamble, SFD, frame and gap.
    [[nodiscard]] constexpr Time slot(std::uint32_t length) const noexcept
    {
        return of(std::int64_t{preamble_octets} + length + minimum_gap);
    }

private:
    std::int64_t bits_per_second_;
    Time         octet_;  // 0 when an octet is not a whole number of picoseconds
};

}  // namespace overrun
