// SPDX-License-Identifier: Apache-2.0
// The detailed mode: what the device does by itself happens when SystemC's time is there, and not before or after.
// platform_test.cpp compares the results with other modes.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <systemc>

#include "hw/base/input_error.hpp"
#include "hw/systemc/sc_time_bridge.hpp"
#include "testbench/tests/laws/broken_engines.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/systemc/child.hpp"
#include "testbench/tests/systemc/comparison.hpp"

using namespace overrun;
using namespace overrun::test;
using overrun::laws::replay;
using overrun::laws::seeds;
using overrun::laws::Wrapped;

namespace {

/// The device's own steps as they are told, each against SystemC's time.
class Punctual final : public ProbeSink {
public:
    [[nodiscard]] ProbeKinds kinds() const override { return all_probe_kinds; }
    void                     event(const ProbeEvent& event) override
    {
        // The driver's time runs ahead; that a frame has begun is seen at the next step, for nothing depends on it.
        if (event.kind == ProbeKind::taken || event.kind == ProbeKind::driver || event.kind == ProbeKind::offered ||
            (event.kind == ProbeKind::wire && event.value == 1))
            return;
        ++events;
        if (event.time != systemc_now() && first.empty())
            first = fmt::format("{}, told at {}", text_of_event(event), systemc_now());
    }
    void committed(Time t) override
    {
        if (t > systemc_now() && first.empty()) first = fmt::format("committed {} at {}", t, systemc_now());
    }

    std::uint64_t events = 0;
    std::string   first;
};

/// @return the first event that was not told at its time; empty when there is none
std::string first_unpunctual(const Scenario& scenario, const Run& run)
{
    Punctual punctual;
    RunHooks hooks;
    hooks.probe = &punctual;
    System    system{scenario, default_station_address, hooks};
    RunResult result;
    run(system, result);
    return punctual.events == 0 ? "no events" : punctual.first;
}

void run_stepwise(System& system, RunResult& result)
{
    run_detailed(system, result);
}

template <class Engine>
void run_with(System& system, RunResult& result)
{
    run_detailed(system, result, laws::maker<Engine>());
}

/// Its steps are scheduled a clock late.
class LateByACycle final : public Wrapped {
public:
    using Wrapped::Wrapped;
    [[nodiscard]] Time next_internal() const override
    {
        const Time next = model.next_internal();
        return next == never ? never : next + cycle;
    }
};

/// Does what is due a clock later, too.
class EarlyByACycle final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time advance_to_interrupt(Time limit) override
    {
        model.advance(limit + cycle);
        return never;
    }
};

/// Says that nothing is left while a write is on its way to the host.
class ForgetsVisibility final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time advance_to_interrupt(Time limit) override
    {
        const Time edge = model.advance_to_interrupt(limit);
        if (edge == never) model.advance(limit + 1);
        return edge;
    }
};

Scenario small_scenario()
{
    Scenario scenario;
    scenario.host.profile         = "xeon-bdw-gen3x8";
    scenario.wire_rate            = 10'000'000'000;
    scenario.driver.settings.ring = 64;
    scenario.traffic.resize(1);
    scenario.traffic[0].count = 200;
    return scenario;
}

/// Throws out of the driver's own stack.
class Refuser final : public FrameConsumer {
public:
    void frame(std::span<const std::byte>, Time) override { throw InputError("the consumer does not like this frame"); }
};

/// Throws out of a step of the device, as a waveform does whose file cannot be written.
class Thrower final : public ProbeSink {
public:
    [[nodiscard]] ProbeKinds kinds() const override { return probe_bit(ProbeKind::stored); }
    void                     event(const ProbeEvent&) override { throw InputError("the disk is full"); }
    void                     committed(Time) override {}
};

/// What a run of one frame throws.
std::string thrown(const RunHooks& hooks)
{
    return in_child([&]() -> std::string {
        Scenario scenario;
        scenario.traffic.resize(1);
        System    system{scenario, default_station_address, hooks};
        RunResult result;
        try {
            run_detailed(system, result);
        } catch (const InputError& error) {
            return error.what();
        }
        return "nothing";
    });
}

}  // namespace

TEST_CASE("in the detailed mode every step of the device happens at its own SystemC time", "[systemc]")
{
    for (const std::uint64_t seed : seeds(30)) {
        const Scenario scenario = random_scenario(seed);
        INFO(replay(seed));
        CHECK(in_child([&] { return first_unpunctual(scenario, run_stepwise); }) == "");
    }
}

TEST_CASE("steps that come too late or too early are noticed, and so is the lazy mode", "[systemc]")
{
    const auto said = [](const Run& run) { return in_child([&] { return first_unpunctual(small_scenario(), run); }); };
    CHECK(said(run_with<Wrapped>) == "");
    CHECK(mentions(said(run_with<LateByACycle>), "told at"));
    CHECK(mentions(said(run_with<EarlyByACycle>), "committed"));
    CHECK(mentions(said(run_with<ForgetsVisibility>), "committed"));
    CHECK(mentions(said(run_systemc), "committed"));
}

TEST_CASE("the comparison of platforms notices a device that does not keep to SystemC's time", "[systemc]")
{
    const Scenario scenario = small_scenario();
    const auto     said     = [&](const Run& run) {
        return in_child([&] { return difference(observe(scenario, run_bare), observe(scenario, run)); });
    };
    CHECK(said(run_with<Wrapped>) == "");
    CHECK(mentions(said(run_with<EarlyByACycle>), "other"));
}

TEST_CASE("what a run throws leaves the detailed platform unchanged, and a run prints nothing", "[systemc]")
{
    Refuser  refuser;
    Thrower  thrower;
    RunHooks hooks;
    CHECK(thrown(hooks) == "nothing");
    hooks.consumer = &refuser;
    CHECK(thrown(hooks) == "the consumer does not like this frame");
    hooks       = {};
    hooks.probe = &thrower;
    CHECK(thrown(hooks) == "the disk is full");

    Scenario scenario;
    scenario.traffic.resize(1);
    CHECK(in_child([&]() -> std::string {
              System    system{scenario, default_station_address, {}};
              RunResult result;
              run_detailed(system, result);
              std::fflush(nullptr);
              std::cout.flush();
              return result.driver.frames == 1 ? "" : "no frame";
          }) == "");
}
