// SPDX-License-Identifier: Apache-2.0
// Percentiles by counting buckets up to a rank, in integers.
// Never interpolates: what it reports is the bound of a bucket in which a value was recorded.
#include "testbench/ledger/latency_histogram.hpp"

#include <numeric>
#include <stdexcept>

namespace overrun {

void LatencyHistogram::refuse()
{
    throw std::logic_error("LatencyHistogram: a negative latency");
}

std::uint64_t LatencyHistogram::count() const noexcept
{
    return std::accumulate(buckets_.begin(), buckets_.end(), std::uint64_t{0});
}

std::optional<Time> LatencyHistogram::percentile(unsigned percent) const
{
    if (percent > 100) throw std::logic_error("LatencyHistogram: a percentile over 100");
    const std::uint64_t all = count();
    if (all == 0) return std::nullopt;
    if (percent == 0) return min_;

    // ceil(all * percent / 100), in two parts so that no product overflows.
    const std::uint64_t rank   = all / 100 * percent + (all % 100 * percent + 99) / 100;
    std::size_t         bucket = bucket_of(min_);
    for (std::uint64_t seen = buckets_[bucket]; seen < rank; seen += buckets_[bucket]) ++bucket;
    return std::min(top_of(bucket), max_);
}

std::optional<LatencySummary> LatencyHistogram::summary() const
{
    if (count() == 0) return std::nullopt;
    return LatencySummary{count(), min_, *percentile(50), *percentile(90), *percentile(99), *percentile(100)};
}

}  // namespace overrun
