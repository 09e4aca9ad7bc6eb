// SPDX-License-Identifier: Apache-2.0
// Poisson traffic against the laws of the process: mean, variance, shape and independence of the gaps.
// Each bound is five standard deviations of its estimator, at fixed seeds.
#include "testbench/traffic/poisson_source.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "hw/platform/wire.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/traffic/fixed_source.hpp"

using namespace overrun;

namespace {

constexpr Time     epoch = 100 * millisecond;
constexpr WireRate gigabit{1'000'000'000};

TrafficSpec spec_of(std::uint64_t count, std::uint64_t rate)
{
    TrafficSpec spec;
    spec.kind  = TrafficKind::poisson;
    spec.count = count;
    spec.rate  = rate;
    return spec;
}

std::vector<Time> starts(FrameSource& source)
{
    std::vector<Time> times;
    for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next())
        times.push_back(offer.frame.start - epoch);
    return times;
}

std::vector<Time> starts(const TrafficSpec& spec, std::uint64_t seed)
{
    PoissonSource source{spec, default_station_address, gigabit, epoch, seed};
    return starts(source);
}

/// What is wrong with starts that should have exponential, independent gaps of mean `mean`; nothing when all is right.
std::string complaint_about(const std::vector<Time>& times, double mean)
{
    std::vector<double> gaps;
    for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(static_cast<double>(times[i] - times[i - 1]) / mean);
    const auto   n       = static_cast<double>(gaps.size());
    const double root    = std::sqrt(n);
    double       sum     = 0;
    double       squares = 0;
    double       product = 0;
    for (const double gap : gaps) {
        if (gap < 0) return "start times fall";
        sum += gap;
        squares += (gap - 1) * (gap - 1);
    }
    for (std::size_t i = 1; i < gaps.size(); ++i) product += (gaps[i] - 1) * (gaps[i - 1] - 1);
    // Of an exponential distribution of mean 1, the variance is 1 and the fourth central moment 9.
    if (std::fabs(sum / n - 1) > 5 / root) return "mean";
    if (std::fabs(squares / n - 1) > 5 * std::sqrt(9.0 - 1.0) / root) return "variance";
    if (std::fabs(product / n) > 5 / root) return "neighbours depend on each other";
    // Kolmogorov and Smirnov: P(sqrt(n) D > 2.5) is 2 exp(-2 x 2.5^2) = 7e-6.
    std::sort(gaps.begin(), gaps.end());
    double worst = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        const double law   = 1 - std::exp(-gaps[i]);
        const double below = static_cast<double>(i) / n;
        worst              = std::max({worst, std::fabs(law - below), std::fabs(law - below - 1 / n)});
    }
    return worst * root > 2.5 ? "shape" : "";
}

}  // namespace

TEST_CASE("gaps are exponential and independent, with the mean of rate or load", "[poisson_source]")
{
    for (const std::uint64_t seed : {0U, 1U, 77U}) {
        INFO(seed);
        CHECK(complaint_about(starts(spec_of(300'000, 100'000), seed), 1e7) == "");
        CHECK(complaint_about(starts(spec_of(300'000, 1'488'095), seed), 1e12 / 1'488'095) == "");
        TrafficSpec loaded = spec_of(300'000, 0);
        loaded.rate.reset();
        loaded.load   = 0.25;
        loaded.length = 1518;
        CHECK(complaint_about(starts(loaded, seed), 4 * 1538 * 8'000.0) == "");
    }
}

TEST_CASE("the check on gaps notices other means, even spacing, uniform gaps and gaps in pairs", "[poisson_source]")
{
    const std::vector<Time> right = starts(spec_of(300'000, 100'000), 3);
    CHECK(complaint_about(right, 1e7) == "");
    CHECK(complaint_about(right, 1.02e7) == "mean");

    TrafficSpec fixed = spec_of(300'000, 100'000);
    fixed.kind        = TrafficKind::fixed;
    FixedSource even{fixed, default_station_address, gigabit, epoch};
    CHECK(complaint_about(starts(even), 1e7) == "variance");

    const RandomStream stream{1, RandomUse::gap};
    std::vector<Time>  uniform{0};
    std::vector<Time>  pairs{0};
    for (std::uint64_t i = 0; i < 300'000; ++i) {
        // Gaps of 0 to 2 means; and each exponential gap twice.
        uniform.push_back(uniform.back() +
                          static_cast<Time>(std::ldexp(static_cast<double>(stream.uniform(i)), -53) * 2e7));
        pairs.push_back(pairs.back() + right[i / 2 + 1] - right[i / 2]);
    }
    CHECK(complaint_about(uniform, 1e7) == "variance");
    CHECK(complaint_about(pairs, 1e7) != "");
}

TEST_CASE("the starts of a seed are the same everywhere", "[poisson_source]")
{
    // SplitMix64 and logarithms in 60 decimal digits, outside this program; our sum of gaps is at most 1 ps off here.
    const std::vector<Time> known{0, 10691741, 11144364, 18352641, 45329993, 49232078, 76186822, 92516367};
    TrafficSpec             spec  = spec_of(known.size(), 100'000);
    const std::vector<Time> times = starts(spec, 42);
    REQUIRE(times.size() == known.size());
    for (std::size_t i = 0; i < known.size(); ++i) CHECK(std::abs(times[i] - known[i]) <= 1);

    CHECK(starts(spec, 42) == times);
    CHECK(starts(spec, 43) != times);
    spec.start = 5 * microsecond;
    for (std::size_t i = 0; i < known.size(); ++i) CHECK(starts(spec, 42)[i] == times[i] + 5 * microsecond);
    // Errors shift no start.
    spec.errors.crc.probability = 0.5;
    CHECK(starts(spec, 42)[7] == times[7] + 5 * microsecond);
}

TEST_CASE("the longest mean gap that a scenario can ask for keeps its precision", "[poisson_source]")
{
    TrafficSpec spec = spec_of(1'000, 0);
    spec.rate.reset();
    spec.load   = 1e-6;
    spec.length = 16'383;
    PoissonSource source{spec, default_station_address, WireRate{10'000'000}, 0, 9};
    Time          last = 0;
    for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next()) {
        CHECK(offer.frame.start >= last);
        last = offer.frame.start;
        // 16,403 octets of 800 ns, a million times; 30 of them are in the range of time, and so is any likely sum.
        if (last > 30 * Time{16'403} * 800 * millisecond) break;
    }
    CHECK(last > 30 * Time{16'403} * 800 * millisecond);
    CHECK(last < 60 * Time{16'403} * 800 * millisecond);
}

TEST_CASE("the wire makes an M/D/1 queue of Poisson traffic", "[poisson_source]")
{
    // Pollaczek and Khinchine: at a load r, frames wait r / (2 (1 - r)) slots on average.
    constexpr std::uint64_t count = 1'000'000;
    for (const double load : {0.25, 0.5, 0.75}) {
        TrafficSpec spec = spec_of(count, 0);
        spec.rate.reset();
        spec.load = load;
        PoissonSource asks{spec, default_station_address, gigabit, 0, 11};
        PoissonSource sent{spec, default_station_address, gigabit, 0, 11};
        Wire          wire{sent, gigabit};
        double        waited = 0;
        for (std::uint64_t i = 0; i < count; ++i)
            waited += static_cast<double>(wire.next().frame.start - asks.next().frame.start);
        const double slots = waited / static_cast<double>(count) / static_cast<double>(gigabit.slot(64));
        const double law   = load / (2 * (1 - load));
        INFO(load << ": " << slots << " slots");
        // Waits of neighbours are alike, the longer the higher the load: a mean over a million frames has a standard
        // deviation of about 0.5 %, and 0.8 % at three quarters. Five of them are allowed.
        CHECK(std::fabs(slots - law) <= (load > 0.5 ? 0.04 : 0.025) * law);
    }
}
