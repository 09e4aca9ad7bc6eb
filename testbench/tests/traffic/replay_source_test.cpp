// SPDX-License-Identifier: Apache-2.0
// Replay against its rules: FCS, padding, truncation, time and the life of octets, at every edge of a length.
// Expected octets are put together here, the FCS by zlib.
#include "testbench/traffic/replay_source.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <utility>
#include <vector>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

/// A frame as it is on the wire.
struct WireFrame {
    Octets octets;  ///< destination address to FCS
    Fcs    fcs   = Fcs::appended;
    Time   start = 0;

    friend bool operator==(const WireFrame&, const WireFrame&) = default;
};

WireFrame on_wire(const Frame& frame)
{
    WireFrame wire{{}, frame.fcs, frame.start};
    for (std::uint32_t i = 0; i < frame.body(); ++i) wire.octets.push_back(frame.octet(i));
    if (frame.fcs == Fcs::appended) wire.octets = with_fcs(std::move(wire.octets));
    REQUIRE(wire.octets.size() == frame.length);
    REQUIRE(frame.stored <= frame.body());
    REQUIRE(frame.octets != nullptr);
    return wire;
}

TrafficSpec spec_of(const TemporaryFile& file)
{
    TrafficSpec spec;
    spec.kind = TrafficKind::pcap;
    spec.files.push_back(file.path());
    return spec;
}

struct Played {
    std::vector<WireFrame> frames;
    ReplayCounts           counts;
};

Played play(const TrafficSpec& spec, Time epoch = 0)
{
    ReplaySource source{spec, epoch};
    Played       played;
    for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next()) {
        played.frames.push_back(on_wire(offer.frame));
        source.release(played.frames.size());
    }
    CHECK(source.next().none_before == never);  // stays exhausted
    played.counts = source.counts();
    CHECK(played.counts.frames == played.frames.size());
    CHECK(played.counts.fcs_present + played.counts.fcs_absent == played.counts.frames);
    return played;
}

Played play_one(const TestRecord& record, FcsMode fcs, TruncatedMode truncated = TruncatedMode::pad)
{
    const TemporaryFile file{CaptureWriter{}.add(record)};
    TrafficSpec         spec = spec_of(file);
    spec.fcs                 = fcs;
    spec.truncated           = truncated;
    return play(spec);
}

/// `octets` and zeros up to `length`, and the FCS of that.
WireFrame appended(Octets octets, std::size_t length)
{
    octets.resize(length);
    return {with_fcs(std::move(octets)), Fcs::appended, 0};
}

WireFrame as_it_is(const Octets& octets)
{
    return {octets, Fcs::stored, 0};
}

Octets first_of(const Octets& octets, std::size_t count)
{
    return {octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count)};
}

constexpr std::array all_modes{FcsMode::automatic, FcsMode::present, FcsMode::absent};

}  // namespace

TEST_CASE("a record without FCS is padded to 60 octets and gets its FCS")
{
    for (const std::size_t length : {0U, 1U, 4U, 5U, 6U, 13U, 14U, 59U, 60U, 61U, 63U, 64U, 65U, 1514U, 1518U}) {
        const Octets octets = frame_octets(length);
        for (const FcsMode mode : {FcsMode::automatic, FcsMode::absent}) {
            CAPTURE(length, static_cast<int>(mode));
            const Played played = play_one(whole(5, octets), mode);
            CHECK(played.frames == std::vector{appended(octets, std::max<std::size_t>(length, 60))});
            CHECK(played.counts.padded == (length < 60 ? 1 : 0));
            CHECK(played.counts.fcs_absent == 1);
            CHECK(played.counts.truncated == 0);
        }
    }
}

TEST_CASE("auto finds a right FCS on whole records of 64 octets or more")
{
    for (const std::size_t length : {5U, 14U, 59U, 60U, 61U, 63U, 64U, 65U, 68U, 1514U, 1518U, 9018U, 16384U}) {
        CAPTURE(length);
        const Octets octets = with_fcs(frame_octets(length - 4));
        const Played played = play_one(whole(5, octets), FcsMode::automatic);
        if (length >= 64)
            CHECK(played.frames == std::vector{as_it_is(octets)});
        else
            CHECK(played.frames == std::vector{appended(octets, std::max<std::size_t>(length, 60))});
        CHECK(played.counts.fcs_present == (length >= 64 ? 1 : 0));
        CHECK(played.counts.padded == (length < 60 ? 1 : 0));
    }
}

TEST_CASE("auto takes a record with one flipped bit for one without FCS")
{
    for (const std::size_t length : {64U, 65U, 1518U}) {
        const Octets right = with_fcs(frame_octets(length - 4));
        for (const std::size_t place : {std::size_t{0}, length / 2, length - 4, length - 1}) {
            CAPTURE(length, place);
            Octets flipped = right;
            flipped[place] ^= std::byte{0x10};
            CHECK(play_one(whole(5, flipped), FcsMode::automatic).frames == std::vector{appended(flipped, length)});
        }
    }
}

TEST_CASE("present plays what the record holds, wrong FCS and short frames too")
{
    for (const std::size_t length : {5U, 6U, 14U, 59U, 60U, 61U, 63U, 64U, 65U, 1514U, 1518U}) {
        CAPTURE(length);
        const Octets right = with_fcs(frame_octets(length - 4));
        Octets       wrong = right;
        wrong[length / 2] ^= std::byte{1};
        for (const Octets& octets : {right, wrong}) {
            const Played played = play_one(whole(5, octets), FcsMode::present);
            CHECK(played.frames == std::vector{as_it_is(octets)});
            CHECK(played.counts.fcs_present == 1);
            CHECK(played.counts.padded == 0);
        }
        const Played absent = play_one(whole(5, right), FcsMode::absent);
        CHECK(absent.frames == std::vector{appended(right, std::max<std::size_t>(length, 60))});
    }
    // No octet in front of an FCS: as without.
    for (const std::size_t length : {0U, 1U, 3U, 4U})
        CHECK(play_one(whole(5, frame_octets(length)), FcsMode::present).frames ==
              std::vector{appended(frame_octets(length), 60)});
}

TEST_CASE("a truncated record is filled up with zeros")
{
    const Octets octets = with_fcs(frame_octets(1514));
    for (const std::size_t captured : {0U, 1U, 5U, 13U, 14U, 59U, 60U, 64U, 96U, 1513U, 1514U, 1515U, 1517U}) {
        CAPTURE(captured);
        const TestRecord record{5, first_of(octets, captured), 1518};
        for (const FcsMode mode : {FcsMode::automatic, FcsMode::absent}) {
            const Played played = play_one(record, mode);
            CHECK(played.frames == std::vector{appended(record.octets, 1518)});
            CHECK(played.counts.truncated == 1);
            CHECK(played.counts.padded == 0);
            CHECK(played.counts.skipped == 0);
        }
        // The original length counts the FCS; part of it may be there, and is left out.
        const Octets body   = first_of(octets, std::min<std::size_t>(captured, 1514));
        const Played played = play_one(record, FcsMode::present);
        CHECK(played.frames == std::vector{appended(body, 1514)});
        CHECK(played.counts.truncated == 1);
        CHECK(played.counts.fcs_absent == 1);
    }
}

TEST_CASE("a truncated record of a short frame is filled up and padded")
{
    const TestRecord record{5, frame_octets(20), 42};
    const Played     played = play_one(record, FcsMode::automatic);
    CHECK(played.frames == std::vector{appended(record.octets, 60)});
    CHECK(played.counts.truncated == 1);
    CHECK(played.counts.padded == 1);
    CHECK(play_one(record, FcsMode::present).frames == std::vector{appended(record.octets, 38)});
    CHECK(play_one({5, frame_octets(0), 5}, FcsMode::present).frames == std::vector{appended({}, 1)});
    CHECK(play_one({5, frame_octets(3), 4}, FcsMode::present).frames == std::vector{appended(frame_octets(3), 60)});
}

TEST_CASE("truncated records are left out or an error where that is asked for")
{
    const std::vector<TestRecord> records{{0, frame_octets(96, 1), 1514},
                                          whole(1'000, frame_octets(60, 2)),
                                          {5'000, frame_octets(10, 3), 20'000},
                                          whole(6'000, frame_octets(60, 4))};
    const TemporaryFile           file{CaptureWriter{}.add(records)};
    TrafficSpec                   spec = spec_of(file);
    spec.truncated                     = TruncatedMode::skip;
    const Played played                = play(spec);
    REQUIRE(played.frames.size() == 2);
    CHECK(played.frames[0] == appended(frame_octets(60, 2), 60));  // the first one played starts at once
    CHECK(played.frames[1].start == 5 * microsecond);
    CHECK(played.counts.truncated == 2);
    CHECK(played.counts.skipped == 2);

    spec.truncated = TruncatedMode::error;
    CHECK(contains(input_error_of([&] { play(spec); }), file.path() + ": frame 1 is truncated, 96 of 1514 octets"));
    CHECK(play_one(whole(5, frame_octets(60)), FcsMode::automatic, TruncatedMode::error).frames.size() == 1);
}

TEST_CASE("a frame of 16 KiB is played, a longer one is an error")
{
    for (const FcsMode mode : all_modes) CHECK(play_one(whole(5, frame_octets(16384)), mode).frames.size() == 1);
    const TemporaryFile file{CaptureWriter{}.add(whole(0, frame_octets(60))).add({1, frame_octets(60), 16385})};
    CHECK(input_error_of([&] { play(spec_of(file)); }) ==
          file.path() + ": frame 2 has 16385 octets; at most 16384 are allowed");
}

TEST_CASE("start times keep the captured distances from time zero and start")
{
    const std::int64_t  base = 1'700'000'000'000'000'000;
    const TemporaryFile file{CaptureWriter{}
                                 .add(whole(base + 100, frame_octets(60)))
                                 .add(whole(base + 772, frame_octets(60)))
                                 .add(whole(base + 700, frame_octets(60)))
                                 .add(whole(base + 9'000'000'100, frame_octets(60)))};
    TrafficSpec         spec = spec_of(file);
    spec.start               = 3 * millisecond;
    const Time epoch         = 7 * second + 11;
    const Time first         = epoch + spec.start;
    const auto starts        = [&] {
        std::vector<Time> times;
        for (const WireFrame& frame : play(spec, epoch).frames) times.push_back(frame.start - first);
        return times;
    };
    CHECK(starts() == std::vector<Time>{0, 672 * nanosecond, 672 * nanosecond, 9 * second});
    CHECK(play(spec, epoch).counts.timestamps_backwards == 1);

    spec.speed   = 2;
    spec.max_gap = 1 * second;
    CHECK(starts() == std::vector<Time>{0, 336 * nanosecond, 336 * nanosecond, 500 * millisecond + 336 * nanosecond});
    CHECK(play(spec, epoch).counts.gaps_shortened == 1);

    spec.pacing = CapturePacing::topspeed;
    CHECK(starts() == std::vector<Time>{0, 0, 0, 0});
}

TEST_CASE("a replay longer than simulated time is an error that names the frame")
{
    constexpr std::int64_t day = 86'400 * std::int64_t{1'000'000'000};
    const TemporaryFile file{CaptureWriter{}.add(whole(0, frame_octets(60))).add(whole(101 * day, frame_octets(60)))};
    TrafficSpec         spec = spec_of(file);
    CHECK(
        contains(input_error_of([&] { play(spec); }), file.path() + ": frame 2 would start after more than 100 days"));
    spec.speed = 2;
    CHECK(play(spec).frames.size() == 2);
    spec.start = 50 * 86'400 * second;
    CHECK(contains(input_error_of([&] { play(spec); }), "frame 2 would start after more than 100 days"));
    spec.max_gap = second;
    CHECK(play(spec).frames.size() == 2);
}

TEST_CASE("several captures are one sequence, and the limit counts through all")
{
    const TemporaryFile first{
        CaptureWriter{}.add(whole(5'000, frame_octets(60, 1))).add(whole(6'000, frame_octets(60, 2)))};
    const TemporaryFile second_file{CaptureWriter{CaptureFormat::pcapng, std::endian::big}
                                        .add(whole(100, frame_octets(60, 3)))
                                        .add(whole(300, frame_octets(60, 4)))};
    TrafficSpec         spec = spec_of(first);
    spec.files               = {first.path(), second_file.path(), first.path()};
    const Played      played = play(spec);
    std::vector<Time> starts;
    for (const WireFrame& frame : played.frames) starts.push_back(frame.start / nanosecond);
    CHECK(starts == std::vector<Time>{0, 1'000, 1'000, 1'200, 1'200, 2'200});
    CHECK(played.counts.timestamps_backwards == 0);

    for (std::uint64_t limit = 0; limit <= 7; ++limit) {
        CAPTURE(limit);
        spec.limit         = limit;
        const Played fewer = play(spec);
        REQUIRE(fewer.frames.size() == std::min<std::size_t>(limit, 6));
        CHECK(std::equal(fewer.frames.begin(), fewer.frames.end(), played.frames.begin()));
    }
}

TEST_CASE("the capture at fault is named, and a missing one before any frame")
{
    const TemporaryFile good{CaptureWriter{}.add(whole(0, frame_octets(60)))};
    const TemporaryFile empty{CaptureWriter{}};
    Octets              cut_octets = CaptureWriter{}.add(whole(0, frame_octets(60))).octets();
    cut_octets.pop_back();
    const TemporaryFile cut{cut_octets};
    const TemporaryFile wifi{CaptureWriter{CaptureFormat::pcapng, std::endian::little, 105}};

    TrafficSpec spec = spec_of(good);
    spec.files       = {good.path(), empty.path()};
    CHECK(input_error_of([&] { play(spec); }) == empty.path() + ": holds no frames");
    spec.files[1] = cut.path();
    CHECK(contains(input_error_of([&] { play(spec); }), cut.path() + ": reading failed after 0 frames"));
    spec.limit = 1;  // the second one is not reached
    CHECK(play(spec).frames.size() == 1);
    for (const std::string& never_opened : {std::string{"no/such.pcap"}, wifi.path()}) {
        spec.files[1] = never_opened;
        CHECK(contains(input_error_of([&] { ReplaySource(spec, 0); }), never_opened + ": "));
    }
    spec.files.clear();
    CHECK(contains(input_error_of([&] { ReplaySource(spec, 0); }), "no file is named"));
}

TEST_CASE("a replay keeps the octets of every frame until it is released")
{
    std::mt19937            random{20240511};
    std::vector<TestRecord> records;
    for (unsigned i = 0; i < 3'000; ++i) {
        const std::size_t length = random() % 3 == 0 ? random() % 9'000 : random() % 128;
        records.push_back(whole(i, frame_octets(length, i)));
    }
    const TemporaryFile file{CaptureWriter{}.add(records)};

    // Releases `too_far` frames more than allowed; says whether every frame under way still had its octets.
    const auto octets_stay = [&](std::uint64_t too_far) {
        ReplaySource                                source{spec_of(file), 0};
        std::deque<std::pair<std::uint64_t, Frame>> under_way;
        std::uint64_t                               number = 0;
        bool                                        stay   = true;
        for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next()) {
            under_way.emplace_back(++number, offer.frame);
            if (random() % 16 != 0) continue;
            for (const auto& [id, frame] : under_way) {
                const Octets& expected = records[id - 1].octets;
                const auto    octets   = frame.stored_octets();
                stay = stay && std::equal(octets.begin(), octets.end(), expected.begin(), expected.end());
            }
            const std::size_t done = random() % (under_way.size() + 1);
            if (done == 0) continue;
            source.release(under_way[done - 1].first + too_far);
            under_way.erase(under_way.begin(), under_way.begin() + static_cast<std::ptrdiff_t>(done));
        }
        return stay;
    };
    CHECK(octets_stay(0));
    CHECK_FALSE(octets_stay(30));
}
