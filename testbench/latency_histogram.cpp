// SPDX-License-Identifier: Apache-2.0
// Percentiles by counting buckets up to a rank, in integers.
// Never interpolates: what it reports is the bound of a bucket in which a value was recorded.
#include "testbench/latency_histogram.hpp"

namespace overrun {

std::optional<Time> LatencyHistogram::percentile(unsigned percent) const
{
    if (percent > 100) throw std::logic_error("LatencyHistogram: a percentile over 100");
    if (count_ == 0) return std::nullopt;
    if (percent == 0) return min_;

    // ceil(count * percent / 100), in two parts so that no product overflows.
    const std::uint64_t rank   = count_ / 100 * percent + (count_ % 100 * percent + 99) / 100;
    std::size_t         bucket = bucket_of(min_);
    for (std::uint64_t seen = buckets_[bucket]; seen < rank; seen += buckets_[bucket]) ++bucket;
    return std::min(top_of(bucket), max_);
}

std::optional<LatencySummary> LatencyHistogram::summary() const
{
    if (count_ == 0) return std::nullopt;
    return LatencySummary{count_, min_, *percentile(50), *percentile(90), *percentile(99), max_};
}

}  // namespace overrun
