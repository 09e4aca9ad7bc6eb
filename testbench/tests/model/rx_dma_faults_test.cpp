// SPDX-License-Identifier: Apache-2.0
// Receive DMA when the driver or the platform gets something wrong: refused memory, broken rings, a stopped master.
// What goes wrong is counted and named, and the next right thing works again.
#include <algorithm>
#include <cstdint>

#include "hw/platform/platform_profile.hpp"
#include "model/rx_dma.hpp"
#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
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

void send(BareNic& nic, unsigned frames, std::uint32_t length = 64)
{
    for (unsigned i = 0; i < frames; ++i) nic.send(body_to(station, length));
}

/// When nothing is left of an access at 10 Gb/s: the device moves 16 octets in each cycle of 6.4 ns, and knows of a
/// read's end on the next edge.
Time end_of(const DmaRecord& record)
{
    constexpr Time cycle = 6'400;
    const auto     edge  = [](Time t) { return (t + cycle - 1) / cycle * cycle; };
    const Time     beats = (record.length + 15) / 16;
    if (record.what == What::read) return edge(std::max(record.times.completed, record.at + cycle));
    if (record.what != What::write) return 0;
    return std::max(record.times.completed, edge(std::max(record.at + beats * cycle, record.times.accepted)));
}

}  // namespace

TEST_CASE("a ring that host memory refuses stops the queue until it is set up again", "[rx_dma]")
{
    BareNic nic{{}, server()};
    nic.receive(0, {.given = 0});
    nic.memory.revoke(nic.table);
    nic.write(rctl, en);
    nic.write(rdt, 20);
    send(nic, 3);
    nic.finish();
    const auto faults = nic.misuse()["descriptor_fault"];
    CHECK((faults >= 1 && faults <= 4));  // the reads that were in flight
    CHECK(nic.memory.refused_count() == faults);
    nic.write(rdt, 30);
    nic.run_for(100 * us);
    CHECK(nic.misuse()["descriptor_fault"] == faults);  // a doorbell does not start it again
    CHECK((nic.engine.frames_held().in_fifo == 3 && nic.fates() == Totals{{"in the NIC", 3}}));

    nic.receive(en);
    nic.finish();
    CHECK(nic.fates() == Totals{{"stored", 3}});
    CHECK(nic.misuse()["ring_changed_while_active"] > 0);
}

TEST_CASE("a buffer or a write-back that host memory refuses costs its frame, not the next one", "[rx_dma]")
{
    BareNic nic{{}, server()};
    nic.receive(0, {.given = 0, .spacing = 4096});
    nic.memory.revoke({nic.buffer(1), 4096});
    nic.prepare(3, 0x1000);                     // nowhere
    nic.prepare(5, nic.buffer(5) + 4096 - 32);  // runs into the next one's page
    nic.memory.revoke({nic.buffer(6), 4096});
    nic.write(rctl, en);
    nic.write(rdt, 60);
    send(nic, 8);
    nic.finish();
    CHECK(nic.fates() == Totals{{"stored", 4}, {"dma_fault", 4}});
    CHECK(nic.misuse() == Totals{{"write_fault", 4}});
    for (std::uint32_t i = 0; i < 8; ++i) CHECK(nic.done(i));  // the driver sees every descriptor
    CHECK(nic.ledger.breach().empty());

    // The ring goes away after its descriptors were fetched: nothing can be written back.
    nic.memory.revoke(nic.table);
    send(nic, 2);
    nic.finish();
    CHECK(nic.fates() == Totals{{"stored", 4}, {"dma_fault", 6}});
    CHECK_FALSE(nic.done(8));
    CHECK(nic.ledger.breach().empty());
}

TEST_CASE("head or tail beyond the ring empty it, and are named", "[rx_dma]")
{
    BareNic nic;
    nic.receive(en, {.given = 0});
    for (const std::uint32_t tail : {64U, 65U, 0xffffU}) nic.write(rdt, tail);
    send(nic, 2);
    nic.finish();
    CHECK(nic.dma.records.empty());
    CHECK(nic.misuse() == Totals{{"tail_beyond_ring", 3}});
    CHECK(nic.counters()["RNBC"] == 1);
    nic.write(rdt, 63);
    nic.finish();
    CHECK(nic.fates() == Totals{{"stored", 2}});

    nic.write(rctl, 0);
    nic.write(rdh, 64);
    nic.write(rctl, en);
    CHECK(nic.misuse()["head_beyond_ring"] >= 1);
    const auto before = nic.dma.records.size();
    send(nic, 1);
    nic.finish();
    CHECK(nic.dma.records.size() == before);
    nic.write(rctl, 0);
    nic.write(rdh, 2);
    nic.write(rctl, en);
    nic.finish();
    CHECK(nic.fates() == Totals{{"stored", 3}});
}

TEST_CASE("ring registers written while the ring is in use are named, and otherwise not", "[rx_dma]")
{
    BareNic nic;
    nic.receive(en);
    CHECK(nic.misuse().empty());  // RDH == RDT then, though EN may have been 1 before
    for (const std::uint32_t offset : {rdbal, rdlen}) nic.write(offset, nic.read(offset));
    nic.write(0x2804, nic.read(0x2804));
    nic.write(rdh, 0);
    CHECK(nic.misuse() == Totals{{"ring_changed_while_active", 4}});
    send(nic, 5);
    nic.finish();
    CHECK(nic.fates() == Totals{{"stored", 5}});
    nic.write(rctl, 0);
    nic.write(rdlen, 32 * 16);
    CHECK(nic.misuse()["ring_changed_while_active"] == 4);
}

TEST_CASE("without bus mastering frames wait in the FIFO", "[rx_dma]")
{
    BareNic nic{{}, server(), test::memory_enable};
    nic.receive(en);
    send(nic, 3);
    nic.finish();
    CHECK(nic.dma.records.empty());
    CHECK(nic.misuse() == Totals{{"no_bus_master", 3}});
    CHECK(nic.engine.frames_held().in_fifo == 3);
    nic.set_command(test::memory_enable | test::bus_master);
    nic.finish();
    CHECK(nic.fates() == Totals{{"stored", 3}});
}

TEST_CASE("GIO_MASTER_DISABLE stops new DMA, and STATUS.19 falls when the last access is done", "[rx_dma]")
{
    for (Time at = 0; at < 4 * us; at += 100 * nanosecond) {
        NicParameters parameters;
        parameters.wire_rate = 10'000'000'000;
        BareNic nic{parameters, server()};
        nic.receive(en, {.spacing = 4096});
        nic.run_for(10 * us);
        send(nic, 20, 1518);
        nic.run_for(at);
        nic.write(ctrl, nic.read(ctrl) | gio_master_disable);
        const Time stopped = nic.now();
        Time       quiet   = stopped;
        for (const DmaRecord& record : nic.dma.records) quiet = std::max(quiet, end_of(record));
        const auto enabled = [&] { return (nic.peek(status) >> 19U & 1U) != 0; };
        CHECK(enabled() == (quiet > stopped));
        if (quiet > stopped) nic.run_to(quiet - 1);
        CHECK(enabled() == (quiet > stopped));
        nic.run_to(quiet);
        CHECK_FALSE(enabled());
        nic.finish();
        for (const DmaRecord& record : nic.dma.all(What::write)) CHECK(record.at <= stopped);
        for (const DmaRecord& record : nic.dma.all(What::read)) CHECK(record.at <= stopped);
        CHECK(nic.misuse().empty());
        nic.write(ctrl, nic.read(ctrl) & ~gio_master_disable);
        nic.finish();
        CHECK(enabled());
        CHECK(nic.counters()["GPRC"] == 20 - nic.counters()["MPC"]);
        CHECK(nic.ledger.in_ring() == nic.counters()["GPRC"]);
    }
}
