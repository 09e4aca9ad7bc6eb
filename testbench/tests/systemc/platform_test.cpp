// SPDX-License-Identifier: Apache-2.0
// The SystemC platform, lazy and detailed, against the bare one: the same scenario gives the same result and events.
// Each simulation has a process of its own, and no test looks at the clock on the wall.
#include "testbench/run/systemc_platform.hpp"

#include <array>
#include <cstdio>
#include <iostream>
#include <systemc>

#include "hw/base/input_error.hpp"
#include "hw/systemc/sc_time_bridge.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"
#include "testbench/tests/systemc/child.hpp"
#include "testbench/tests/systemc/comparison.hpp"

using namespace overrun;
using namespace overrun::test;
using overrun::laws::replay;
using overrun::laws::seeds;

namespace {

/// When somebody acts, besides once at zero: first at `from`, for the last time at `until` or a period later.
struct Habit {
    Time from        = 0;
    Time until       = 200 * millisecond;
    Time tick_period = 7'777'777;
    Time walk_period = 13'131'313;
};

/// Somebody else in the platform: wakes again and again, by event and by time.
class Neighbour final : public sc_core::sc_module {
public:
    Neighbour(const sc_core::sc_module_name& module_name, const Habit& habit)
        : sc_core::sc_module{module_name}, habit_{habit}, toggled_{"toggled"}
    {
        SC_METHOD(tick);
        SC_THREAD(walk);
    }
    [[nodiscard]] std::uint64_t ticks() const { return ticks_; }

private:
    void tick()
    {
        ++ticks_;
        toggled_.write(!toggled_.read());
        const Time now = systemc_now();
        if (now < habit_.until) next_trigger(to_sc_time(now < habit_.from ? habit_.from - now : habit_.tick_period));
    }
    void walk()
    {
        if (habit_.from != 0) wait(to_sc_time(habit_.from));
        while (systemc_now() < habit_.until) wait(to_sc_time(habit_.walk_period));
    }

    Habit                    habit_;
    std::uint64_t            ticks_ = 0;
    sc_core::sc_signal<bool> toggled_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(Neighbour);
#endif
};

/// Two ways to run a scenario under SystemC.
struct Mode {
    const char* name;
    Run         run;
};
const std::array modes{Mode{"lazy", run_systemc},
                       Mode{"detailed", [](System& system, RunResult& result) { run_detailed(system, result); }}};

/// Runs a scenario bare, then in SystemC with a neighbour that has to tick `ticks` times at least.
std::string difference_beside(const Scenario& scenario, const Run& run, const Habit& habit, std::uint64_t ticks)
{
    const Observed  bare = observe(scenario, run_bare);
    const Neighbour neighbour{"neighbour", habit};
    const Observed  systemc = observe(scenario, run);
    if (neighbour.ticks() < ticks) return "the neighbour was not served";
    return difference(bare, systemc);
}

/// Throws out of the driver's own stack.
class Refuser final : public FrameConsumer {
public:
    void frame(std::span<const std::byte>, Time) override { throw InputError("the consumer does not like this frame"); }
};

}  // namespace

TEST_CASE("the SystemC platform, lazy or detailed, and the bare one give the same results and the same events",
          "[systemc]")
{
    for (const std::uint64_t seed : seeds(60)) {
        const Scenario scenario = random_scenario(seed);
        INFO(replay(seed));
        for (const Mode& mode : modes) {
            INFO(mode.name);
            CHECK(in_child([&] { return difference(observe(scenario, run_bare), observe(scenario, mode.run)); }) == "");
        }
    }
}

TEST_CASE("the comparison of platforms finds the least difference", "[systemc]")
{
    const Scenario scenario = random_scenario(3);
    const Observed bare     = observe(scenario, run_bare);
    CHECK(difference(bare, bare).empty());

    Scenario other       = scenario;
    other.driver.service = scenario.driver.service.value_or(0) + 1;
    for (const Mode& mode : modes)
        CHECK(mentions(in_child([&] { return difference(bare, observe(other, mode.run)); }), ", other"));

    Observed changed = bare;
    ++changed.events.back().extra;
    CHECK_FALSE(difference(bare, changed).empty());
    changed = bare;
    ++changed.events.back().time;
    CHECK_FALSE(difference(bare, changed).empty());
    changed      = bare;
    changed.late = bare.late + 1;
    CHECK_FALSE(difference(bare, changed).empty());
    changed = bare;
    changed.events.pop_back();
    CHECK_FALSE(difference(bare, changed).empty());
    changed = bare;
    changed.result += "one more line";
    CHECK_FALSE(difference(bare, changed).empty());
    changed               = bare;
    changed.result.back() = ' ';
    CHECK_FALSE(difference(bare, changed).empty());
}

TEST_CASE("a module with a time of its own beside the platform changes nothing", "[systemc]")
{
    for (const std::uint64_t seed : seeds(30)) {
        const Scenario scenario = random_scenario(seed);
        INFO(replay(seed));
        for (const Mode& mode : modes) {
            INFO(mode.name);
            CHECK(in_child([&] { return difference_beside(scenario, mode.run, Habit{}, 10'000); }) == "");
        }
    }
}

TEST_CASE("a module that acts on the NIC's clock edges changes nothing on a platform without any cost", "[systemc]")
{
    for (const std::uint64_t seed : seeds(30)) {
        Scenario scenario     = random_scenario(seed);
        scenario.host.profile = "ideal";
        NicParameters parameters;
        parameters.wire_rate   = scenario.wire_rate;
        const CoreClock clock  = parameters.clock();
        const Time      origin = scenario_origin(parameters);
        // Densely, and from the bring-up's last sleep to beyond the end of most runs.
        const Habit habit{origin - 1 * microsecond, origin + 3 * millisecond, clock.edge(100 * nanosecond),
                          clock.cycles(29)};
        INFO(replay(seed));
        for (const Mode& mode : modes) {
            INFO(mode.name);
            CHECK(in_child([&] { return difference_beside(scenario, mode.run, habit, 100); }) == "");
        }
    }
}

TEST_CASE("what a run throws leaves the SystemC platform unchanged", "[systemc]")
{
    const auto thrown = [](const Scenario& scenario, FrameConsumer* consumer) -> std::string {
        RunHooks hooks;
        hooks.consumer = consumer;
        System    system{scenario, default_station_address, hooks};
        RunResult result;
        try {
            run_systemc(system, result);
        } catch (const InputError& error) {
            return std::string{"input error: "} + error.what();
        } catch (const InternalError& error) {
            return std::string{"internal error: "} + error.what();
        }
        return "nothing";
    };
    Scenario scenario;
    scenario.traffic.resize(1);

    Refuser refuser;
    CHECK(in_child([&] { return thrown(scenario, &refuser); }) == "input error: the consumer does not like this frame");

    Scenario unknown           = scenario;
    unknown.nic.implementation = "abacus";
    CHECK_THAT(in_child([&] { return thrown(unknown, nullptr); }),
               Catch::Matchers::StartsWith("input error: nic.implementation: \"abacus\""));

    CHECK_THAT(in_child([&] {
                   const std::string first = thrown(scenario, nullptr);
                   return first + ", " + thrown(scenario, nullptr);
               }),
               Catch::Matchers::StartsWith("nothing, internal error: SystemC has simulated in this process"));
}

TEST_CASE("a SystemC run prints nothing", "[systemc]")
{
    const std::string text = in_child([]() -> std::string {
        Scenario scenario;
        scenario.traffic.resize(1);
        System    system{scenario, default_station_address, {}};
        RunResult result;
        run_systemc(system, result);
        std::fflush(nullptr);
        std::cout.flush();
        return result.driver.frames == 1 ? "" : "no frame";
    });
    CHECK(text == "");
}
