// SPDX-License-Identifier: Apache-2.0
// Simulated time in integer picoseconds, and the grid of core clock edges that both engines keep.
// Never holds a fraction: whatever does not fall on a picosecond is rounded up, once, where it arises.
#pragma once

#include <cstdint>
#include <limits>

namespace overrun {

/// A point in simulated time or a span of it, in picoseconds. 63 bits reach 106 days.
using Time = std::int64_t;

inline constexpr Time picosecond  = 1;
inline constexpr Time nanosecond  = 1'000;
inline constexpr Time microsecond = 1'000'000;
inline constexpr Time millisecond = 1'000'000'000;
inline constexpr Time second      = 1'000'000'000'000;

/// Later than every event: "does not happen by itself".
inline constexpr Time never = std::numeric_limits<Time>::max();

/// The smallest multiple of `step` (> 0) that is not before `t` (>= 0).
[[nodiscard]] constexpr Time round_up(Time t, Time step) noexcept
{
    return (t + step - 1) / step * step;
}

/// Core clock of a NIC: all that a NIC does by itself happens on an edge.
/// The datapath is 64 bits wide, so 125 MHz carries up to 1 Gb/s and 156.25 MHz carries 10 Gb/s;
/// above that the clock rises in proportion, which is a what-if and no synthesis claim.
class CoreClock {
public:
    constexpr explicit CoreClock(Time period) noexcept : period_{period} {}

    /// @param bits_per_second wire rate, 10 Mb/s to 100 Gb/s
    [[nodiscard]] static constexpr CoreClock for_wire_rate(std::int64_t bits_per_second) noexcept
    {
        constexpr std::int64_t gigabit = 1'000'000'000;
        if (bits_per_second <= gigabit) return CoreClock{8'000};
        if (bits_per_second <= 10 * gigabit) return CoreClock{6'400};
        return CoreClock{64 * second / bits_per_second};
    }

    [[nodiscard]] constexpr Time period() const noexcept { return period_; }
    [[nodiscard]] constexpr Time cycles(std::int64_t n) const noexcept { return n * period_; }

    /// The first edge at or after `t`; edges are the multiples of the period.
    [[nodiscard]] constexpr Time edge(Time t) const noexcept { return round_up(t, period_); }

private:
    Time period_;
};

}  // namespace overrun
