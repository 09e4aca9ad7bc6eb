// SPDX-License-Identifier: Apache-2.0
// The station's address from captures, and the first pass that finds their errors.
// The destinations of a replay are counted here in another way.
#include "testbench/traffic/station_address.hpp"

#include <array>
#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/traffic/destination_count.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

/// A frame of `length` octets to the address whose text is `to`.
Octets frame_to(const std::string& to, std::size_t length = 60)
{
    Octets     octets  = frame_octets(length);
    const auto address = MacAddress::parse(to);
    REQUIRE(address);
    for (std::size_t i = 0; i < 6 && i < length; ++i) octets[i] = static_cast<std::byte>(address->octets[i]);
    return octets;
}

TrafficSpec spec_of(const TemporaryFile& file)
{
    TrafficSpec spec;
    spec.kind = TrafficKind::pcap;
    spec.files.push_back(file.path());
    return spec;
}

CaptureSummary scan(const TrafficSpec& spec)
{
    return scan_captures({&spec, 1});
}

CaptureSummary scan(const std::vector<Octets>& frames)
{
    CaptureWriter writer;
    for (const Octets& frame : frames) writer.add(whole(0, frame));
    const TemporaryFile file{writer};
    return scan(spec_of(file));
}

/// Counts in bounded memory and exactly, and holds the one to its bound against the other.
class BoundedCount {
public:
    explicit BoundedCount(std::size_t most) : most_{most}, count_{most} {}

    void play(std::uint64_t address)
    {
        std::array<std::byte, minimum_frame> octets{};
        for (unsigned i = 0; i < 6; ++i) octets[i] = static_cast<std::byte>(address >> (40 - 8 * i));
        Frame frame;
        frame.octets = octets.data();
        frame.stored = frame.length = minimum_frame;
        count_.count(frame);
        ++exact_[MacAddress::from(octets.data()).text()];
        ++frames_;
        REQUIRE(count_.kept() <= most_);
        REQUIRE(count_.missing() * most_ <= 2 * frames_);
    }

    /// The most frequent address as the bounded count has it; its frames are within the bound of the exact ones.
    [[nodiscard]] std::string found() const
    {
        const auto          entry = count_.most_frequent();
        const std::uint64_t truth = exact_.at(entry.address.text());
        CHECK(entry.frames <= truth);
        CHECK(entry.frames + count_.missing() >= truth);
        return entry.address.text();
    }

    [[nodiscard]] std::size_t   addresses() const { return exact_.size(); }
    [[nodiscard]] std::uint64_t missing() const { return count_.missing(); }

private:
    std::size_t                          most_;
    DestinationCount                     count_;
    std::map<std::string, std::uint64_t> exact_;
    std::uint64_t                        frames_ = 0;
};

const std::string a         = "00:1b:21:00:00:0a";
const std::string b         = "00:1b:21:00:00:0b";
const std::string multicast = "01:00:5e:00:00:fb";
const std::string broadcast = "ff:ff:ff:ff:ff:ff";
const std::string zeros     = "00:00:00:00:00:00";

}  // namespace

TEST_CASE("the station has the most frequent unicast destination")
{
    const CaptureSummary summary =
        scan({frame_to(multicast), frame_to(a), frame_to(b), frame_to(b), frame_to(multicast), frame_to(multicast),
              frame_to(broadcast), frame_to(broadcast), frame_to(broadcast), frame_to(a), frame_to(b)});
    CHECK(summary.station.text() == b);
    CHECK(summary.station_frames == 3);
    CHECK(summary.counts.frames == 11);
    CHECK(summary.octets == 11 * 64);
}

TEST_CASE("of two destinations equally frequent the first seen is the station")
{
    CHECK(scan({frame_to(b), frame_to(a), frame_to(a), frame_to(b)}).station.text() == b);
    CHECK(scan({frame_to(a), frame_to(b), frame_to(b), frame_to(a)}).station.text() == a);
}

TEST_CASE("without a unicast destination the station has the default address")
{
    const CaptureSummary summary = scan({frame_to(broadcast), frame_to(multicast)});
    CHECK(summary.station == default_station_address);
    CHECK(summary.station.text() == "02:00:00:00:00:01");
    CHECK(summary.station_frames == 0);
}

TEST_CASE("the address of all zeros is a destination like another")
{
    const CaptureSummary summary = scan({frame_to(a), frame_to(zeros), frame_to(zeros)});
    CHECK(summary.station.text() == zeros);
    CHECK(summary.station_frames == 2);
}

TEST_CASE("a destination that was not captured whole is zeros from there on")
{
    CHECK(scan({frame_to(a, 4), frame_to(a, 5)}).station.text() == "00:1b:21:00:00:00");
    CHECK(scan({Octets{}}).station.text() == zeros);
    CHECK(scan({Octets{}}).station_frames == 1);
    CHECK(scan({Octets{std::byte{0x01}}}).station_frames == 0);  // 01:00:00:00:00:00 is a group

    const TemporaryFile file{CaptureWriter{}.add({0, frame_to(a, 3), 1514})};
    CHECK(scan(spec_of(file)).station.text() == "00:1b:21:00:00:00");
}

TEST_CASE("a frame too short for a destination does not count")
{
    const TemporaryFile file{CaptureWriter{}.add(whole(0, frame_to(a, 5))).add({0, frame_to(b, 2), 9})};
    TrafficSpec         spec = spec_of(file);
    spec.fcs                 = FcsMode::present;  // five octets, the FCS among them; five in front of an appended FCS
    CHECK(scan(spec).counts.frames == 2);
    CHECK(scan(spec).station_frames == 0);
}

TEST_CASE("the first pass counts what a replay plays")
{
    CaptureWriter                      writer{CaptureFormat::pcapng};
    std::map<std::string, std::size_t> played;
    for (unsigned i = 0; i < 500; ++i) {
        const Octets octets = frame_octets(i * 37 % 200, i * i % 11);
        writer.add({static_cast<std::int64_t>(i * 7919 % 1000), octets,
                    i % 5 == 0 ? 200 : static_cast<std::uint32_t>(octets.size())});
    }
    const TemporaryFile  file{writer};
    const CaptureSummary summary = scan(spec_of(file));
    ReplaySource         source{spec_of(file), 5 * second};
    std::uint64_t        octets = 0;
    for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next()) {
        MacAddress address;
        for (std::uint32_t i = 0; i < 6; ++i) address.octets[i] = static_cast<std::uint8_t>(offer.frame.octet(i));
        if (!address.is_group()) ++played[address.text()];
        octets += offer.frame.length;
    }
    CHECK(summary.octets == octets);
    CHECK(summary.counts.frames == 500);
    CHECK(summary.counts.padded == source.counts().padded);
    CHECK(summary.counts.truncated == source.counts().truncated);
    CHECK(summary.counts.timestamps_backwards == source.counts().timestamps_backwards);
    for (const auto& [address, frames] : played) CHECK(frames <= summary.station_frames);
    CHECK(played.at(summary.station.text()) == summary.station_frames);
}

TEST_CASE("only frames that are played count")
{
    const TemporaryFile file{CaptureWriter{}
                                 .add({0, frame_to(a), 1514})
                                 .add({0, frame_to(a), 1514})
                                 .add(whole(0, frame_to(b)))
                                 .add(whole(0, frame_to(zeros)))
                                 .add(whole(0, frame_to(zeros)))};
    TrafficSpec         spec = spec_of(file);
    CHECK(scan(spec).station.text() == a);
    spec.truncated = TruncatedMode::skip;
    CHECK(scan(spec).station.text() == zeros);
    CHECK(scan(spec).counts.skipped == 2);
    spec.limit = 2;
    CHECK(scan(spec).station.text() == b);
}

TEST_CASE("several sources count together, and only captures")
{
    const TemporaryFile            one{CaptureWriter{}.add(whole(0, frame_to(b))).add(whole(0, frame_to(a)))};
    const TemporaryFile            two{CaptureWriter{}.add(whole(0, frame_to(a))).add(whole(0, frame_to(a, 20)))};
    const std::vector<TrafficSpec> traffic{TrafficSpec{}, spec_of(one), TrafficSpec{}, spec_of(two)};
    const CaptureSummary           summary = scan_captures(traffic);
    CHECK(summary.station.text() == a);
    CHECK(summary.station_frames == 3);
    CHECK(summary.counts.frames == 4);
    CHECK(summary.counts.padded == 1);
    CHECK(scan_captures({}).station == default_station_address);
}

TEST_CASE("of more addresses than can be kept, the rare ones are forgotten within the stated bound")
{
    for (const std::size_t most : {std::size_t{2}, std::size_t{7}, std::size_t{64}}) {
        BoundedCount count{most};
        for (std::uint64_t i = 0; i < 20'000; ++i) {
            count.play(0x02'10'00'00'00'00 + i * 2'654'435'761 % 20'000);  // none twice: the two are coprime
            if (i % 2 == 0) count.play(0x02'00'00'00'00'02);
            if (i % 5 == 0) count.play(0x02'00'00'00'00'04 + i % 3);
        }
        REQUIRE(count.addresses() == 20'000 + 4);
        CHECK(count.missing() > 0);
        const std::string found = count.found();
        // With 64 places at most 1/32 of the frames is missing; the station has a third of them.
        if (most == 64) CHECK(found == "02:00:00:00:00:02");
    }
}

TEST_CASE("an address that was frequent once does not make others be forgotten for ever")
{
    BoundedCount count{4};
    for (int i = 0; i < 100; ++i)
        for (const std::uint64_t old : {0x02'00'00'00'00'02, 0x02'00'00'00'00'03}) count.play(old);
    // With the two kept whatever comes, ten of each eleven frames would be missing soon, and at most half may be.
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        for (int j = 0; j < 10; ++j) count.play(0x02'10'00'00'00'00 + i);
        count.play(0x02'20'00'00'00'00 + i);
    }
    CHECK(count.missing() > 0);
    static_cast<void>(count.found());
}

TEST_CASE("as long as all addresses are kept, the count is exact")
{
    DestinationCount                     count{3};
    std::array<std::byte, minimum_frame> octets{};
    Frame                                frame;
    frame.octets = octets.data();
    frame.stored = frame.length = minimum_frame;
    for (unsigned i = 0; i < 300; ++i) {
        octets[5] = static_cast<std::byte>(i % 3);
        count.count(frame);
    }
    CHECK(count.missing() == 0);
    CHECK(count.kept() == 3);
    CHECK(count.most_frequent().frames == 100);
}

TEST_CASE("a stop ends the first pass")
{
    const TemporaryFile file{CaptureWriter{}.add(whole(0, frame_to(a)))};
    const TrafficSpec   spec = spec_of(file);
    std::atomic<bool>   stop{false};
    CHECK(scan_captures({&spec, 1}, &stop).station.text() == a);
    stop = true;
    CHECK_THROWS_AS(scan_captures({&spec, 1}, &stop), Interrupted);
}

TEST_CASE("the first pass finds every error before a frame is played")
{
    const TemporaryFile good{CaptureWriter{}.add(whole(0, frame_to(a)))};
    const TemporaryFile empty{CaptureWriter{}};
    const TemporaryFile too_long{CaptureWriter{}.add(whole(0, frame_to(a))).add({0, frame_to(a), 20'000})};
    Octets              cut_octets = gzip(CaptureWriter{}.add(whole(0, frame_to(a, 1514))).octets());
    cut_octets.resize(cut_octets.size() / 2);
    const TemporaryFile cut{cut_octets};
    for (const TemporaryFile* const bad : {&empty, &too_long, &cut}) {
        const std::vector<TrafficSpec> traffic{spec_of(good), spec_of(*bad)};
        CHECK(contains(input_error_of([&] { static_cast<void>(scan_captures(traffic)); }), bad->path() + ": "));
    }
}
