// SPDX-License-Identifier: Apache-2.0
// Receive DMA on the bus: order, tail, fetch boundaries and thresholds, faults, and resets in the middle of everything.
// Every access goes through a recording port.
#include "model/rx_dma.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "hw/platform/platform_profile.hpp"
#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::below;
using test::body_to;
using test::DmaRecord;
using test::station;
using test::Totals;
using What = test::DmaRecord::What;

namespace {

constexpr Time us = microsecond;

const PcieProfile& server()
{
    static const PcieProfile profile = load_platform_profile("xeon-bdw-gen3x8").pcie;
    return profile;
}

NicParameters at_10g()
{
    NicParameters parameters;
    parameters.wire_rate = 10'000'000'000;
    return parameters;
}

void send(BareNic& nic, unsigned frames, std::uint32_t length = 64)
{
    for (unsigned i = 0; i < frames; ++i) nic.send(body_to(station, length));
}

/// CTRL.RST or PERST#.
void reset(BareNic& nic, bool perst)
{
    if (perst) {
        nic.reset();
    } else {
        nic.write(ctrl, reg::CTRL::RST.mask());
    }
}

struct Rings {
    std::uint64_t base;
    std::uint32_t size, tail, head = 0;
};

/// The first thing wrong with what the device did on the bus while `ring` was its ring; empty when nothing is.
std::string breach(const std::vector<DmaRecord>& records, const Rings& ring)
{
    std::deque<DmaRecord> writes, reads;
    std::uint64_t         next_read = ring.base + std::uint64_t{ring.head} * 16;
    std::uint32_t         asked = 0, written_back = 0;
    bool                  payload = false;
    const std::uint32_t   given   = (ring.tail + ring.size - ring.head) % ring.size;
    for (const DmaRecord& record : records) {
        const bool in_ring = record.address >= ring.base && record.address < ring.base + ring.size * 16;
        switch (record.what) {
            case What::read: {
                if (record.address != next_read || record.length % 16 != 0) return "a read out of order";
                if (record.address / 64 != (record.address + record.length - 1) / 64) return "a read over a line";
                if (record.address + record.length > ring.base + ring.size * 16) return "a read over the ring's end";
                const auto busy = std::count_if(reads.begin(), reads.end(), [&](const DmaRecord& read) {
                    return read.times.completed > record.at;
                });
                if (busy >= 4) return "more than four reads in flight";
                asked += record.length / 16;
                if (asked > given) return "a read at or beyond the tail";
                next_read += record.length;
                if (next_read == ring.base + ring.size * 16) next_read = ring.base;
                reads.push_back(record);
                break;
            }
            case What::write:
                if (in_ring) {
                    if (record.length != 16) return "a write-back of a wrong length";
                    if (record.address != ring.base + (ring.head + written_back++) % ring.size * 16)
                        return "a write-back out of order";
                    if (!payload) return "a write-back without payload";
                } else if (std::exchange(payload, false)) {
                    return "payload before the write-back of the last";
                }
                payload = !in_ring;
                writes.push_back(record);
                break;
            case What::commit_read:
                if (reads.empty() || reads.front().address != record.address || reads.front().length != record.length)
                    return "a read completes that was not asked for";
                if (record.at < reads.front().times.completed) return "a read completes too early";
                reads.pop_front();
                break;
            case What::commit_write:
                if (writes.empty() || writes.front().address != record.address || record.length > writes.front().length)
                    return "octets arrive out of order";
                if (record.at < writes.front().times.completed) return "octets arrive too early";
                writes.front().address += record.length;
                writes.front().length -= record.length;
                if (writes.front().length == 0) writes.pop_front();
                break;
        }
    }
    return {};
}

Rings rings_of(const BareNic& nic, std::uint32_t tail)
{
    return {nic.table.address, nic.ring.size, tail, nic.ring.head};
}

/// Descriptors that the reads asked for, in order.
std::vector<std::uint32_t> fetches(const BareNic& nic)
{
    std::vector<std::uint32_t> counts;
    for (const DmaRecord& record : nic.dma.all(What::read)) counts.push_back(record.length / 16);
    return counts;
}

}  // namespace

TEST_CASE("payload comes before its descriptor, in ring order, never early, never beyond the tail", "[rx_dma]")
{
    for (unsigned seed = 0; seed < 30; ++seed) {
        std::mt19937 random{seed};
        BareNic      nic{seed % 2 == 0 ? NicParameters{} : at_10g(), seed % 3 == 0 ? PcieProfile{} : server()};
        test::Ring   ring{.size = 8 + 8 * below(9, random), .given = {}, .extended = seed % 4 < 2};
        ring.head  = below(ring.size, random);
        ring.given = (ring.head + below(ring.size, random)) % ring.size;
        nic.receive(en | (seed % 5 == 0 ? 3U << 16U : 0), ring);
        nic.write(rxdctl, below(64, random) | below(16, random) << 8U | 1U << 24U);
        for (unsigned i = 0; i < 60; ++i) nic.send(body_to(station, 64 + below(1455, random)));
        std::uint32_t tail = *ring.given;
        for (unsigned step = 0; step < 40; ++step) {
            nic.run_for(static_cast<Time>(below(20, random)) * us);
            // The tail moves up, at most to one before the head where the test began: one lap.
            const std::uint32_t left = (ring.head + ring.size - 1 - tail) % ring.size;
            if (left != 0) tail = (tail + below(left + 1, random)) % ring.size;
            nic.write(rdt, tail);
        }
        nic.finish();
        INFO("seed " << seed);
        CHECK(breach(nic.dma.records, rings_of(nic, tail)) == "");
        CHECK(nic.ledger.breach().empty());
        CHECK_FALSE(nic.dma.records.empty());
    }
}

TEST_CASE("records of a device that breaks a rule of the bus are caught", "[rx_dma]")
{
    BareNic nic{{}, server()};
    nic.receive(en);
    send(nic, 20, 300);
    nic.finish();
    const auto& good = nic.dma.records;
    const Rings ring = rings_of(nic, 63);
    const auto  with = [&](What what, auto change) {
        auto       records = good;
        const auto found =
            std::find_if(records.rbegin(), records.rend(), [&](const auto& r) { return r.what == what; });
        change(records, *found);
        return breach(records, ring);
    };
    REQUIRE(breach(good, ring).empty());
    CHECK(with(What::read, [](auto&, DmaRecord& r) { r.address += 16; }) == "a read out of order");
    CHECK(with(What::read, [](auto&, DmaRecord& r) { r.length += 32; }) == "a read over a line");
    CHECK(with(What::write, [](auto&, DmaRecord& r) { r.address += 16; }) == "a write-back out of order");
    CHECK(with(What::commit_write, [](auto&, DmaRecord& r) { r.at = 0; }) == "octets arrive too early");
    CHECK(with(What::commit_read, [](auto&, DmaRecord& r) { r.at = 0; }) == "a read completes too early");
    CHECK(with(What::commit_write, [](auto& all, DmaRecord&) { std::swap(*(all.end() - 1), *(all.end() - 2)); }) ==
          "octets arrive out of order");
    CHECK(breach(good, rings_of(nic, 62)) == "a read at or beyond the tail");
    std::vector<DmaRecord> requests, orders;
    for (DmaRecord record : good) {
        if (record.what == What::write) orders.push_back(record);
        record.times.completed = never;
        if (record.what == What::read) requests.push_back(record);
    }
    CHECK(breach(requests, ring) == "more than four reads in flight");
    // The write-back goes out before its payload.
    std::swap(orders[0], orders[1]);
    CHECK(breach(orders, ring) == "a write-back without payload");
}

TEST_CASE("reads end at 64-octet lines and at the ring's end", "[rx_dma]")
{
    // A base that is a multiple of 16 only: three descriptors to the first line, then four each, five left at the end.
    BareNic nic;
    nic.receive(0, {.size = 24, .given = 0});
    const std::uint64_t base = nic.table.address + 16;
    nic.table.address        = base;
    nic.write(rdbal, static_cast<std::uint32_t>(base));
    nic.write(rdh, 6);
    nic.write(rdt, 4);
    nic.write(rctl, en);
    nic.run_for(us);
    // 6 (to the line at 7), 7 to 10, 11 to 14, 15 to 18, 19 to 22, 23 (end), 0 to 2, 3.
    CHECK(fetches(nic) == std::vector<std::uint32_t>{1, 4, 4, 4, 4, 1, 3, 1});
    CHECK(nic.dma.all(What::read).front().address == base + 6 * 16);
}

TEST_CASE("PTHRESH and HTHRESH decide when a fetch begins, and it takes what fits", "[rx_dma]")
{
    for (const bool lines : {false, true}) {
        BareNic nic;
        nic.receive(en, {.size = 256, .given = 0});
        nic.write(rxdctl, lines ? 2U | 1U << 8U : 8U | 4U << 8U | 1U << 24U);  // 8 and 4 descriptors either way
        std::vector<std::uint32_t> expected;
        const auto                 tail = [&](std::uint32_t to, std::vector<std::uint32_t> more) {
            nic.write(rdt, to);
            nic.run_for(us);
            expected.insert(expected.end(), more.begin(), more.end());
            INFO("tail " << to);
            CHECK(fetches(nic) == expected);
        };
        tail(2, {2});     // nothing was cached: any number will do
        tail(5, {});      // 2 cached, 3 offered: fewer than HTHRESH
        tail(6, {2, 2});  // 4 offered: up to the line, then the rest
        tail(9, {});
        tail(10, {2, 2});  // 6 cached, fewer than PTHRESH
        tail(100, {});     // 10 cached
        send(nic, 2);
        nic.finish(us);
        tail(100, {});  // 8 cached: still not fewer than PTHRESH
        send(nic, 1);
        nic.finish(us);
        // 7 cached, 90 offered: 57 fit into 64, from 10 on: 2, then thirteen lines of 4, then 3.
        expected.push_back(2);
        expected.insert(expected.end(), 13, 4);
        tail(100, {3});
        CHECK(nic.peek(rdh) == 3);
    }
    // Without thresholds a fetch waits for an empty cache.
    BareNic nic;
    nic.receive(en, {.size = 256, .given = 1});
    nic.run_for(us);
    nic.write(rdt, 200);
    nic.run_for(us);
    CHECK(fetches(nic) == std::vector<std::uint32_t>{1});
    send(nic, 1);
    nic.finish(us);
    CHECK(fetches(nic).size() == 18);  // 3, fifteen of 4, and 1 make 64
}

TEST_CASE("with EN = 0 no descriptor is fetched, whatever the ring registers say", "[rx_dma]")
{
    BareNic nic{{}, server()};
    nic.receive(0, {.given = 40});
    nic.run_for(100 * us);
    CHECK(nic.dma.records.empty());
    nic.write(rctl, en);
    nic.run_for(100 * us);
    CHECK(fetches(nic) == std::vector<std::uint32_t>(10, 4));
    // Turned off in the middle of a fetch: the reads on their way complete, no more begin.
    nic.write(rctl, 0);
    nic.write(rdh, 0);
    nic.write(rctl, en);
    nic.run_for(100 * nanosecond);
    const auto begun = nic.dma.all(What::read).size();
    CHECK(begun == 14);  // four in flight
    nic.write(rctl, 0);
    nic.run_for(100 * us);
    CHECK(nic.dma.all(What::read).size() == begun);
    nic.write(rctl, en);
    nic.run_for(100 * us);
    CHECK(nic.dma.all(What::read).size() == 20);
}

TEST_CASE("RNBC counts at the FIFO's head or at reception, as its rule says", "[rx_dma]")
{
    for (const RnbcRule rule : {RnbcRule::at_head, RnbcRule::at_reception}) {
        NicParameters parameters;
        parameters.rnbc_rule = rule;
        BareNic    nic{parameters, server()};
        const auto rnbc = [&] { return nic.counters()["RNBC"]; };
        nic.receive(en, {.given = 2});
        send(nic, 2);
        nic.finish();
        CHECK(rnbc() == 0);
        send(nic, 5);
        nic.finish();
        const bool head = rule == RnbcRule::at_head;
        CHECK(rnbc() == (head ? 1 : 5));  // one at the head, five received
        nic.write(rdt, 3);
        nic.run_for(10 * us);
        CHECK(rnbc() == (head ? 2 : 5));  // the next one reaches the head
        nic.write(rdt, 63);
        nic.run_for(10 * us);
        CHECK(nic.fates() == Totals{{"stored", 7}});
        CHECK(rnbc() == (head ? 2 : 5));
    }
    // A frame that waits for a fetch under way found a descriptor.
    BareNic nic{{}, server()};
    nic.receive(en, {.given = 0});
    nic.send(body_to(station, 64), {.start = nic.now() + 10 * us});
    nic.engine.post_write(Space::csr, rdt, 1, nic.now() + 10 * us + 500 * nanosecond);  // 76 ns before the frame's end
    nic.finish();
    CHECK((nic.counters()["RNBC"] == 0 && nic.fates() == Totals{{"stored", 1}}));
}

TEST_CASE("a null buffer is passed over", "[rx_dma]")
{
    BareNic nic;
    nic.receive(0, {.given = 0, .extended = false});
    for (const std::uint32_t i : {0U, 1U, 3U}) nic.prepare(i, 0);
    nic.write(rctl, en);
    nic.write(rdt, 10);
    send(nic, 2, 100);
    nic.finish();
    CHECK(nic.misuse() == Totals{{"null_buffer", 3}});
    CHECK(nic.fates() == Totals{{"stored", 2}});
    CHECK(nic.peek(rdh) == 5);
    const auto at = [&](std::uint32_t i) { return nic.descriptor<RxDescriptorLegacy>(i); };
    for (const std::uint32_t i : {0U, 1U, 3U}) CHECK((at(i).status == 1 && at(i).length == 0 && at(i).errors == 0));
    for (const std::uint32_t i : {2U, 4U}) CHECK((at(i).status == 7 && at(i).length == 100));
}

TEST_CASE("from a reset on no DMA begins, and every frame ends once, whatever was under way", "[rx_dma]")
{
    unsigned arrived_after = 0;
    for (const std::uint32_t length : {64U, 1518U}) {
        for (Time at = 0; at < 6 * us; at += 56 * nanosecond) {
            const bool perst = at / 56'000 % 5 == 0;
            BareNic    nic{at_10g(), server()};
            nic.receive(en, {.spacing = 4096});
            // Short frames come while the first descriptors are still being read.
            const Time start = length == 64 ? nic.now() : 10 * us;
            for (unsigned i = 0; i < 20; ++i) nic.send(body_to(station, length), {.start = start});
            nic.run_to(start + at);
            const std::uint64_t seen = nic.ledger.in_ring();
            reset(nic, perst);
            const auto orders = nic.dma.all(What::write).size() + nic.dma.all(What::read).size();
            const auto reads  = nic.dma.all(What::commit_read).size();
            const auto writes = nic.dma.all(What::commit_write).size();
            nic.finish();
            INFO(length << " after " << at);
            CHECK(nic.dma.all(What::write).size() + nic.dma.all(What::read).size() == orders);
            CHECK(nic.dma.all(What::commit_read).size() == reads);
            CHECK(nic.dma.all(What::commit_write).size() == nic.dma.all(What::write).size());
            arrived_after += nic.dma.all(What::commit_write).size() > writes ? 1 : 0;
            CHECK(breach(nic.dma.records, rings_of(nic, 63)) == "");
            CHECK(nic.ledger.breach().empty());
            CHECK(nic.ledger.in_nic() == 0);
            CHECK(nic.ledger.in_ring() == seen);
            CHECK(nic.ledger.fate(Fate::reset_discard).count + nic.ledger.fate(Fate::rx_disabled).count + seen == 20);
            CHECK(nic.engine.idle());
            CHECK(nic.counters().empty());

            // And the device works again.
            nic.set_command(test::memory_enable | test::bus_master);
            nic.receive(en);
            send(nic, 3);
            nic.finish();
            CHECK(nic.ledger.in_ring() == seen + 3);
            CHECK(nic.peek(rdh) == 3);
            CHECK(nic.ledger.breach().empty());
        }
    }
    CHECK(arrived_after > 10);  // posted writes were in flight at many of the resets
}

TEST_CASE("a ring set up while the old one's writes are still on their way is not disturbed", "[rx_dma]")
{
    BareNic nic{at_10g(), server()};
    nic.receive(en, {.spacing = 4096});
    nic.send(body_to(station, 1518), {.start = 10 * us});  // ends at 11.22 us, its payload takes 0.6 us
    nic.run_to(11'500 * nanosecond);
    reset(nic, false);
    const auto old = nic.table;
    nic.receive(en);
    CHECK(nic.dma.all(What::commit_write).size() < nic.dma.all(What::write).size());
    send(nic, 5, 200);
    nic.finish();
    CHECK(nic.peek(rdh) == 5);
    for (std::uint32_t i = 0; i < 5; ++i) CHECK(nic.extended(i).length == 200);
    for (const DmaRecord& record : nic.dma.all(What::read))
        CHECK((record.at <= 11'500 * nanosecond) == (record.address < old.address + old.octets));
    CHECK(nic.ledger.breach().empty());
}
