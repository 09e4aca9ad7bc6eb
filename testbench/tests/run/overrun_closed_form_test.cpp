// SPDX-License-Identifier: Apache-2.0
// Where the closed form of an overrun holds, a run must give it exactly: ring, FIFO, and what neither can take.
// The form needs nothing but the scenario.
#include "testbench/run/run.hpp"
#include "testbench/scenario/builtin.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

struct Overload {
    Scenario      scenario;
    std::uint64_t burst = 0;
    std::uint64_t cost  = 0;  ///< of a frame in the FIFO
    std::uint64_t fifo  = 0;  ///< octets
    std::uint64_t ring  = 0;
};

/// A burst back to back while the driver is stalled, on a platform that costs nothing.
Overload random_overload(std::uint64_t seed)
{
    Random   random{seed};
    Overload o;
    o.ring                     = 8 * random.between(8U, random.chance(50) ? 32U : 512U);
    o.scenario.wire_rate       = random.pick(std::array<std::int64_t, 7>{
              10'000'000, 100'000'000, 1'000'000'000, 2'500'000'000, 10'000'000'000, 40'000'000'000, 100'000'000'000});
    const std::uint32_t length = random.chance(30) ? 64 : random.between(64U, 1518U);
    const std::uint32_t kib    = random.between(1U, 64U);
    o.cost                     = 16 + 8 * ((length + 7) / 8);
    o.fifo                     = kib * 1024;
    const std::uint64_t fits   = o.ring - 1 + o.fifo / o.cost;
    const std::uint64_t below  = fits - std::min<std::uint64_t>(fits - 1, 3);
    o.burst = random.chance(20) ? random.between<std::uint64_t>(1, fits) : random.between(below, fits + 500);
    o.scenario.driver.settings.rx_fifo_kib = kib;
    o.scenario.driver.settings.ring        = static_cast<std::uint32_t>(o.ring);
    o.scenario.host.profile                = "ideal";
    TrafficSpec traffic;
    traffic.length = length;
    traffic.count  = o.burst;
    o.scenario.traffic.push_back(traffic);
    const Time wire = WireRate{o.scenario.wire_rate}.slot(length) * static_cast<Time>(o.burst);
    o.scenario.host.stall.push_back({0, wire + microsecond, std::nullopt});
    return o;
}

struct Figures {
    std::uint64_t lost      = 0;
    std::uint64_t delivered = 0;
    std::uint64_t mpc       = 0;
    std::uint64_t rnbc      = 0;
    FrameId       first     = 0;
    FrameId       last      = 0;
    std::uint64_t run       = 0;

    friend bool operator==(const Figures&, const Figures&) = default;
};

/// V1 of the published forms, with 16 octets a frame and 8 a begun beat; the frames lost are the last ones.
Figures closed_form(const Overload& o)
{
    Figures             f;
    const std::uint64_t kept = o.fifo < o.cost ? 0 : o.ring - 1 + o.fifo / o.cost;
    f.lost                   = o.burst > kept ? o.burst - kept : 0;
    f.delivered              = o.burst - f.lost;
    f.mpc                    = f.lost;
    // Only the first frame that finds the ring empty waits for the driver at the FIFO's head.
    f.rnbc  = o.fifo >= o.cost && o.burst >= o.ring ? 1 : 0;
    f.first = f.lost == 0 ? 0 : o.burst - f.lost + 1;
    f.last  = f.lost == 0 ? 0 : o.burst;
    f.run   = f.lost;
    return f;
}

Figures figures(const RunResult& result)
{
    const auto& lost = result.fates[static_cast<std::size_t>(Fate::fifo_overrun)];
    const auto  of   = [&result](reg::Counter counter) { return result.registers[static_cast<std::size_t>(counter)]; };
    return {lost.count,
            result.fates[static_cast<std::size_t>(Fate::delivered)].count,
            of(reg::Counter::MPC),
            of(reg::Counter::RNBC),
            lost.first,
            lost.last,
            lost.longest_run};
}

std::string text(const Overload& o)
{
    return "ring " + std::to_string(o.ring) + ", FIFO " + std::to_string(o.fifo) + ", burst " +
           std::to_string(o.burst) + ", length " + std::to_string(o.scenario.traffic[0].length) + ", rate " +
           std::to_string(o.scenario.wire_rate);
}

/// The form takes the DMA to keep pace. A FIFO of one frame, or of one and a bit, does not let it: a frame's space is
/// free only when the last of it has gone, while the next one is arriving.
bool form_holds(const Overload& o)
{
    return o.fifo >= 2 * o.cost || o.fifo < o.cost;
}

}  // namespace

TEST_CASE("a burst into a stalled driver loses what ring and FIFO cannot take", "[closed_form]")
{
    unsigned lossy = 0;
    for (const std::uint64_t seed : seeds(150)) {
        const Overload o = random_overload(seed);
        if (!form_holds(o)) continue;
        const Figures expected = closed_form(o);
        const Figures actual   = figures(run_scenario(o.scenario, Platform::bare));
        INFO(text(o) << "; " << replay(seed));
        CHECK(actual.lost == expected.lost);
        CHECK(actual.delivered == expected.delivered);
        CHECK(actual.mpc == expected.mpc);
        CHECK(actual.rnbc == expected.rnbc);
        CHECK(actual == expected);
        lossy += expected.lost > 0 ? 1 : 0;
    }
    CHECK(lossy > 0);
}

TEST_CASE("a FIFO with another cost of a frame does not give the closed form", "[closed_form]")
{
    unsigned header = 0, line = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Overload o = random_overload(seed);
        if (!form_holds(o)) continue;
        const Figures expected                  = closed_form(o);
        o.scenario.nic.parameters.fifo_overhead = 24;
        header += figures(run_scenario(o.scenario, Platform::bare)) == expected ? 0 : 1;
        o.scenario.nic.parameters.fifo_overhead = 16;
        o.scenario.nic.parameters.fifo_line     = 16;
        line += figures(run_scenario(o.scenario, Platform::bare)) == expected ? 0 : 1;
    }
    CHECK(header > 10);
    CHECK(line > 10);
}

TEST_CASE("slow-driver: 595 frames find 63 descriptors and a FIFO for 256", "[closed_form]")
{
    const Scenario          scenario = find_scenario("slow-driver");
    const RunResult         result   = run_scenario(scenario, Platform::bare);
    const Figures           actual   = figures(result);
    constexpr std::uint64_t kept     = 63 + 20 * 1024 / (16 + 64);
    CHECK(result.offered == 2000);
    CHECK(actual.lost == 595 - kept);
    CHECK(actual.lost == 276);
    CHECK(actual.delivered == 1724);
    CHECK(actual.mpc == 276);
    CHECK(actual.rnbc == 1);
    CHECK(actual.first == kept + 1);
    CHECK(actual.first == 320);
    CHECK(actual.last == 595);
    CHECK(actual.run == 276);
    // A frame's end on the wire: a slot of 84 octets for each before it, then preamble, SFD and 64 octets, at 8 ns
    // each.
    const FateRecord& lost = result.fates[static_cast<std::size_t>(Fate::fifo_overrun)];
    CHECK(lost.first_at == 319 * 84 * 8 * nanosecond + 72 * 8 * nanosecond);
    CHECK(lost.last_at == 594 * 84 * 8 * nanosecond + 72 * 8 * nanosecond);
    CHECK(result.fifo_peak == 20 * 1024);
    CHECK(result.in_flight == 0);
}
