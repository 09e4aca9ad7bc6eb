// SPDX-License-Identifier: Apache-2.0
// Holds the histogram's percentiles against those of the sorted values, within the bound that it promises.
// Expected ranks are counted in a sorted vector.
#include "testbench/ledger/latency_histogram.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

/// The smallest value v of `sorted` such that at least `percent` % of the values are <= v, by its definition.
Time true_percentile(const std::vector<Time>& sorted, unsigned percent)
{
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if ((i + 1) * 100 >= sorted.size() * percent) return sorted[i];
    return sorted.back();
}

/// All percentiles lie in [v, v + v/64], and both ends are exact.
template <class Histogram>
bool keeps_the_bound(std::vector<Time> values)
{
    Histogram histogram;
    for (const Time value : values) histogram.record(value);
    std::sort(values.begin(), values.end());
    for (unsigned percent = 0; percent <= 100; ++percent) {
        const Time expected = true_percentile(values, percent);
        const Time actual   = histogram.percentile(percent).value();
        if (actual < expected || actual - expected > expected / 64) return false;
        if (actual > values.back()) return false;
    }
    return histogram.percentile(0) == values.front() && histogram.percentile(100) == values.back();
}

/// Spread over all magnitudes up to `bits` bits, in clusters and gaps.
std::vector<Time> random_values(std::uint64_t seed, std::size_t count, unsigned bits)
{
    std::mt19937_64   random{seed};
    std::vector<Time> values(count);
    for (Time& value : values) value = static_cast<Time>((random() >> 1) >> (63 - bits + random() % bits));
    return values;
}

/// A histogram with a mistake: what the checker must notice.
enum class Mistake { none, half_the_buckets, bottom_of_bucket, rank_rounded_down, no_clamp };

template <Mistake mistake>
class Twin {
public:
    void record(Time value) { values_.push_back(value); }

    [[nodiscard]] std::optional<Time> percentile(unsigned percent) const
    {
        std::vector<Time> sorted = values_;
        std::sort(sorted.begin(), sorted.end());
        if (percent == 0) return sorted.front();
        const std::size_t up    = mistake == Mistake::rank_rounded_down ? 0 : 99;
        const std::size_t rank  = std::max<std::size_t>(1, (sorted.size() * percent + up) / 100);
        const Time        value = sorted[rank - 1];
        const int         bits  = mistake == Mistake::half_the_buckets ? 5 : 6;
        Time              width = 1;
        while (value / width >= Time{2} << bits) width *= 2;
        const Time bottom = value / width * width;
        if (mistake == Mistake::bottom_of_bucket) return percent == 100 ? value : bottom;
        const Time top = bottom + (width - 1);
        return mistake == Mistake::no_clamp ? top : std::min(top, sorted.back());
    }

private:
    std::vector<Time> values_;
};

}  // namespace

TEST_CASE("latency percentiles stay within a 64th above those of the sorted values")
{
    const auto seed  = GENERATE(range(std::uint64_t{1}, std::uint64_t{9}));
    const auto count = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{99}, std::size_t{100},
                                std::size_t{101}, std::size_t{5000});
    const auto bits  = GENERATE(8U, 20U, 40U, 63U);
    INFO("seed " << seed << ", " << count << " values of up to " << bits << " bits");
    CHECK(keeps_the_bound<LatencyHistogram>(random_values(seed, count, bits)));
}

TEST_CASE("the check of latency percentiles notices a wrong histogram")
{
    const std::vector<Time> values = random_values(1, 5000, 40);
    CHECK(keeps_the_bound<Twin<Mistake::none>>(values));
    CHECK_FALSE(keeps_the_bound<Twin<Mistake::half_the_buckets>>(values));
    CHECK_FALSE(keeps_the_bound<Twin<Mistake::bottom_of_bucket>>(values));
    CHECK_FALSE(keeps_the_bound<Twin<Mistake::rank_rounded_down>>(random_values(1, 101, 40)));
    CHECK_FALSE(keeps_the_bound<Twin<Mistake::no_clamp>>(values));
}

TEST_CASE("latencies at the edges of every power of two keep the bound")
{
    for (unsigned bit = 1; bit < 63; ++bit) {
        const Time power = Time{1} << bit;
        INFO("2^" << bit);
        CHECK(keeps_the_bound<LatencyHistogram>({power - 1, power, power + 1, power + power / 64, 0, power}));
    }
    CHECK(keeps_the_bound<LatencyHistogram>({0, never, never - 1}));
}

TEST_CASE("latencies under 128 ps are exact")
{
    LatencyHistogram histogram;
    for (Time value = 0; value < 128; ++value) histogram.record(value);
    for (unsigned percent = 1; percent <= 100; ++percent)
        CHECK(histogram.percentile(percent) == (128 * static_cast<Time>(percent) + 99) / 100 - 1);
}

TEST_CASE("a latency summary has count, exact ends and percentiles by rank")
{
    LatencyHistogram histogram;
    CHECK_FALSE(histogram.summary());
    CHECK_FALSE(histogram.percentile(50));

    for (int i = 0; i < 98; ++i) histogram.record(100);
    histogram.record(7);
    histogram.record(1'000'000'007);
    const LatencySummary summary = histogram.summary().value();
    CHECK(summary.count == 100);
    CHECK(summary.min == 7);
    CHECK(summary.p50 == 100);
    CHECK(summary.p90 == 100);
    CHECK(summary.p99 == 100);
    CHECK(summary.max == 1'000'000'007);
}

TEST_CASE("the order of latencies does not matter")
{
    std::vector<Time> values = random_values(3, 1000, 50);
    LatencyHistogram  forward;
    LatencyHistogram  backward;
    for (const Time value : values) forward.record(value);
    std::reverse(values.begin(), values.end());
    for (const Time value : values) backward.record(value);
    for (unsigned percent = 0; percent <= 100; ++percent)
        CHECK(forward.percentile(percent) == backward.percentile(percent));
}

TEST_CASE("impossible latencies and percentiles are refused")
{
    LatencyHistogram histogram;
    CHECK_THROWS_AS(histogram.record(-1), std::logic_error);
    CHECK(histogram.count() == 0);
    histogram.record(1);
    CHECK_THROWS_AS(histogram.percentile(101), std::logic_error);
}
