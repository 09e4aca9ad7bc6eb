// SPDX-License-Identifier: Apache-2.0
// Broken frames of made sources: which ones, what is wrong with them and nothing else.
// Expected FCSs come from zlib.
#include "testbench/traffic/source_frames.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/traffic/burst_source.hpp"
#include "testbench/traffic/fixed_source.hpp"
#include "testbench/traffic/poisson_source.hpp"

using namespace overrun;
using test::Octets;
using test::with_fcs;

namespace {

constexpr WireRate gigabit{1'000'000'000};

TrafficSpec spec_of(std::uint32_t length, std::uint64_t count)
{
    TrafficSpec spec;
    spec.length = length;
    spec.count  = count;
    return spec;
}

std::vector<Frame> frames_of(SourceFrames& source)
{
    std::vector<Frame> frames;
    for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next())
        frames.push_back(offer.frame);
    return frames;
}

/// All octets of a frame on the wire, its FCS included.
Octets on_wire(const Frame& frame)
{
    Octets octets;
    for (std::uint32_t i = 0; i < frame.body(); ++i) octets.push_back(frame.octet(i));
    return frame.fcs == Fcs::stored ? octets : with_fcs(octets);
}

bool fcs_right(const Octets& octets)
{
    return with_fcs(Octets{octets.begin(), octets.end() - 4}) == octets;
}

int bits_that_differ(const Octets& a, const Octets& b)
{
    REQUIRE(a.size() == b.size());
    int count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) count += std::popcount(std::to_integer<unsigned>(a[i] ^ b[i]));
    return count;
}

}  // namespace

TEST_CASE("listed frames have the errors that list them, and the others have none", "[source_frames]")
{
    for (const std::uint32_t length : {64U, 65U, 1000U, 1518U, 1522U}) {
        INFO(length);
        TrafficSpec spec            = spec_of(length, 12);
        spec.errors.crc.frames      = {1, 4, 5, 9};
        spec.errors.runt.frames     = {3, 4};
        spec.errors.oversize.frames = {5, 6};
        spec.errors.rx_er.frames    = {7, 9};
        spec.errors.dribble.frames  = {8, 9, 12};
        SourceFrames             source{spec, default_station_address, 1};
        const std::vector<Frame> frames = frames_of(source);
        REQUIRE(frames.size() == 12);
        const Octets plain = on_wire(frames[1]);
        CHECK(fcs_right(plain));
        for (std::uint64_t number = 1; number <= 12; ++number) {
            INFO(number);
            const auto listed = [number](const FrameChoice& choice) {
                return std::find(choice.frames.begin(), choice.frames.end(), number) != choice.frames.end();
            };
            const Frame&        frame = frames[number - 1];
            const std::uint32_t want  = number == 3 || number == 4 ? 63U : number == 5 || number == 6 ? 1523U : length;
            CHECK(frame.length == want);
            CHECK(frame.rx_er == listed(spec.errors.rx_er));
            CHECK(frame.dribble == listed(spec.errors.dribble));
            CHECK_FALSE(frame.no_sfd);
            const Octets octets = on_wire(frame);
            REQUIRE(octets.size() == want);
            CHECK(fcs_right(octets) == !listed(spec.errors.crc));
            CHECK(std::equal(octets.begin(), octets.begin() + 14, plain.begin()));
            const auto same = static_cast<std::ptrdiff_t>(std::min(want, length) - 4);
            if (!listed(spec.errors.crc)) CHECK(std::equal(octets.begin(), octets.begin() + same, plain.begin()));
        }
        CHECK(bits_that_differ(on_wire(frames[0]), plain) == 1);
        CHECK(bits_that_differ(on_wire(frames[3]), on_wire(frames[2])) == 1);
        CHECK(bits_that_differ(on_wire(frames[4]), on_wire(frames[5])) == 1);
    }
}

TEST_CASE("a flipped bit leaves the header alone, even where nothing follows it but the FCS", "[source_frames]")
{
    for (std::uint32_t length = 18; length < 64; ++length) {
        TrafficSpec spec       = spec_of(length, 2);
        spec.errors.crc.frames = {1};
        SourceFrames             source{spec, default_station_address, 1};
        const std::vector<Frame> frames = frames_of(source);
        CHECK(bits_that_differ(on_wire(frames[0]), on_wire(frames[1])) == 1);
        CHECK(std::equal(frames[0].octets, frames[0].octets + 14, frames[1].octets));
        CHECK_FALSE(fcs_right(on_wire(frames[0])));
    }
}

TEST_CASE("errors by chance come as often as they should, independently of each other", "[source_frames]")
{
    constexpr std::uint64_t count    = 200'000;
    TrafficSpec             spec     = spec_of(64, count);
    spec.errors.crc.probability      = 0.1;
    spec.errors.runt.probability     = 0.2;
    spec.errors.oversize.probability = 0.3;
    spec.errors.rx_er.probability    = 0.4;
    spec.errors.dribble.probability  = 0.05;

    // Whether the number of frames is within five standard deviations of the binomial distribution.
    const auto likely = [&](const std::vector<Frame>& frames, double p, const std::function<bool(const Frame&)>& is) {
        const auto   found = static_cast<double>(std::count_if(frames.begin(), frames.end(), is));
        const double n     = count;
        return std::fabs(found - n * p) <= 5 * std::sqrt(n * p * (1 - p));
    };
    for (const std::uint64_t seed : {0U, 1U, 99U}) {
        INFO(seed);
        SourceFrames             source{spec, default_station_address, seed};
        const std::vector<Frame> frames = frames_of(source);
        const auto               crc    = [](const Frame& f) { return f.fcs == Fcs::stored; };
        const auto               runt   = [](const Frame& f) { return f.length == 63; };
        CHECK(likely(frames, 0.1, crc));
        CHECK(likely(frames, 0.2, runt));
        CHECK(likely(frames, 0.3, [](const Frame& f) { return f.length == 1523; }));
        CHECK(likely(frames, 0.4, [](const Frame& f) { return f.rx_er; }));
        CHECK(likely(frames, 0.05, [](const Frame& f) { return f.dribble; }));
        CHECK(likely(frames, 0.1 * 0.2, [&](const Frame& f) { return crc(f) && runt(f); }));
        CHECK(likely(frames, 0.1 * 0.4, [&](const Frame& f) { return crc(f) && f.rx_er; }));
        CHECK(likely(frames, 0.05 * 0.4, [&](const Frame& f) { return f.dribble && f.rx_er; }));
        CHECK_FALSE(likely(frames, 0.11, crc));  // the check can fail
    }
}

TEST_CASE("a chance of 0 and 1 is never and always, and a list beside a chance keeps its frames", "[source_frames]")
{
    TrafficSpec spec              = spec_of(64, 1'000);
    spec.errors.rx_er.probability = 1;
    spec.errors.runt.probability  = 1;
    spec.errors.oversize.frames   = {7};
    SourceFrames source{spec, default_station_address, 5};
    for (const Frame& frame : frames_of(source)) {
        CHECK(frame.rx_er);
        CHECK_FALSE(frame.dribble);
        CHECK(frame.fcs == Fcs::appended);
    }
    SourceFrames again{spec, default_station_address, 5};
    CHECK(frames_of(again)[6].length == 1523);
    SourceFrames once_more{spec, default_station_address, 5};
    const auto   all = frames_of(once_more);
    CHECK(std::count_if(all.begin(), all.end(), [](const Frame& f) { return f.length == 63; }) == 999);
}

TEST_CASE("every kind of made source breaks the same frames, by seed", "[source_frames]")
{
    TrafficSpec spec            = spec_of(64, 500);
    spec.rate                   = 1'000;
    spec.burst                  = 3;
    spec.errors.crc.probability = 0.3;
    spec.errors.rx_er.frames    = {2, 400};
    const auto marks            = [](FrameSource&& source) {
        std::vector<int> out;
        for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next())
            out.push_back((offer.frame.fcs == Fcs::stored ? 1 : 0) + (offer.frame.rx_er ? 2 : 0));
        return out;
    };
    const auto station = default_station_address;
    const auto fixed   = marks(FixedSource{spec, station, gigabit, 0, 4});
    CHECK(fixed.size() == 500);
    CHECK(fixed == marks(PoissonSource{spec, station, gigabit, 0, 4}));
    CHECK(fixed == marks(BurstSource{spec, station, gigabit, 0, 4}));
    CHECK(fixed != marks(FixedSource{spec, station, gigabit, 0, 5}));
}
