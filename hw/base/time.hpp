// SPDX-License-Identifier: Apache-2.0
// Simulated time in integer picoseconds, and the grid of core clock edges that both engines keep.
// There are no fractions: a time that falls between two picoseconds is rounded up, once, where it arises.
#pragma once

#include <bit>
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

/// Division by a number that is known once, as a product: exact for every dividend below 2^63
/// (Granlund and Montgomery, Division by Invariant Integers using Multiplication, PLDI 1994, theorem 4.2).
class FastDivisor {
public:
    /// @param divisor 2 to 2^62
    constexpr explicit FastDivisor(std::uint64_t divisor) noexcept
        : shift_{static_cast<unsigned>(std::bit_width(divisor - 1)) - 1},
          factor_{static_cast<std::uint64_t>((Wide{1} << (64U + shift_)) / divisor + 1)}
    {
    }

    [[nodiscard]] constexpr std::uint64_t divide(std::uint64_t dividend) const noexcept
    {
        return static_cast<std::uint64_t>(Wide{dividend} * factor_ >> 64U) >> shift_;
    }

private:
    __extension__ using Wide = unsigned __int128;

    unsigned      shift_;
    std::uint64_t factor_;
};

/// Core clock of a NIC: all that a NIC does by itself happens on an edge.
/// The datapath is 64 bits wide, so 125 MHz carries up to 1 Gb/s and 156.25 MHz carries 10 Gb/s;
/// above that the clock rises in proportion, which is a what-if and no synthesis claim.
class CoreClock {
public:
    /// @param period in picoseconds, at least 2
    constexpr explicit CoreClock(Time period) noexcept : period_{period}, divisor_{static_cast<std::uint64_t>(period)}
    {
    }

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

    /// The first edge after `t`: where what arrives at `t` is taken in.
    [[nodiscard]] constexpr Time after(Time t) const noexcept { return edge(t + 1); }

    /// The first edge at or after `t`; edges are the multiples of the period.
    [[nodiscard]] constexpr Time edge(Time t) const noexcept
    {
        return static_cast<Time>(divisor_.divide(static_cast<std::uint64_t>(t + period_ - 1))) * period_;
    }

private:
    Time        period_;
    FastDivisor divisor_;
};

}  // namespace overrun
