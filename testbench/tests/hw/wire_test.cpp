// SPDX-License-Identifier: Apache-2.0
// The wire: published frame rates at every speed, and no two frames that overlap.
// Expected slots are computed without the arithmetic of the wire.
#include "hw/platform/wire.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <random>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using test::ScriptedSource;

namespace {

constexpr std::int64_t gigabit = 1'000'000'000;

/// Frames a second at line rate: 64, 128, 256, 512, 1024 and 1518 octets with FCS, preamble and gap besides.
struct Published {
    std::int64_t                bits_per_second;
    std::array<std::int64_t, 6> frames;
};
constexpr std::array<std::uint32_t, 6> lengths{64, 128, 256, 512, 1024, 1518};
constexpr std::array<Published, 5>     published{{
        {1 * gigabit, {1'488'095, 844'595, 452'899, 234'962, 119'732, 81'274}},
        {10 * gigabit, {14'880'952, 8'445'946, 4'528'986, 2'349'624, 1'197'318, 812'744}},
        {25 * gigabit, {37'202'381, 21'114'865, 11'322'464, 5'874'060, 2'993'295, 2'031'860}},
        {40 * gigabit, {59'523'810, 33'783'784, 18'115'942, 9'398'496, 4'789'272, 3'250'975}},
        {100 * gigabit, {148'809'524, 84'459'459, 45'289'855, 23'496'241, 11'973'180, 8'127'438}},
}};

std::vector<Frame> all_of(Wire& wire)
{
    std::vector<Frame> frames;
    for (Offer offer = wire.next(); offer.kind == Offer::Kind::frame; offer = wire.next())
        frames.push_back(offer.frame);
    return frames;
}

/// Whether the frames leave eight octets of preamble before each and a gap of twelve after it, in bit times.
bool serialised(const std::vector<Frame>& frames, std::int64_t bits_per_second)
{
    __extension__ using Wide = __int128;
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const Wide bits  = (8 + Wide{frames[i - 1].length} + 12) * 8;
        const Wide apart = Wide{frames[i].start - frames[i - 1].start};
        if (apart * bits_per_second < bits * second) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("back-to-back frames come at the published rates", "[wire]")
{
    for (const Published& row : published) {
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            const Time slot = WireRate{row.bits_per_second}.slot(lengths[i]);
            INFO(row.bits_per_second << " b/s, " << lengths[i] << " octets");
            CHECK((second + slot / 2) / slot == row.frames[i]);
        }
    }
    // RFC 2544, appendix B, 10 Mb/s Ethernet; that table rounds down.
    constexpr std::array<std::pair<std::uint32_t, std::int64_t>, 7> rfc{
        {{64, 14880}, {128, 8445}, {256, 4528}, {512, 2349}, {1024, 1197}, {1280, 961}, {1518, 812}}};
    for (const auto& [length, frames] : rfc) CHECK(second / WireRate{10'000'000}.slot(length) == frames);
}

TEST_CASE("a 64-octet frame takes its published time at every speed", "[wire]")
{
    CHECK(WireRate{10'000'000}.slot(64) == 67'200'000);
    CHECK(WireRate{100'000'000}.slot(64) == 6'720'000);
    CHECK(WireRate{gigabit}.slot(64) == 672'000);
    CHECK(WireRate{10 * gigabit}.slot(64) == 67'200);
    CHECK(WireRate{25 * gigabit}.slot(64) == 26'880);
    CHECK(WireRate{40 * gigabit}.slot(64) == 16'800);
    CHECK(WireRate{100 * gigabit}.slot(64) == 6'720);
    CHECK(WireRate{gigabit}.of(1) == 8'000);
    CHECK(WireRate{gigabit}.of(0) == 0);
}

TEST_CASE("a rate that no picosecond divides rounds each time up, once", "[wire]")
{
    const WireRate rate{3 * gigabit};  // an octet is 2666 2/3 ps
    CHECK(rate.of(1) == 2667);
    CHECK(rate.of(2) == 5334);
    CHECK(rate.of(3) == 8000);
    CHECK(rate.of(999'999) == 2'666'664'000);
    CHECK(rate.of(1'000'000) == 2'666'666'667);
    CHECK(rate.slot(64) == 224'000);  // 84 octets
}

TEST_CASE("frames are serialised whatever start their source asks for", "[wire]")
{
    for (const std::int64_t bits : {std::int64_t{10'000'000}, gigabit, 7 * gigabit, 100 * gigabit}) {
        std::mt19937   random{static_cast<unsigned>(bits % 1009)};
        ScriptedSource source;
        Time           asked  = 0;
        std::uint64_t  octets = 0;
        for (int i = 0; i < 500; ++i) {
            const std::uint32_t length = 1 + test::below(2000, random);
            // Often at once, sometimes after a pause.
            if (test::below(4, random) == 0) asked += test::below(5000, random) * nanosecond;
            source.add({nullptr, 0, length, Fcs::appended, false, false, false, 0, asked});
            octets += length;
        }
        Wire       wire{source, WireRate{bits}};
        const auto frames = all_of(wire);
        INFO(bits);
        REQUIRE(frames.size() == 500);
        CHECK(serialised(frames, bits));
        for (std::size_t i = 0; i < frames.size(); ++i) CHECK(frames[i].id == i + 1);
        CHECK((wire.frames() == 500 && wire.octets() == octets));
        CHECK(wire.end_of_last() == frames.back().start + wire.rate().of(8 + std::int64_t{frames.back().length}));

        // The check finds a frame that starts one picosecond too early.
        auto broken = frames;
        for (std::size_t i = 1; i < broken.size(); ++i) {
            if (broken[i].start - broken[i - 1].start != wire.rate().slot(broken[i - 1].length)) continue;
            --broken[i].start;
            break;
        }
        CHECK_FALSE(serialised(broken, bits));
    }
}

TEST_CASE("a frame that finds the wire free starts when asked, and the others are counted", "[wire]")
{
    ScriptedSource source;
    const auto add = [&](Time start) { source.add({nullptr, 0, 64, Fcs::appended, false, false, false, 0, start}); };
    add(1000);
    add(673'000);    // exactly one slot later
    add(673'000);    // one slot too early
    add(2'017'000);  // exactly when the wire is free again
    add(2'688'999);  // one picosecond too early
    Wire       wire{source, WireRate{gigabit}};
    const auto frames = all_of(wire);
    REQUIRE(frames.size() == 5);
    CHECK((frames[0].start == 1000 && frames[1].start == 673'000 && frames[2].start == 1'345'000));
    CHECK((frames[3].start == 2'017'000 && frames[4].start == 2'689'000));
    CHECK(wire.moved() == 2);
    CHECK(wire.moved_at_most() == 672'000);
}

TEST_CASE("the wire hands none-before and release through", "[wire]")
{
    ScriptedSource source;
    Wire           wire{source, WireRate{gigabit}};
    source.promise(77);
    const Offer offer = wire.next();
    CHECK((offer.kind == Offer::Kind::none_before && offer.none_before == 77));
    CHECK(wire.frames() == 0);
    wire.release(12);
    CHECK(source.released() == 12);
}

TEST_CASE("a wire that is told to stop gives no further frame", "[wire]")
{
    ScriptedSource source;
    for (int i = 0; i < 3; ++i) source.add({nullptr, 0, 64, Fcs::appended, false, false, false, 0, 0});
    std::atomic<bool> stop{false};
    Wire              wire{source, WireRate{gigabit}, &stop};
    CHECK(wire.next().kind == Offer::Kind::frame);
    stop              = true;
    const Offer offer = wire.next();
    CHECK((offer.kind == Offer::Kind::none_before && offer.none_before == never));
    CHECK(wire.frames() == 1);
}
