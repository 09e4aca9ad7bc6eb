// SPDX-License-Identifier: Apache-2.0
// Interrupt causes, mask, delays and throttle against contract B.4, times to the clock edge.
// Expected times follow from the pipeline's parameters.
#include "model/interrupts.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::below;
using test::body_to;
using test::station;

namespace {

constexpr Time us   = microsecond;
constexpr Time unit = 1024 * nanosecond;  // of RDTR and RADV
constexpr Time edge = 8 * nanosecond;

/// From a 64-octet frame's start to the end of its write-back, on a link of no cost: 72 octets on the wire; 2 cycles of
/// MAC, 2 of DMA, 4 beats of payload, 1 of descriptor.
constexpr Time to_memory = 576 * nanosecond + 9 * edge;

void receive(BareNic& nic, std::uint32_t delay, std::uint32_t absolute, const test::Ring& ring = {})
{
    nic.receive(2, ring);
    nic.write(rdtr, delay);
    nic.write(radv, absolute);
    static_cast<void>(nic.read(icr));  // the link has come up
    nic.write(ims, rxt0 | rxdmt0 | rxo | lsc);
}

/// A frame whose write-back ends at `written`, which lies on a clock edge.
void send(BareNic& nic, Time written)
{
    nic.send(body_to(station, 64), {.start = written - to_memory});
}

/// When the line rose for these frames, the host reading ICR 100 ns after each rise.
std::vector<Time> rises(BareNic& nic, const std::vector<Time>& written, Time until)
{
    for (const Time t : written) send(nic, t);
    while (nic.now() < until) {
        nic.source.promise(until + 1);
        if (nic.engine.advance_to_interrupt(until) == never) break;
        nic.run_for(100 * nanosecond);
        static_cast<void>(nic.read(icr));
    }
    return nic.interrupts.rises();
}

/// The registers of B.4 without MSI-X, and departures from them that the comparison must find.
struct Reference {
    std::uint32_t    causes = 0, mask = 0, auto_mask = 0, extension = 0;
    std::string_view bug = {};

    [[nodiscard]] bool          line() const { return (causes & (bug == "line unmasked" ? ~0U : mask)) != 0; }
    [[nodiscard]] std::uint32_t content() const
    {
        const bool shown = bug == "asserted unmasked" ? causes != 0 : (causes & mask) != 0;
        return causes | (shown ? asserted : 0);
    }
    void automask(bool was)
    {
        if ((extension & iame) != 0 && (was || bug == "automask always")) mask &= ~auto_mask;
    }
    std::uint32_t read(std::uint32_t offset)
    {
        const std::uint32_t value = content();
        if (offset == ics) return causes = bug == "ics read clears" ? 0 : causes, value;
        if (offset != icr) return offset == ims ? mask : offset == iam ? auto_mask : offset == ctrl_ext ? extension : 0;
        const bool was = (causes & mask) != 0;
        if (bug != "read keeps unasserted" || was || mask == 0)
            causes = bug == "read clears unmasked" ? causes & ~mask : 0;
        if (bug != "no automask on read") automask(was);
        return value;
    }
    void write(std::uint32_t offset, std::uint32_t value)
    {
        const bool was = (causes & mask) != 0;
        if (offset == icr) {
            causes = bug == "write clears all" ? 0 : causes & ~value;
            if ((value >> 24U & 1U) != 0 && bug != "other alone") causes &= ~0x00070244U;  // LSC RXO MDAC SRPD ACK MNG
            if (bug != "no automask on write") automask(was);
        } else if (offset == ics) {
            const std::uint32_t bits = bug == "bits 3, 5, 8 missing" ? settable & ~0x128U : settable;
            causes |= value & (bug == "masked causes lost" ? bits & mask : bug == "bit 19" ? bits | 1U << 19U : bits);
        } else if (offset == ims) {
            mask = (bug == "mask replaced" ? 0 : mask) | (value & settable);
        } else if (offset == imc) {
            mask &= ~value;
        } else if (offset == iam) {
            auto_mask = value;
        } else {
            extension = value & iame;
        }
    }
};

/// How often device and reference differ over random accesses: a value read, or the line.
unsigned disagreements(std::string_view bug)
{
    std::mt19937 random{31};
    BareNic      nic;
    Reference    reference{.bug = bug};
    static_cast<void>(nic.read(icr));
    unsigned count = 0;
    for (int i = 0; i < 4000; ++i) {
        constexpr std::array offsets{icr, ics, ims, imc, iam, ctrl_ext};
        const std::uint32_t  offset = offsets[below(6, random)];
        const std::uint32_t  value  = static_cast<std::uint32_t>(random()) & static_cast<std::uint32_t>(random());
        if (below(2, random) == 0) {
            count += nic.read(offset) == reference.read(offset) ? 0 : 1;
        } else {
            nic.write(offset, offset == ctrl_ext ? value & iame : value);
            reference.write(offset, value);
        }
        count += nic.interrupts.level() == reference.line() ? 0 : 1;
        nic.run_for(edge);
    }
    return count;
}

}  // namespace

TEST_CASE("ICR, ICS, IMS, IMC, IAM and the line follow their rules, and one rule wrong is noticed", "[interrupts]")
{
    CHECK(disagreements({}) == 0);
    for (const char* bug :
         {"line unmasked", "asserted unmasked", "automask always", "ics read clears", "read keeps unasserted",
          "read clears unmasked", "no automask on read", "write clears all", "other alone", "no automask on write",
          "bits 3, 5, 8 missing", "bit 19", "masked causes lost", "mask replaced"}) {
        INFO(bug);
        CHECK(disagreements(bug) > 0);
    }
}

TEST_CASE("the interrupt test of ethtool -t passes", "[interrupts]")
{
    // Contract E.2: masked must not interrupt, unmasked must, all others masked must not.
    BareNic nic;
    nic.write(imc, ~0U);
    std::uint32_t seen = 0;
    const auto    wait = [&] {
        seen = 0;
        nic.run_for(10 * millisecond);
        if (nic.interrupts.level()) seen = nic.read(icr);
    };
    for (unsigned bit = 0; bit < 10; ++bit) {
        const std::uint32_t mask = 1U << bit;
        INFO(bit);
        nic.write(imc, mask), nic.write(ics, mask), wait();
        CHECK(seen == 0);
        nic.write(ims, mask), nic.write(ics, mask), wait();
        CHECK((seen & mask) != 0);
        nic.write(imc, ~mask & 0x7fffU), nic.write(ics, ~mask & 0x7fffU), wait();
        CHECK(seen == 0);
        // What was masked is still there and fires as soon as it is enabled.
        nic.write(ims, ~mask & 0x7fffU);
        CHECK(nic.interrupts.level());
        CHECK(nic.read(icr) == ((~mask & 0x7fffU) | asserted));
        nic.write(imc, ~0U);
    }
}

TEST_CASE("RDTR delays each interrupt and restarts on every frame", "[interrupts]")
{
    constexpr Time first = 16 * us, delay = 5 * unit;
    struct Row {
        Time              second;
        std::vector<Time> expected;
        unsigned          expiries;
    };
    // A write-back on the very edge of the expiry comes before the timer (law 2), so it restarts it.
    for (const Row& row :
         {Row{first + delay - edge, {first + 2 * delay - edge}, 1}, Row{first + delay, {first + 2 * delay}, 1},
          Row{first + delay + edge, {first + delay, first + 2 * delay + edge}, 2},
          Row{first + 1000 * us, {first + delay, first + 1000 * us + delay}, 2}}) {
        BareNic nic;
        receive(nic, 5, 0);
        CHECK(rises(nic, {first, row.second}, 2000 * us) == row.expected);
        CHECK(nic.counters()["ICRXPTC"] == row.expiries);
        CHECK(nic.counters()["ICRXATC"] == 0);
        CHECK(nic.counters()["IAC"] == row.expiries);
    }
    // Without a delay the line rises with the write-back, and no timer is counted.
    BareNic immediate;
    receive(immediate, 0, 0);
    CHECK(rises(immediate, {20 * us, 30 * us}, 100 * us) == std::vector<Time>{20 * us, 30 * us});
    CHECK((immediate.counters()["ICRXPTC"] == 0 && immediate.counters()["ICRXATC"] == 0));
    // The table finds a bound where there should be none.
    BareNic nic;
    receive(nic, 5, 5);
    CHECK(rises(nic, {first, first + delay - edge}, 2000 * us) != std::vector<Time>{first + 2 * delay - edge});
}

TEST_CASE("RADV bounds the delay from the first frame on", "[interrupts]")
{
    constexpr Time    first = 16 * us;
    std::vector<Time> written;
    for (int i = 0; i < 30; ++i) written.push_back(first + i * 2 * unit);  // faster than RDTR = 4 lets it expire

    // The frame written on the edge of the bound still belongs to it; the next one starts the next bound.
    const std::vector<Time> bounds{first + 10 * unit, first + 22 * unit, first + 34 * unit, first + 46 * unit,
                                   first + 58 * unit};
    struct Row {
        std::uint32_t     delay, absolute;
        std::vector<Time> written, expected;
        unsigned          by_delay, by_absolute;
    };
    for (const Row& row :
         {Row{4, 10, written, bounds, 0, 5}, Row{4, 0, written, {written.back() + 4 * unit}, 1, 0},  // no bound
          Row{4, 10, {first}, {first + 4 * unit}, 1, 0},                                             // RDTR stops RADV
          Row{0, 10, {first}, {first}, 0, 0}}) {  // no delay to bound
        BareNic nic;
        receive(nic, row.delay, row.absolute);
        CHECK(rises(nic, row.written, 1000 * us) == row.expected);
        CHECK((nic.counters()["ICRXATC"] == row.by_absolute && nic.counters()["ICRXPTC"] == row.by_delay));
    }
}

TEST_CASE("a cause that nothing delays takes the waiting RXT0 with it", "[interrupts]")
{
    constexpr Time first = 16 * us;
    // Delays of more than a millisecond; what follows comes earlier.
    BareNic    nic;
    const auto flushed = [&](Time at, std::uint32_t cause) {
        CHECK(nic.interrupts.rises() == std::vector<Time>{at});
        CHECK(nic.read(icr) == (asserted | rxt0 | cause));
        nic.run_for(10 * millisecond);
        CHECK(nic.interrupts.rises().size() == 1);  // both timers have stopped
        CHECK(nic.read(icr) == 0);
        CHECK((nic.counters()["ICRXPTC"] == 0 && nic.counters()["ICRXATC"] == 0));
    };
    SECTION("RXDMT0")
    {
        receive(nic, 2000, 3000, {.size = 8});  // seven descriptors; half of eight are free after three frames
        for (const Time t : {first, first + 2 * us, first + 4 * us}) send(nic, t);
        nic.finish();
        flushed(first + 4 * us, rxdmt0);
    }
    SECTION("RXO")
    {
        receive(nic, 2000, 3000, {.given = 1});
        send(nic, first);
        nic.finish();
        REQUIRE(nic.interrupts.edges.empty());
        for (int i = 0; i < 20; ++i) nic.send(body_to(station, 1500));
        nic.finish();
        REQUIRE(nic.counters()["ICRXOC"] > 0);
        REQUIRE(nic.interrupts.rises().size() == 1);
        flushed(nic.interrupts.rises().front(), rxo);
        CHECK(nic.counters()["ICRXOC"] == nic.counters()["MPC"]);
    }
    SECTION("LSC")
    {
        receive(nic, 2000, 3000);
        send(nic, first);
        nic.run_to(100 * us - edge);
        nic.write(0x0000, 0);  // SLU
        flushed(100 * us, lsc);
    }
    SECTION("RDTR.FPD")
    {
        receive(nic, 2000, 3000);
        nic.write(rdtr, 2000 | asserted);  // nothing waits: nothing happens
        nic.run_to(10 * us);
        CHECK(nic.read(icr) == 0);
        send(nic, first);
        nic.run_to(100 * us - edge);
        nic.write(rdtr, 2000 | asserted);
        CHECK(nic.read(rdtr) == 2000);
        flushed(100 * us, 0);
    }
}

TEST_CASE("ITR keeps interrupts apart, to the clock edge", "[interrupts]")
{
    constexpr Time interval = 40 * 256 * nanosecond;  // 10.24 us
    BareNic        nic;
    static_cast<void>(nic.read(icr));
    nic.write(ims, 0x7f);
    nic.write(itr, 40);
    // Accesses that take effect at `at`.
    const auto cause = [&](Time at, std::uint32_t bits) { nic.run_to(at - edge), nic.write(ics, bits); };
    const auto read  = [&](Time at) { return nic.run_to(at - edge), nic.read(icr); };

    cause(20 * us, 1);  // the counter has expired: at once
    cause(21 * us, 2);  // the line is up already
    CHECK(read(22 * us) == (asserted | 3));
    cause(23 * us, 4);  // within the interval: waits for its end
    cause(24 * us, 8);
    nic.run_to(20 * us + interval - edge);
    CHECK_FALSE(nic.interrupts.level());
    CHECK(nic.peek(icr) == (asserted | 12));
    CHECK(read(31 * us) == (asserted | 12));
    cause(20 * us + 2 * interval - edge, 1);  // one edge before the end of the second interval
    CHECK(read(20 * us + 2 * interval) == (asserted | 1));
    cause(20 * us + 3 * interval, 1);  // on the end of the third: at once
    CHECK(read(52 * us) == (asserted | 1));
    cause(53 * us, 1);  // waits, but the host reads it away
    CHECK(read(54 * us) == (asserted | 1));
    nic.run_to(80 * us - edge);
    CHECK_FALSE(nic.interrupts.level());
    cause(80 * us, 0x40);  // masked at first
    CHECK(read(81 * us) == (asserted | 0x40));
    nic.write(itr, 0);
    nic.run_to(91 * us - edge);
    cause(91 * us, 1);
    CHECK(read(91 * us + edge) == (asserted | 1));
    cause(91 * us + 2 * edge, 1);  // no throttle any more
    const std::vector<Time> expected{
        20 * us, 20 * us + interval, 20 * us + 2 * interval, 20 * us + 3 * interval, 80 * us,
        91 * us, 91 * us + 2 * edge};
    CHECK(nic.interrupts.rises() == expected);
    CHECK(nic.counters()["IAC"] == 7);
    Time last_end = 0;  // of an interval: told while it runs, for nothing need happen there
    for (const ProbeEvent& e : nic.recorder.events)
        if (e.kind == ProbeKind::interrupt_timers && (e.value & 4U) != 0) last_end = static_cast<Time>(e.extra);
    CHECK(last_end == 80 * us + interval);
}

TEST_CASE("under a steady stream ITR alone sets the interrupt rate", "[interrupts]")
{
    // 64-octet frames at line rate, 672 ns apart; ITR 10.24 us and 9.984 us; the host reads ICR at once.
    for (const std::uint32_t units : {40U, 39U}) {
        BareNic nic;
        receive(nic, 0, 0, {.size = 256});
        nic.write(itr, units);
        std::vector<Time> written;
        for (int i = 0; i < 250; ++i) written.push_back(100 * us + i * 672 * nanosecond);
        const auto found = rises(nic, written, 300 * us);
        REQUIRE(found.size() > 10);
        // The last one may be late for want of a cause.
        for (std::size_t i = 1; i + 1 < found.size(); ++i)
            CHECK(found[i] - found[i - 1] == static_cast<Time>(units) * 256 * nanosecond);
    }
}

TEST_CASE("PCI Command disables the pin and nothing else", "[interrupts]")
{
    constexpr std::uint32_t disable = 1U << 10U, on = test::memory_enable | test::bus_master;
    BareNic                 nic;
    static_cast<void>(nic.read(icr));
    nic.write(ims, lsc);
    nic.write(ics, lsc);
    CHECK(nic.interrupts.level());
    nic.set_command(on | disable);
    CHECK_FALSE(nic.interrupts.level());
    CHECK(nic.peek(icr) == (asserted | lsc));
    nic.run_for(10 * us);
    nic.set_command(on);
    CHECK(nic.interrupts.level());  // the cause is still there
    CHECK(nic.read(icr) == (asserted | lsc));
    nic.set_command(on | disable);
    nic.write(ics, lsc);
    nic.run_for(10 * us);
    CHECK(nic.interrupts.rises().size() == 2);
    CHECK(nic.counters()["IAC"] == 2);
}

TEST_CASE("RXDMT0 comes exactly once on the way down, at a half, a quarter or an eighth", "[interrupts]")
{
    struct Row {
        std::uint32_t size, rdmts, left;
    };
    for (const Row& row :
         {Row{64, 0, 32}, Row{64, 1, 16}, Row{64, 2, 8}, Row{24, 0, 12}, Row{24, 2, 3}, Row{8, 2, 1}}) {
        BareNic nic;
        nic.receive(2U | row.rdmts << 8U, {.size = row.size});
        static_cast<void>(nic.read(icr));
        INFO(row.size << " " << row.rdmts);
        for (std::uint32_t free = row.size - 1; free-- > 0;) {
            nic.send(body_to(station, 64));
            nic.finish(2 * us);
            REQUIRE((nic.read(0x2818) + row.size - nic.read(0x2810)) % row.size == free);
            REQUIRE((nic.read(icr) & rxdmt0) == (free == row.left ? rxdmt0 : 0));
        }
        CHECK(nic.counters()["ICRXDMTC"] == 1);

        // Refilled to the brim it says nothing; it does on the next way down.
        nic.write(0x2818, row.size - 2);
        nic.run_for(10 * us);
        CHECK(nic.counters()["ICRXDMTC"] == 1);
        for (std::uint32_t i = 0; i < row.size - 1; ++i) nic.send(body_to(station, 64));
        nic.finish();
        CHECK(nic.counters()["ICRXDMTC"] == 2);
    }
}
