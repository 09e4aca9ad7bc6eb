// SPDX-License-Identifier: Apache-2.0
// When finished descriptors are written back: thresholds, lines, the ring's end, timers and causes (contract D12, B.4).
// Every access goes through a recording port.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/model/write_back_rules.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::below;
using test::body_to;
using test::breach;
using test::DmaRecord;
using test::early_rise;
using test::Rules;
using test::station;
using What = test::DmaRecord::What;

namespace {

constexpr Time us   = microsecond;
constexpr Time unit = 1024 * nanosecond;  // of RDTR and RADV
constexpr Time soon = 200 * nanosecond;   // more than any command takes on a link of no cost

struct Threshold {
    std::uint32_t wthresh     = 4;
    bool          descriptors = true;    // GRAN
    std::uint32_t delay       = 0xffff;  // RDTR

    [[nodiscard]] std::uint32_t rxdctl() const { return wthresh << 16U | (descriptors ? 1U << 24U : 0); }
    /// Finished descriptors that are written back at once.
    [[nodiscard]] std::uint32_t together() const
    {
        return delay == 0 ? 1 : std::max(1U, wthresh * (descriptors ? 1 : 4));
    }
};

void receive(BareNic& nic, const Threshold& threshold, const test::Ring& ring = {}, std::uint32_t control = en)
{
    nic.receive(control, ring);
    nic.write(rxdctl, threshold.rxdctl());
    nic.write(rdtr, threshold.delay);
    static_cast<void>(nic.read(icr));  // the link has come up
    nic.write(ims, rxt0);
}

void send(BareNic& nic, unsigned frames, std::uint32_t length = 64)
{
    for (unsigned i = 0; i < frames; ++i) nic.send(body_to(station, length));
}

struct RingWrite {
    std::uint32_t count;
    Time          issued, accepted;
};

/// What the device wrote to its ring.
std::vector<RingWrite> write_backs(const BareNic& nic)
{
    const std::uint64_t    base = nic.table.address;
    std::vector<RingWrite> found;
    for (const DmaRecord& r : nic.dma.all(What::write))
        if (r.address >= base && r.address < base + nic.ring.size * 16)
            found.push_back({r.length / 16, r.at, r.times.accepted});
    return found;
}
std::vector<std::uint32_t> counts(const BareNic& nic)
{
    std::vector<std::uint32_t> found;
    for (const RingWrite& write : write_backs(nic)) found.push_back(write.count);
    return found;
}
Time last_payload(const BareNic& nic)
{
    Time at = 0;
    for (const DmaRecord& r : nic.dma.all(What::write))
        if (r.address >= nic.buffers.address) at = r.times.accepted;
    return at;
}

Rules rules_of(const BareNic& nic, const Threshold& threshold)
{
    const std::uint32_t size = nic.ring.size;
    return {nic.table.address,    size,    nic.ring.head, (nic.peek(rdt) + size - nic.ring.head) % size,
            threshold.together(), size / 2};
}

}  // namespace

TEST_CASE("descriptors are written back by threshold, line, end of the ring and last descriptor", "[write_back]")
{
    struct Row {
        Threshold                  threshold;
        std::uint32_t              head, given, frames;
        std::vector<std::uint32_t> expected;
    };
    const std::vector<Row> rows{
        {{.wthresh = 4, .delay = 0}, 0, 40, 6, {1, 1, 1, 1, 1, 1}},  // the threshold needs the timer
        {{.wthresh = 0}, 0, 40, 3, {1, 1, 1}},
        {{.wthresh = 2}, 0, 40, 5, {2, 2}},
        {{.wthresh = 3}, 0, 40, 9, {3, 1, 3, 1}},  // the line's end cuts
        {{.wthresh = 4}, 0, 40, 11, {4, 4}},
        {{.wthresh = 4}, 2, 40, 7, {2, 4}},
        {{.wthresh = 63}, 0, 40, 9, {4, 4}},
        {{.wthresh = 1, .descriptors = false}, 0, 40, 9, {4, 4}},  // one line of four
        {{.wthresh = 2, .descriptors = false}, 1, 40, 9, {3, 4}},
        {{.wthresh = 0, .descriptors = false}, 0, 40, 2, {1, 1}},
        {{.wthresh = 4}, 0, 6, 6, {4, 2}},  // nothing is left to wait for
        {{.wthresh = 4}, 0, 1, 1, {1}},
        {{.wthresh = 3}, 62, 40, 5, {2, 3}},  // over the end of the ring
    };
    for (const Row& row : rows) {
        BareNic nic;
        receive(nic, row.threshold, {.given = (row.head + row.given) % 64, .head = row.head}, en | 2U << 8U);
        send(nic, row.frames);
        nic.finish(10 * us);
        CAPTURE(row.threshold.wthresh, row.threshold.descriptors, row.threshold.delay, row.head, row.frames);
        CHECK(counts(nic) == row.expected);
        std::uint32_t written = row.head;
        for (const std::uint32_t n : row.expected) written += n;
        CHECK(nic.peek(rdh) == written % 64);
        CHECK(breach(nic.dma.records, rules_of(nic, row.threshold)) == "");
    }
}

TEST_CASE("a ring that begins in the middle of a line ends its write-backs at lines and at its end", "[write_back]")
{
    BareNic nic;
    nic.receive(0, {.size = 24, .given = 0});
    nic.table.address += 16;
    for (std::uint32_t i = 0; i < 24; ++i) nic.prepare(i, nic.buffer(i));
    nic.write(rdbal, static_cast<std::uint32_t>(nic.table.address));
    nic.write(rxdctl, Threshold{}.rxdctl());
    nic.write(rdtr, 0xffff);
    nic.write(rdt, 23);
    nic.write(rctl, en | 2U << 8U);
    send(nic, 16);
    nic.finish(10 * us);
    CHECK(counts(nic) == std::vector<std::uint32_t>{3, 4, 4, 4});
    for (std::uint32_t i = 0; i < 14; ++i) nic.prepare(i, nic.buffer(i));
    nic.write(rdt, 14);
    send(nic, 12);
    nic.finish(10 * us);
    // 15 to 18, 19 to 22, the ring's last alone, and from its first to the line again.
    CHECK(counts(nic) == std::vector<std::uint32_t>{3, 4, 4, 4, 4, 4, 1, 3});
}

TEST_CASE("the descriptors of a long frame wait like any others", "[write_back]")
{
    BareNic nic;
    receive(nic, {}, {}, en | buffers_of_256);
    send(nic, 2, 700);  // three descriptors each
    nic.finish(10 * us);
    CHECK(counts(nic) == std::vector<std::uint32_t>{4});
    CHECK(nic.extended(2).status_error % 4 == 3);  // DD and EOP
    CHECK(nic.extended(3).status_error % 4 == 1);  // the next frame's first
    CHECK_FALSE(nic.done(4));
    nic.write(rdtr, 0xffff | fpd);
    nic.run_for(us);
    CHECK(counts(nic) == std::vector<std::uint32_t>{4, 2});
    CHECK(nic.peek(rdh) == 6);
}

TEST_CASE("a timer that expires writes back what waits and then tells the host", "[write_back]")
{
    // RDTR runs from the last frame, RADV from the first.
    for (const bool absolute : {false, true}) {
        BareNic nic;
        receive(nic, {.delay = absolute ? 100U : 20U});
        if (absolute) nic.write(radv, 30);
        nic.send(body_to(station, 64));
        nic.run_for(soon + us);
        const Time first = last_payload(nic);
        nic.run_for(10 * us);
        nic.send(body_to(station, 64));
        nic.run_for(soon + us);
        const Time expiry = absolute ? first + 30 * unit : last_payload(nic) + 20 * unit;
        nic.run_to(expiry);
        CHECK(write_backs(nic).empty());
        CHECK(nic.peek(rdh) == 0);
        nic.run_for(soon);
        REQUIRE(counts(nic) == std::vector<std::uint32_t>{2});
        CHECK(write_backs(nic)[0].issued >= expiry);
        CHECK(nic.peek(rdh) == 2);
        CHECK(nic.done(1));
        REQUIRE(nic.interrupts.rises().size() == 1);
        CHECK(nic.interrupts.rises()[0] >= write_backs(nic)[0].accepted);
        nic.run_for(200 * unit);
        CHECK(nic.interrupts.rises().size() == 1);
        CHECK(nic.counters()["ICRXPTC"] == (absolute ? 0 : 1));
        CHECK(nic.counters()["ICRXATC"] == (absolute ? 1 : 0));
    }
}

TEST_CASE("every undelayed cause writes back what waits", "[write_back]")
{
    struct Row {
        const char*   name;
        std::uint32_t offset, value;
    };
    for (const Row& row : {Row{"FPD", rdtr, 0xffff | fpd}, Row{"RDTR = 0", rdtr, 0}, Row{"ICS.LSC", ics, lsc},
                           Row{"ICS.RXT0", ics, rxt0}, Row{"ICS.RXDMT0", ics, rxdmt0}, Row{"ICS.RXO", ics, rxo},
                           Row{"ICS of a masked cause", ics, 1}, Row{"LSC", ctrl, 0},
                           Row{"a lower WTHRESH", rxdctl, Threshold{.wthresh = 3}.rxdctl()}}) {
        BareNic nic;
        receive(nic, {});
        send(nic, 3);
        nic.finish(10 * us);
        INFO(row.name);
        CHECK(counts(nic).empty());
        const Time at = nic.now();
        nic.write(row.offset, row.value);
        nic.run_for(soon);
        REQUIRE(counts(nic) == std::vector<std::uint32_t>{3});
        CHECK(write_backs(nic)[0].issued >= at);
        CHECK(nic.peek(rdh) == 3);
        CHECK(nic.done(2));
    }
    // What does not concern them leaves them waiting.
    BareNic nic;
    receive(nic, {});
    send(nic, 3);
    nic.finish(10 * us);
    nic.write(rdtr, 0x8000);
    nic.write(ims, lsc);
    nic.write(icr, ~0U);
    nic.write(rdt, 62);
    nic.write(rxdctl, Threshold{.wthresh = 5}.rxdctl());
    nic.run_for(10 * us);
    CHECK(counts(nic).empty());
}

TEST_CASE("RXO writes back what waits, and RXDMT0 finds nothing that does", "[write_back]")
{
    {
        // RXDMT0 comes with a write-back, so no descriptor waits then; but it takes RXT0 with it.
        BareNic nic;
        receive(nic, {}, {.size = 64, .given = 36});
        send(nic, 4);
        nic.finish(10 * us);
        CHECK((nic.read(icr) & (rxdmt0 | rxt0)) == (rxdmt0 | rxt0));
        CHECK(counts(nic) == std::vector<std::uint32_t>{4});
    }
    // Descriptors wait while bus mastering is off; a full FIFO raises RXO, and they go as soon as they may.
    BareNic nic;
    receive(nic, {}, {.size = 64});
    send(nic, 2);
    nic.finish(10 * us);
    nic.set_command(test::memory_enable);
    send(nic, 40, 1518);
    nic.finish(10 * us);
    REQUIRE((nic.peek(icr) & rxo) != 0);
    CHECK(counts(nic).empty());
    const Time at = nic.now();
    nic.set_command(test::memory_enable | test::bus_master);
    nic.run_for(soon);
    REQUIRE_FALSE(counts(nic).empty());
    CHECK(counts(nic)[0] == 2);
    CHECK(write_backs(nic)[0].issued >= at);
}

TEST_CASE("under random traffic write-backs are neither early nor late, and RDH follows", "[write_back]")
{
    std::size_t several = 0, told = 0;
    for (unsigned seed = 0; seed < 60; ++seed) {
        std::mt19937    random{seed};
        const Threshold threshold{below(6, random), seed % 3 != 0, seed % 4 == 0 ? 0U : 0xffffU};
        NicParameters   parameters;
        if (seed % 2 == 0) parameters.wire_rate = 10'000'000'000;
        BareNic    nic{parameters};
        test::Ring ring{.size = 8 + 8 * below(9, random)};
        ring.head  = below(ring.size, random);
        ring.given = (ring.head + below(ring.size, random)) % ring.size;
        receive(nic, threshold, ring, en | (seed % 5 == 0 ? buffers_of_256 : 0));
        for (unsigned i = 0; i < 60; ++i) nic.send(body_to(station, 64 + below(1455, random)));
        Rules rules = rules_of(nic, threshold);
        for (unsigned step = 0; step < 30; ++step) {
            nic.run_for(static_cast<Time>(below(20, random)) * us);
            static_cast<void>(nic.read(icr));
            if (below(4, random) != 0) continue;
            rules.causes.push_back(nic.now());
            nic.write(ics, lsc);
        }
        nic.finish();
        INFO("seed " << seed);
        CHECK(breach(nic.dma.records, rules) == "");
        CHECK(early_rise(nic.dma.records, nic.interrupts.rises(), rules) == "");
        // RDH advanced once for each write-back, by as much.
        std::vector<std::uint64_t> expected, heads;
        std::uint32_t              head = ring.head;
        for (const RingWrite& write : write_backs(nic)) {
            expected.push_back(head = (head + write.count) % ring.size);
            several += write.count > 1 ? 1 : 0;
        }
        for (const ProbeEvent& event : nic.recorder.events)
            if (event.kind == ProbeKind::csr && event.extra == rdh && event.time > 0) heads.push_back(event.value);
        if (heads.size() > expected.size()) heads.erase(heads.begin(), heads.end() - std::ptrdiff_t(expected.size()));
        CHECK(heads == expected);
        told += nic.interrupts.rises().size();
    }
    CHECK(several > 100);
    CHECK(told > 100);
}

TEST_CASE("records of a device that writes back wrongly are caught", "[write_back]")
{
    const Threshold threshold{};
    BareNic         nic;
    receive(nic, threshold);
    send(nic, 11);
    nic.finish(10 * us);
    const Rules rules   = rules_of(nic, threshold);
    const auto  partial = [](const auto& all, DmaRecord& r) { r = all[9], r.address += 64, r.length = 32; };
    const auto  with    = [&](unsigned which, auto change) {
        auto records = nic.dma.all(What::write);
        change(records, records.at(which));
        return breach(records, rules);
    };
    REQUIRE(breach(nic.dma.records, rules) == "");
    // 0 to 3 payload, 4 write-back, 5 to 8, 9, 10 to 12.
    CHECK(with(4, [](auto&, auto& r) { r.length -= 1; }) == "not a number of descriptors");
    CHECK(with(4, [](auto&, auto& r) { r.length -= 16; }) == "not all that wait");
    CHECK(with(4, [](auto&, auto& r) { r.length += 16; }) == "over a line");
    CHECK(with(9, [](auto&, auto& r) { r.address += 16, r.length -= 16; }) == "out of order");
    CHECK(with(4, [](auto& all, auto&) { std::swap(all[3], all[4]); }) == "not finished yet");
    CHECK(with(4, [](auto& all, auto&) { std::swap(all[5], all[4]); }) == "payload although a write-back is due");
    CHECK(with(12, partial) == "too early");
    Rules other = rules;
    other.size  = 2;
    CHECK(breach({nic.dma.all(What::write)[4]}, other) == "over the ring's end");
    // The same write-back is in order when the host caused it.
    other        = rules;
    other.causes = {nic.dma.all(What::write)[11].at + 1};
    auto records = nic.dma.all(What::write);
    partial(records, records[12]);
    records[12].at = other.causes[0];
    CHECK(breach(records, other) == "");

    const std::vector<Time> late{write_backs(nic)[1].accepted}, early{write_backs(nic)[1].issued - 4 * us};
    CHECK(early_rise(nic.dma.records, early, rules) == "RXT0 before a descriptor that it stands for");
    CHECK(early_rise(nic.dma.records, late, rules) == "");
}
