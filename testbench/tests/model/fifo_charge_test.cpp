// SPDX-License-Identifier: Apache-2.0
// What a frame is charged and when, against values worked out by hand at 1 Gb/s (contract D7).
#include "model/fifo_charge.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

// 1 Gb/s: an octet takes 8 ns, one edge. Octet n of a frame that starts at 0 has arrived on edge 8 + n.
const FifoCharge charge{{16, 8}, WireRate{1'000'000'000}, CoreClock{8'000}};

constexpr Time edge(Time n)
{
    return n * 8'000;
}

}  // namespace

TEST_CASE("a frame takes a header and a line for each begun beat", "[fifo_charge]")
{
    CHECK(charge.whole(1) == 16 + 8);
    CHECK(charge.whole(8) == 16 + 8);
    CHECK(charge.whole(9) == 16 + 2 * 8);
    CHECK(charge.whole(64) == 16 + 8 * 8);
    CHECK(charge.whole(1518) == 16 + 190 * 8);
}

TEST_CASE("the header is charged with the first octet, a line with each beat's last", "[fifo_charge]")
{
    const auto before = [](Time t) { return charge.before(t, 0, 20, charge.whole(20)); };
    CHECK(before(edge(9)) == 0);
    CHECK(before(edge(10)) == 16);
    CHECK(before(edge(16)) == 16);
    CHECK(before(edge(17)) == 16 + 8);
    CHECK(before(edge(24)) == 16 + 8);
    CHECK(before(edge(25)) == 16 + 2 * 8);
    CHECK(before(edge(28)) == 16 + 2 * 8);
    CHECK(before(edge(29)) == 16 + 3 * 8);
    CHECK(before(edge(1000)) == 16 + 3 * 8);
}

TEST_CASE("a frame is refused on the edge of the first beat without room", "[fifo_charge]")
{
    struct Case {
        std::uint32_t room;
        Time          edge;
        std::uint32_t octets;
    };
    for (const Case& c : {Case{0, edge(9), 0}, Case{15, edge(9), 0}, Case{16, edge(16), 16}, Case{23, edge(16), 16},
                          Case{24, edge(24), 24}, Case{39, edge(28), 32}}) {
        INFO("room " << c.room);
        const FifoCharge::Refusal refusal = charge.refusal(0, 20, c.room);
        CHECK(refusal.edge == c.edge);
        CHECK(refusal.octets == c.octets);
    }
}
