// SPDX-License-Identifier: Apache-2.0
// How long octets take on the wire at a given bit rate.
// Times do not drift: each is computed from the frame's start, rounded up to a picosecond once.
#pragma once

#include <cstdint>

#include "hw/base/time.hpp"
#include "hw/ethernet/frame.hpp"

namespace overrun {

class WireRate {
public:
    /// @param bits_per_second 10 Mb/s to 100 Gb/s
    constexpr explicit WireRate(std::int64_t bits_per_second) noexcept
        : bits_per_second_{bits_per_second},
          octet_{8 * second % bits_per_second == 0 ? 8 * second / bits_per_second : 0},
          divisor_{static_cast<std::uint64_t>(octet_ != 0 ? octet_ : 2)}
    {
    }

    [[nodiscard]] constexpr std::int64_t bits_per_second() const noexcept { return bits_per_second_; }

    /// Duration of `octets` (up to a million) in picoseconds.
    [[nodiscard]] constexpr Time of(std::int64_t octets) const noexcept
    {
        if (octet_ != 0) return octets * octet_;
        return (octets * 8 * second + bits_per_second_ - 1) / bits_per_second_;
    }

    /// Whole octets that pass in `t` >= 0, at most a million: the largest n with of(n) <= t.
    [[nodiscard]] constexpr std::int64_t octets_in(Time t) const noexcept
    {
        if (octet_ != 0) return static_cast<std::int64_t>(divisor_.divide(static_cast<std::uint64_t>(t)));
        std::int64_t n = t / (8 * second / bits_per_second_ + 1);
        while (of(n + 1) <= t) ++n;
        return n;
    }

    /// From one frame's start to the earliest start of the next: preamble, SFD, frame and gap.
    [[nodiscard]] constexpr Time slot(std::uint32_t length) const noexcept
    {
        return of(std::int64_t{preamble_octets} + length + minimum_gap);
    }

private:
    std::int64_t bits_per_second_;
    Time         octet_;  // 0 when an octet is not a whole number of picoseconds
    FastDivisor  divisor_;
};

}  // namespace overrun
