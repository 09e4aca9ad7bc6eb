// SPDX-License-Identifier: Apache-2.0
// Percentiles of any number of latencies in constant memory, from buckets that widen with the value.
// Never allocates, and never reports a percentile below the true one or more than 1/64 above it.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "hw/base/time.hpp"

namespace overrun {

/// In picoseconds; minimum and maximum are exact.
struct LatencySummary {
    std::uint64_t count = 0;
    Time          min   = 0;
    Time          p50   = 0;
    Time          p90   = 0;
    Time          p99   = 0;
    Time          max   = 0;
};

/// Log-linear buckets: 64 to each power of two, so a bucket is at most 1/64 of its lowest value wide, and values under
/// 128 ps have a bucket each. 30 KiB, whatever is recorded. The order of recording does not matter.
class LatencyHistogram {
public:
    /// @param value picoseconds
    /// @throws std::logic_error when negative: nothing arrives before it was sent
    void record(Time value)
    {
        if (value < min_) {
            if (value < 0) refuse();
            min_ = value;
        }
        if (value > max_) max_ = value;
        ++buckets_[bucket_of(value)];
    }

    /// A sum over all buckets: not for every frame.
    [[nodiscard]] std::uint64_t count() const noexcept;

    /// The smallest recorded value v such that at least `percent` % of the values are <= v, rounded up to the highest
    /// value of v's bucket but not beyond the maximum: in [v, v + v/64]. 0 % is the least value, 100 % the greatest.
    /// @param percent 0 to 100
    /// @return picoseconds; nothing when nothing was recorded
    /// @throws std::logic_error when percent is over 100
    [[nodiscard]] std::optional<Time> percentile(unsigned percent) const;

    /// Nothing when nothing was recorded.
    [[nodiscard]] std::optional<LatencySummary> summary() const;

private:
    static constexpr unsigned sub_bits     = 6;
    static constexpr unsigned sub_buckets  = 1U << sub_bits;
    static constexpr unsigned value_bits   = 63;
    static constexpr unsigned bucket_count = (value_bits - sub_bits - 1) * sub_buckets + 2 * sub_buckets;

    /// Values of one power of two keep their leading one and the next six bits.
    [[nodiscard]] static constexpr std::size_t bucket_of(Time value) noexcept
    {
        const auto     v     = static_cast<std::uint64_t>(value);
        const unsigned shift = static_cast<unsigned>(std::bit_width(v | sub_buckets)) - (sub_bits + 1);
        return shift * sub_buckets + static_cast<std::size_t>(v >> shift);
    }

    /// The highest value in a bucket.
    [[nodiscard]] static constexpr Time top_of(std::size_t bucket) noexcept
    {
        const std::size_t shift  = bucket < 2 * sub_buckets ? 0 : bucket / sub_buckets - 1;
        const auto        prefix = static_cast<std::uint64_t>(bucket - shift * sub_buckets);
        return static_cast<Time>(((prefix + 1) << shift) - 1);
    }

    [[noreturn, gnu::cold, gnu::noinline]] static void refuse();

    std::array<std::uint64_t, bucket_count> buckets_{};
    Time                                    min_ = std::numeric_limits<Time>::max();
    Time                                    max_ = 0;
};

}  // namespace overrun
