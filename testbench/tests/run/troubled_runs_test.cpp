// SPDX-License-Identifier: Apache-2.0
// Whole runs in which rings change, devices are reset or hang, CPUs stall and rates follow the traffic, at random.
// A breach of the books ends a run with an exception, and the fates are added up once more here.
#include <algorithm>
#include <array>

#include "testbench/result/result_json.hpp"
#include "testbench/run/run.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

Scenario troubled(std::uint64_t seed)
{
    Random   random{seed};
    Scenario s;
    s.host.profile              = random.pick(std::array{"ideal", "xeon-bdw-gen3x8", "82574l-gen1x1"});
    s.driver.settings.ring      = 8 * random.between(8U, 64U);
    s.driver.settings.tail_step = random.between(1U, 32U);
    if (random.chance(50)) {
        s.driver.settings.rx_usecs = random.pick(std::array{0U, 1U, 3U, 4U, 10U, 125U, 1'000U});
        s.driver.settings.rdtr     = random.between(0U, 50U);
        s.driver.settings.radv     = random.between(0U, 50U);
        s.driver.settings.wthresh  = random.between(0U, 8U);
    }
    for (std::uint64_t i = random.between(1, 3); i > 0; --i) {
        TrafficSpec traffic;
        traffic.length = random.between(64U, 1518U);
        traffic.count  = random.between<std::uint64_t>(1, 4'000);
        traffic.start  = random.between<Time>(0, 60 * millisecond);
        traffic.load   = 0.1 * static_cast<double>(random.between(1, 10));
        s.traffic.push_back(traffic);
    }
    for (std::uint64_t i = random.between(0, 3); i > 0; --i)
        s.driver.resize.push_back({random.between<Time>(0, 50 * millisecond), 8 * random.between(8U, 64U)});
    for (std::uint64_t i = random.between(0, 3); i > 0; --i)
        s.host.fault.push_back(
            {random.between<Time>(0, 50 * millisecond),
             random.pick(std::array{FaultKind::device_reset, FaultKind::bus_reset, FaultKind::dma_stop})});
    if (random.chance(80)) s.driver.settings.watchdog = random.between<Time>(millisecond, 10 * millisecond);
    if (random.chance(30))
        s.host.stall.push_back({random.between<Time>(0, millisecond), random.between<Time>(1, millisecond), {}});
    if (random.chance(30)) s.duration = random.between<Time>(1, 80 * millisecond);
    return s;
}

RunResult timeless(const Scenario& scenario)
{
    RunResult result = run_scenario(scenario, Platform::bare);
    result.wall_s = result.cpu_s = 0;
    return result;
}

}  // namespace

TEST_CASE("whatever befalls rings and devices, every frame has one fate and every run ends", "[troubled_runs]")
{
    std::uint64_t resizes = 0, resets = 0, hangs = 0, discarded = 0, disabled = 0;
    for (const std::uint64_t seed : seeds(60)) {
        INFO(replay(seed));
        const Scenario  scenario = troubled(seed);
        const RunResult result   = timeless(scenario);
        std::uint64_t   ended    = 0;
        for (const FateRecord& record : result.fates) ended += record.count;
        CHECK(result.offered == ended + result.in_flight);
        CHECK(result.driver.frames == result.fates[static_cast<std::size_t>(Fate::delivered)].count);
        CHECK(result.fates[static_cast<std::size_t>(Fate::dma_fault)].count == 0);
        CHECK(result.driver.resizes <= scenario.driver.resize.size());
        // A hang may be found again when bus mastering is taken away twice, but never without a fault.
        CHECK(result.driver.lost + result.driver.hangs <= scenario.host.fault.size());
        if (!scenario.driver.settings.watchdog) CHECK(result.driver.looks == 0);
        if (!scenario.duration) {
            CHECK(result.driver.resizes == scenario.driver.resize.size());
            // With a watchdog nothing stays behind.
            if (scenario.driver.settings.watchdog) CHECK(result.in_flight == 0);
        }
        const auto known = [](const auto& anomaly) {
            return anomaly.first == "unimplemented_read" || anomaly.first == "no_bus_master";
        };
        CHECK((scenario.host.fault.empty() || !scenario.driver.settings.watchdog ||
               std::all_of(result.anomalies.begin(), result.anomalies.end(), known)));
        resizes += result.driver.resizes;
        resets += result.driver.lost;
        hangs += result.driver.hangs;
        discarded += result.fates[static_cast<std::size_t>(Fate::reset_discard)].count;
        disabled += result.fates[static_cast<std::size_t>(Fate::rx_disabled)].count;
    }
    // All of it happened.
    CHECK(resizes > 20);
    CHECK(resets > 10);
    CHECK(hangs > 3);
    CHECK(discarded > 20);
    CHECK(disabled > 1'000);
}

TEST_CASE("troubled runs repeat themselves to the byte", "[troubled_runs]")
{
    for (const std::uint64_t seed : seeds(15)) {
        INFO(replay(seed));
        CHECK(result_json(timeless(troubled(seed))) == result_json(timeless(troubled(seed))));
    }
}
