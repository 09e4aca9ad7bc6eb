// SPDX-License-Identifier: Apache-2.0
// An engine that books its DMA on the port's link directly does what it does through the port's interface.
#include <string>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;

namespace {

/// A link that costs something in each direction, so that a booking that is lost or made twice moves what follows.
[[nodiscard]] PcieProfile slow_link(Time write_latency)
{
    PcieProfile pcie;
    pcie.bits_per_second     = 2'000'000'000;
    pcie.max_payload         = 128;
    pcie.reads_in_flight     = 2;
    pcie.write_overhead      = 24;
    pcie.read_overhead       = 24;
    pcie.completion_overhead = 20;
    pcie.write_latency       = write_latency;
    pcie.read_latency        = 500 * nanosecond;
    return pcie;
}

[[nodiscard]] std::string text(const ProbeEvent& event)
{
    return std::to_string(static_cast<unsigned>(event.kind)) + " at " + std::to_string(event.time) + " id " +
           std::to_string(event.id) + ": " + std::to_string(event.value) + ", " + std::to_string(event.extra);
}

/// Random frames into a ring that is too small for some of them.
void play(BareNic& nic, std::uint64_t seed)
{
    laws::Random random{seed};
    nic.receive(en | bam, {.size = 16 + 8 * random.between(0U, 4U)});
    for (unsigned n = random.between(5U, 60U); n != 0; --n)
        nic.send(test::body_to(test::station, random.between(64U, 1518U), test::ordinary_type, n));
    nic.finish();
}

/// The first difference in events, interrupt edges or the octets of ring and buffers; empty when there is none.
[[nodiscard]] std::string difference(BareNic& a, BareNic& b)
{
    for (std::size_t i = 0; i < std::min(a.recorder.events.size(), b.recorder.events.size()); ++i)
        if (const std::string one = text(a.recorder.events[i]), other = text(b.recorder.events[i]); one != other)
            return one + " is " + other;
    if (a.recorder.events.size() != b.recorder.events.size()) return "one has more events";
    if (a.interrupts.rises() != b.interrupts.rises()) return "interrupt edges";
    const auto octets = static_cast<std::uint32_t>(a.buffers.address + a.buffers.octets - a.table.address);
    if (a.octets_at(a.table.address, octets) != b.octets_at(b.table.address, octets)) return "octets in memory";
    return {};
}

}  // namespace

TEST_CASE("DMA booked on the link directly gives the events and octets that the port's interface gives", "[rx_dma]")
{
    for (const std::uint64_t seed : laws::seeds(30)) {
        INFO(laws::replay(seed));
        BareNic through{{}, slow_link(300 * nanosecond), &BareNic::dma};
        BareNic direct{{}, slow_link(300 * nanosecond), &BareNic::port};
        play(through, seed);
        play(direct, seed);
        CHECK(difference(through, direct) == "");
        CHECK_FALSE(through.dma.records.empty());
        CHECK(direct.dma.records.empty());
    }
}

TEST_CASE("a link whose times differ by a nanosecond is told apart", "[rx_dma]")
{
    BareNic one{{}, slow_link(300 * nanosecond), &BareNic::port};
    BareNic other{{}, slow_link(301 * nanosecond), &BareNic::port};
    play(one, 1);
    play(other, 1);
    CHECK(difference(one, other) != "");
}
