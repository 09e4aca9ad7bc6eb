// SPDX-License-Identifier: Apache-2.0
// Bursts: where each frame starts, by slots and gaps counted here, and the frames that a count leaves over.
// The test pulls the frames.
#include "testbench/traffic/burst_source.hpp"

#include <vector>

#include "hw/platform/wire.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr Time     epoch = 100 * millisecond;
constexpr WireRate gigabit{1'000'000'000};

TrafficSpec spec_of(std::uint64_t burst, Time gap, std::uint64_t count)
{
    TrafficSpec spec;
    spec.kind  = TrafficKind::burst;
    spec.burst = burst;
    spec.gap   = gap;
    spec.count = count;
    return spec;
}

std::vector<Time> starts(FrameSource& source)
{
    std::vector<Time> times;
    for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next())
        times.push_back(offer.frame.start - epoch);
    return times;
}

std::vector<Time> starts(const TrafficSpec& spec, WireRate rate = gigabit)
{
    BurstSource source{spec, default_station_address, rate, epoch, 0};
    return starts(source);
}

}  // namespace

TEST_CASE("a burst is back to back, and the next one begins a gap after its last slot", "[burst_source]")
{
    // 84 octets of 8 ns are 672 ns.
    CHECK(starts(spec_of(3, 1'000'000, 7)) ==
          std::vector<Time>{0, 672'000, 1'344'000, 3'016'000, 3'688'000, 4'360'000, 6'032'000});
    CHECK(starts(spec_of(1, 1, 3)) == std::vector<Time>{0, 672'001, 1'344'002});
    CHECK(starts(spec_of(2, 0, 4)) == std::vector<Time>{0, 672'000, 1'344'000, 2'016'000});
    CHECK(starts(spec_of(5, second, 3)) == std::vector<Time>{0, 672'000, 1'344'000});
    TrafficSpec later = spec_of(1, 1, 2);
    later.start       = 5 * microsecond;
    CHECK(starts(later) == std::vector<Time>{5'000'000, 5'672'001});
}

TEST_CASE("a wire that carries nothing else moves no frame of a burst, at any rate", "[burst_source]")
{
    for (const std::int64_t rate :
         {10'000'000LL, 1'000'000'000LL, 3'000'000'000LL, 7'000'000'001LL, 100'000'000'000LL}) {
        INFO(rate);
        const TrafficSpec spec = spec_of(40, 123'457, 1'000);
        BurstSource       source{spec, default_station_address, WireRate{rate}, epoch, 0};
        Wire              wire{source, WireRate{rate}};
        CHECK(starts(wire) == starts(spec, WireRate{rate}));
        CHECK(wire.moved() == 0);
    }
}

TEST_CASE("a broken frame's slot is its own length's", "[burst_source]")
{
    TrafficSpec spec            = spec_of(3, 1'000'000, 4);
    spec.errors.oversize.frames = {1};
    spec.errors.runt.frames     = {3};
    // 1,523 + 20 octets, 84, and 63 + 20.
    CHECK(starts(spec) == std::vector<Time>{0, 12'344'000, 13'016'000, 13'680'000 + 1'000'000});
}
