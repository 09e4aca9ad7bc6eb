// SPDX-License-Identifier: Apache-2.0
// Fixed traffic: exact start times without drift, and frames that are what they say.
#include "testbench/traffic/fixed_source.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr Time     epoch = 100 * millisecond;
constexpr WireRate gigabit{1'000'000'000};

std::vector<Time> starts(const TrafficSpec& spec, std::size_t most)
{
    FixedSource       source{spec, default_station_address, gigabit, epoch};
    std::vector<Time> times;
    while (times.size() < most) {
        const Offer offer = source.next();
        if (offer.kind == Offer::Kind::none_before) break;
        times.push_back(offer.frame.start - epoch);
    }
    return times;
}

TrafficSpec spec(std::uint32_t length, std::uint64_t count)
{
    TrafficSpec s;
    s.length = length;
    s.count  = count;
    return s;
}

}  // namespace

TEST_CASE("fixed traffic without a rate asks for the wire at once, and the count ends it", "[fixed_source]")
{
    TrafficSpec s = spec(64, 3);
    CHECK(starts(s, 10) == std::vector<Time>{0, 0, 0});
    s.start = 5 * microsecond;
    CHECK(starts(s, 10) == std::vector<Time>{5'000'000, 5'000'000, 5'000'000});
    s.count = 0;
    CHECK(starts(s, 10).empty());
}

TEST_CASE("frame i of a rate starts i seconds over the rate later, rounded down, without drift", "[fixed_source]")
{
    TrafficSpec s = spec(64, 4);
    s.rate        = 3;
    CHECK(starts(s, 4) == std::vector<Time>{0, 333'333'333'333, 666'666'666'666, second});
    s.rate  = 1'488'095;
    s.count = 1'488'096;
    CHECK(starts(s, 1'488'096).back() == second);
    s.rate = 14'880'952;
    // Both divided by 8, so that the product fits into 64 bits.
    CHECK(starts(s, 1'488'096).back() == 1'488'095 * (second / 8) / (14'880'952 / 8));
}

TEST_CASE("a load is a share of the wire, preamble and gap included", "[fixed_source]")
{
    TrafficSpec s = spec(64, 5);
    s.load        = 1.0;
    CHECK(starts(s, 5) == std::vector<Time>{0, 672'000, 1'344'000, 2'016'000, 2'688'000});
    s.load = 0.5;
    CHECK(starts(s, 5) == std::vector<Time>{0, 1'344'000, 2'688'000, 4'032'000, 5'376'000});
    s      = spec(1518, 3);
    s.load = 0.1;
    // 1538 octets of 8 ns, tenfold
    CHECK(starts(s, 3) == std::vector<Time>{0, 123'040'000, 246'080'000});
}

TEST_CASE("a fixed frame names its destination, its sender and a local EtherType", "[fixed_source]")
{
    TrafficSpec s = spec(100, 2);
    for (const bool named : {false, true}) {
        const MacAddress to = named ? MacAddress{{1, 2, 3, 4, 5, 6}} : default_station_address;
        if (named) s.destination = to;
        FixedSource source{s, default_station_address, gigabit, epoch};
        const Frame frame = source.next().frame;
        CHECK(MacAddress::from(frame.octets) == to);
        CHECK_FALSE(MacAddress::from(frame.octets + 6).is_group());
        CHECK((frame.octet(12) == std::byte{0x88} && frame.octet(13) == std::byte{0xb5}));
        CHECK(frame.length == 100);
        CHECK(frame.stored == 96);
        CHECK(frame.fcs == Fcs::appended);
        CHECK_FALSE((frame.no_sfd || frame.rx_er || frame.dribble));
    }
}
