// SPDX-License-Identifier: Apache-2.0
// Frames that the host hears of at once: small ones (RSRPD) and TCP acknowledgements (RFCTL, RAID), to the clock edge.
// There is no driver: registers are written by hand, on a link of no cost.
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/ip_frames.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::body_to;
using test::build;
using test::Octets;
using test::station;

namespace {

constexpr Time us   = microsecond;
constexpr Time unit = 1024 * nanosecond;  // of RDTR and RAID
constexpr Time edge = 8 * nanosecond;

/// From a 64-octet frame's start to the end of its write-back: 72 octets on the wire; 2 cycles of MAC, 2 of DMA, 4
/// beats of payload, 1 of descriptor.
constexpr Time to_memory = 576 * nanosecond + 9 * edge;

void receive(BareNic& nic, std::uint32_t delay, std::uint32_t causes)
{
    nic.receive(2);
    nic.write(rdtr, delay);
    nic.write(rxdctl, 1U << 24U | 8U << 16U | 32U);  // WTHRESH 8
    static_cast<void>(nic.read(icr));                // the link has come up
    nic.write(ims, causes);
}

/// 60 octets of TCP without data, or with `data`; ACK and PSH are set.
Octets tcp_segment(std::uint32_t data = 0)
{
    return build({.data = data}).body;
}

/// When the line rose for 64-octet frames whose write-backs end at `written`.
std::vector<Time> rises(BareNic& nic, const Octets& body, const std::vector<Time>& written, Time until)
{
    for (const Time t : written) nic.send(body, {.start = t - to_memory});
    while (nic.now() < until) {
        nic.source.promise(until + 1);
        if (nic.engine.advance_to_interrupt(until) == never) break;
        nic.run_for(100 * nanosecond);
        static_cast<void>(nic.read(icr));
    }
    return nic.interrupts.rises();
}

}  // namespace

TEST_CASE("a frame shorter than RSRPD interrupts with its write-back, and RXT0 comes with it", "[early_causes]")
{
    for (const std::uint32_t below : {0U, 64U, 65U, 66U, 128U, 1519U, 4095U})
        for (const std::uint32_t length : {64U, 65U, 127U, 128U, 1518U}) {
            CAPTURE(below, length);
            BareNic nic;
            receive(nic, 0xffff, srpd);
            nic.write(rsrpd, below);
            nic.send(body_to(station, length));
            nic.finish();
            CHECK(nic.interrupts.level() == (length < below));
            CHECK(nic.done(0) == (length < below));
            CHECK((nic.peek(icr) & (srpd | rxt0)) == (length < below ? srpd | rxt0 : 0));
        }
    BareNic exact;
    receive(exact, 0xffff, srpd);
    exact.write(rsrpd, 65);
    CHECK(rises(exact, body_to(station, 64), {16 * us, 20 * us}, 100 * us) == std::vector<Time>{16 * us, 20 * us});
}

TEST_CASE("a small frame writes back the longer ones that wait before it", "[early_causes]")
{
    BareNic nic;
    receive(nic, 0xffff, srpd);
    nic.write(rsrpd, 65);
    nic.send(body_to(station, 100));
    nic.finish();
    CHECK_FALSE(nic.done(0));
    nic.send(body_to(station, 64));
    nic.finish();
    CHECK((nic.done(0) && nic.done(1)));
    // A later one waits again.
    nic.send(body_to(station, 100));
    nic.finish();
    CHECK_FALSE(nic.done(2));
}

TEST_CASE("a TCP acknowledgement is what RFCTL says", "[early_causes]")
{
    Octets no_ack = tcp_segment();
    no_ack[14 + 20 + 13] &= ~std::byte{0x10};
    struct Row {
        const char*   name;
        Octets        body;
        std::uint32_t filter;
        bool          found;
        std::uint32_t type;  ///< of the packet, extended format
    };
    const std::vector<Row> rows{
        {"without data", tcp_segment(), 0, true, 2},
        {"with data", tcp_segment(100), 0, true, 2},
        {"switched off", tcp_segment(), ack_dis, false, 2},
        {"without data, data not allowed", tcp_segment(), ackd_dis, true, 2},
        {"with an octet of data, data not allowed", tcp_segment(1), ackd_dis, false, 2},
        {"without the flag", no_ack, 0, false, 2},
        {"in IPv6", build({.version = 6, .data = 0}).body, ackd_dis, true, 6},
        {"in IPv6, which is not looked at", build({.version = 6, .data = 0}).body, 1U << 10U, false, 0},
        {"with a tag", build({.data = 0, .tag = true}).body, ackd_dis, true, 2},
        {"of UDP", build({.protocol = test::udp}).body, 0, false, 2},
        {"in a fragment", build({.fragment = 0x2000}).body, 0, false, 1},
        {"no IP at all", body_to(station, 64), 0, false, 0},
    };
    for (const Row& row : rows)
        for (const bool extended : {true, false}) {
            CAPTURE(row.name, extended);
            BareNic nic;
            nic.receive(2, {.extended = extended});
            nic.write(rfctl, row.filter | (extended ? exten : 0));
            static_cast<void>(nic.read(icr));
            nic.send(row.body);
            nic.finish();
            CHECK(((nic.peek(icr) & ack) != 0) == row.found);
            if (!extended) continue;
            // ACK_DIS concerns the cause alone.
            const bool marked = row.found || row.filter == ack_dis;
            CHECK(((nic.extended(0).status_error & ack_status) != 0) == marked);
            // Alone it makes no verdict.
            CHECK((nic.extended(0).status_error & ~ack_status) == (7 | row.type << rx_status::type_shift));
        }
}

TEST_CASE("with RDTR an acknowledgement interrupts at once, or after RAID", "[early_causes]")
{
    const Octets   body  = tcp_segment();
    constexpr Time first = 16 * us;
    struct Row {
        std::uint32_t     delay, raid;
        std::vector<Time> written, expected;
    };
    for (const Row& row : {
             Row{0xffff, 0, {first}, {first}},
             Row{0, 7, {first}, {first}},  // nothing is delayed
             Row{0xffff, 7, {first}, {first + 7 * unit}},
             Row{0xffff, 7, {first, first + 7 * unit - edge}, {first + 7 * unit}},  // the first one decides
             Row{0xffff, 7, {first, first + 7 * unit}, {first + 7 * unit}},
             Row{0xffff, 7, {first, first + 7 * unit + edge}, {first + 7 * unit, first + 14 * unit + edge}},
             Row{5, 7, {first}, {first + 5 * unit}},  // RDTR's expiry takes it along
             Row{5, 7, {first, first + 3 * unit}, {first + 7 * unit}},
         }) {
        CAPTURE(row.delay, row.raid, row.written.size());
        BareNic nic;
        receive(nic, row.delay, ack);
        nic.write(raid, row.raid);
        CHECK(rises(nic, body, row.written, 200 * us) == row.expected);
        CHECK(nic.counters()["ICRXATC"] == 0);
        CHECK(nic.counters()["ICRXPTC"] == (row.delay == 5 && row.written.size() == 1 ? 1 : 0));
    }
    // RADV bounds it too.
    BareNic nic;
    receive(nic, 0xffff, ack);
    nic.write(radv, 3);
    nic.write(raid, 7);
    CHECK(rises(nic, body, {first}, 200 * us) == std::vector<Time>{first + 3 * unit});
    CHECK(nic.counters()["ICRXATC"] == 1);
}

TEST_CASE("RAID's expiry tells of RXT0 as well, and a reset forgets it", "[early_causes]")
{
    BareNic nic;
    receive(nic, 0xffff, ack);
    nic.write(raid, 7);
    nic.send(tcp_segment(), {.start = 20 * us});
    nic.run_to(40 * us);
    CHECK((nic.peek(icr) & (ack | rxt0)) == (ack | rxt0));

    BareNic other;
    receive(other, 0xffff, ack);
    other.write(raid, 7);
    other.send(tcp_segment(), {.start = 20 * us});
    other.run_to(22 * us);
    CHECK((other.peek(icr) & ack) == 0);
    other.write(0, other.peek(0) | 1U << 26U);
    other.run_to(60 * us);
    CHECK((other.peek(icr) & (ack | rxt0)) == 0);
}
