// SPDX-License-Identifier: Apache-2.0
// When a replay's frames start: captures played several times, and rates in place of their timestamps.
// Every expected start is counted here.
#include <algorithm>
#include <memory>
#include <vector>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/traffic/replay_source.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

TrafficSpec spec_of(const TemporaryFile& file)
{
    TrafficSpec spec;
    spec.kind = TrafficKind::pcap;
    spec.files.push_back(file.path());
    return spec;
}

struct Played {
    std::unique_ptr<ReplaySource> source;  ///< keeps the octets
    std::vector<Frame>            frames;
    ReplayCounts                  counts;
};

Played play(const TrafficSpec& spec, Time epoch = 0)
{
    Played played{std::make_unique<ReplaySource>(spec, epoch), {}, {}};
    for (Offer offer = played.source->next(); offer.kind == Offer::Kind::frame; offer = played.source->next())
        played.frames.push_back(offer.frame);
    CHECK(played.source->next().none_before == never);  // stays exhausted
    played.counts = played.source->counts();
    CHECK(played.counts.frames == played.frames.size());
    return played;
}

}  // namespace

TEST_CASE("a loop plays all captures again, the mean gap after the last frame")
{
    const TemporaryFile first{CaptureWriter{}
                                  .add(whole(5'000, frame_octets(60, 1)))
                                  .add(whole(6'000, frame_octets(60, 2)))
                                  .add(whole(5'500, frame_octets(60, 3)))};
    const TemporaryFile other{
        CaptureWriter{}.add(whole(100, frame_octets(60, 4))).add(whole(700, frame_octets(60, 5)))};
    TrafficSpec spec  = spec_of(first);
    spec.files        = {first.path(), other.path()};
    spec.loop         = 3;
    const auto starts = [&] {
        std::vector<Time> times;
        for (const Frame& frame : play(spec).frames) times.push_back(frame.start / nanosecond);
        return times;
    };
    // One pass: 0, 1000, 1000, 1000, 1600; its mean gap is 1600 / 4 = 400.
    const std::vector<Time> three{0,     1'000, 1'000, 1'000, 1'600, 2'000, 3'000, 3'000,
                                  3'000, 3'600, 4'000, 5'000, 5'000, 5'000, 5'600};
    CHECK(starts() == three);
    CHECK(play(spec).counts.timestamps_backwards == 3);
    const Played played = play(spec);
    for (std::size_t i = 5; i < 15; ++i) {
        const auto octets = played.frames[i].stored_octets();
        const auto before = played.frames[i - 5].stored_octets();
        CHECK(std::equal(octets.begin(), octets.end(), before.begin(), before.end()));
    }

    spec.limit = 7;
    CHECK(starts() == std::vector<Time>(three.begin(), three.begin() + 7));
    spec.limit.reset();
    spec.speed   = 2;
    spec.max_gap = 800 * nanosecond;
    spec.loop    = 2;
    // 0, 400, 400, 400, 700; 175 between the passes.
    CHECK(starts() == std::vector<Time>{0, 400, 400, 400, 700, 875, 1'275, 1'275, 1'275, 1'575});
    CHECK(play(spec).counts.gaps_shortened == 2);
    spec.loop = 1;
    CHECK(starts().size() == 5);
}

TEST_CASE("a loop over a single frame goes on at once, one over no frame ends, and one that lasts too long is an error")
{
    const TemporaryFile single{CaptureWriter{}.add(whole(5'000, frame_octets(60)))};
    TrafficSpec         spec = spec_of(single);
    spec.loop                = 4;
    const Played played      = play(spec);
    REQUIRE(played.frames.size() == 4);
    for (const Frame& frame : played.frames) CHECK(frame.start == 0);

    const TemporaryFile cut{CaptureWriter{}.add({0, frame_octets(10), 100})};
    spec           = spec_of(cut);
    spec.loop      = 1'000'000'000'000;
    spec.truncated = TruncatedMode::skip;
    CHECK(play(spec).frames.empty());
    CHECK(play(spec).counts.skipped == 1);

    constexpr std::int64_t day = 86'400 * std::int64_t{1'000'000'000};
    const TemporaryFile    slow{CaptureWriter{}.add(whole(0, frame_octets(60))).add(whole(60 * day, frame_octets(60)))};
    spec      = spec_of(slow);
    spec.loop = 2;
    // 60 days, and as long again until the next pass.
    CHECK(contains(input_error_of([&] { play(spec); }), "frame 1 would start after more than 100 days"));
}

TEST_CASE("a rate in frames or in bits takes the place of the timestamps")
{
    const TemporaryFile file{CaptureWriter{}
                                 .add(whole(0, frame_octets(100)))
                                 .add({5, frame_octets(20), 1'000})
                                 .add(whole(5'000'000'000, frame_octets(40)))
                                 .add(whole(1, frame_octets(60)))};
    TrafficSpec         spec = spec_of(file);
    spec.start               = 2 * microsecond;
    spec.loop                = 2;
    const auto starts        = [&] {
        std::vector<Time> times;
        for (const Frame& frame : play(spec, 7).frames) times.push_back(frame.start - 7 - spec.start);
        return times;
    };
    spec.rate = 3'000'000;
    CHECK(starts() == std::vector<Time>{0, 333'333, 666'666, 1'000'000, 1'333'333, 1'666'666, 2'000'000, 2'333'333});
    CHECK(play(spec).counts.timestamps_backwards == 0);
    spec.rate.reset();
    // 800, 8000, 320 and 480 bits, as they were on the captured wire; a bit takes 10 ns.
    spec.bit_rate = 100'000'000;
    CHECK(starts() ==
          std::vector<Time>{0, 8'000'000, 88'000'000, 91'200'000, 96'000'000, 104'000'000, 184'000'000, 187'200'000});
    spec.bit_rate = 7;
    CHECK(starts()[1] == 114'285'714'285'714);  // 800 / 7 s
    spec.bit_rate.reset();
    spec.rate  = 1;
    spec.loop  = 3'000'000;
    spec.start = 99 * 86'400 * second;
    CHECK(contains(input_error_of([&] { play(spec); }), "would start after more than 100 days"));
}
