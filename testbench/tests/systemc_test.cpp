// SPDX-License-Identifier: Apache-2.0
// The SystemC platform against the bare one: the same scenario gives the same result and the same events.
// Never a timed test, and never two simulations in one process.
#include "testbench/systemc_platform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <systemc>
#include <tuple>
#include <type_traits>
#include <vector>

#include "hw/input_error.hpp"
#include "hw/systemc/sc_time_bridge.hpp"
#include "testbench/bare_platform.hpp"
#include "testbench/drive.hpp"
#include "testbench/tests/catch.hpp"
#include "testbench/tests/random.hpp"
#include "testbench/tests/systemc_child.hpp"

using namespace overrun;
using namespace overrun::laws;
using overrun::test::in_child;

namespace {

/// All events that a sink is told, in order.
class Recorder final : public ProbeSink {
public:
    [[nodiscard]] ProbeKinds kinds() const override { return all_probe_kinds; }
    void                     event(const ProbeEvent& event) override
    {
        if (event.time < committed_) ++late;
        events.push_back(event);
    }
    void committed(Time t) override { committed_ = std::max(committed_, t); }

    std::vector<ProbeEvent> events;
    std::uint64_t           late = 0;  ///< events from before a time that was said to be final

private:
    Time committed_ = 0;
};

std::string text_of_event(const ProbeEvent& event)
{
    return fmt::format("kind {} at {} id {} value {} extra {}", static_cast<unsigned>(event.kind), event.time, event.id,
                       event.value, event.extra);
}

/// Every member of a record of numbers, whatever their names.
template <class T>
std::string words(const T& record)
{
    static_assert(std::has_unique_object_representations_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);
    return fmt::format("{}", fmt::join(std::bit_cast<std::array<std::uint64_t, sizeof(T) / 8>>(record), " "));
}

std::string text_of_latency(const std::optional<LatencySummary>& latency)
{
    return latency ? words(*latency) : "none";
}

/// Every field of a result that a platform fills, and what it leaves in the system, one a line.
std::string text_of_result(const RunResult& result, const System& system)
{
    std::string text =
        fmt::format("times {} {}\noffered {} {} in flight {}\nfifo {} {}\n", result.simulated, result.wire_time,
                    result.offered, result.offered_octets, result.in_flight, result.fifo_octets, result.fifo_peak);
    text += fmt::format("ring {}\n", result.ring_free_min);
    for (const FateRecord& fate : result.fates) text += "fate " + words(fate) + '\n';
    for (const std::uint64_t value : result.registers) text += fmt::format("register {}\n", value);
    text += "driver " + words(result.driver) + "\nhost " + words(result.host) + '\n';
    text += "wire to host " + text_of_latency(result.wire_to_host) + '\n';
    text += "wire to driver " + text_of_latency(result.wire_to_driver) + '\n';
    for (const auto& [name, count] : result.anomalies) text += fmt::format("anomaly {} {}\n", name, count);
    for (const std::string& note : result.notes) text += "note " + note + '\n';
    const auto refused = system.memory.first_refused();
    text += fmt::format("refused {} {:#x}\n", system.memory.refused_count(), refused ? refused->address : 0);
    text += fmt::format("wire {} {} {} {}\n", system.wire.frames(), system.wire.octets(), system.wire.moved(),
                        system.wire.moved_at_most());
    return text;
}

using Run = void (*)(System&, RunResult&);

struct Observed {
    std::string             result;
    std::vector<ProbeEvent> events;  ///< in the order of their times, those of one kind and time as they were told
    std::uint64_t           late = 0;
};

/// A sink is told events in the order of the engine's calls, whose times may run backwards by as much as a call covers,
/// and how far a call goes is the platform's affair (ProbeSink::event). What a waveform shows is compared: each kind's
/// events, all of them, in their order.
void sort_by_time(std::vector<ProbeEvent>& events)
{
    std::ranges::stable_sort(events, {}, [](const ProbeEvent& event) { return std::tuple{event.time, event.kind}; });
}

Observed observe(const Scenario& scenario, Run run)
{
    Recorder  recorder;
    Observers observers;
    observers.probe = &recorder;
    System    system{scenario, default_station_address, observers};
    RunResult result;
    Observed  observed;
    try {
        run(system, result);
        observed.result = text_of_result(result, system);
    } catch (const InternalError& error) {
        observed.result = std::string{"internal error "} + error.what();
    }
    observed.late   = recorder.late;
    observed.events = std::move(recorder.events);
    sort_by_time(observed.events);
    return observed;
}

/// The first line in which two results differ; empty when none does.
std::string result_difference(const Observed& bare, const Observed& systemc)
{
    std::istringstream left{bare.result};
    std::istringstream right{systemc.result};
    for (;;) {
        std::string a          = "nothing";
        std::string b          = "nothing";
        const bool  more_left  = static_cast<bool>(std::getline(left, a));
        const bool  more_right = static_cast<bool>(std::getline(right, b));
        if (a != b || more_left != more_right) return fmt::format("bare: {}, SystemC: {}", a, b);
        if (!more_left) return bare.result.empty() ? "no result" : "";
    }
}

/// The first event in which two runs differ; empty when none does.
std::string event_difference(const std::vector<ProbeEvent>& bare, const std::vector<ProbeEvent>& systemc)
{
    for (std::size_t i = 0; i < std::min(bare.size(), systemc.size()); ++i)
        if (const auto a = text_of_event(bare[i]), b = text_of_event(systemc[i]); a != b)
            return fmt::format("event {}: bare {}, SystemC {}", i, a, b);
    if (bare.size() != systemc.size()) return fmt::format("{} events bare, {} in SystemC", bare.size(), systemc.size());
    return bare.empty() ? "no events" : "";
}

std::string difference(const Observed& bare, const Observed& systemc)
{
    // The begin of a stall that hits the CPU in a read is told when the device has gone on: late on either platform.
    if (bare.late != systemc.late) return fmt::format("late events: {} bare, {} in SystemC", bare.late, systemc.late);
    const std::string result = result_difference(bare, systemc);
    return result.empty() ? event_difference(bare.events, systemc.events) : result;
}

TrafficSpec random_traffic(Random& random)
{
    constexpr std::array<std::uint32_t, 8> lengths{18, 60, 64, 65, 512, 1518, 1522, 3000};
    TrafficSpec                            traffic;
    traffic.length = random.chance(50) ? random.pick(lengths) : random.between<std::uint32_t>(18, 1600);
    traffic.count  = random.between<std::uint64_t>(1, 600);
    traffic.start  = random.chance(50) ? 0 : random.between<Time>(0, 2 * millisecond);
    if (random.chance(50)) traffic.rate = random.between<std::uint64_t>(20'000, 3'000'000);
    if (random.chance(20)) traffic.destination = MacAddress{{2, 0, 0, 0, 0, 9}};
    return traffic;
}

Scenario random_scenario(std::uint64_t seed)
{
    constexpr std::array<std::int64_t, 5>  rates{100'000'000, 1'000'000'000, 2'500'000'000, 10'000'000'000,
                                                40'000'000'000};
    constexpr std::array<std::uint32_t, 4> rings{64, 72, 256, 1024};
    constexpr std::array<std::uint32_t, 4> delays{0, 0, 1, 32};
    const std::array<std::string, 3>       profiles{"ideal", "xeon-bdw-gen3x8", "82574l-gen1x1"};

    Random   random{seed};
    Scenario scenario;
    scenario.wire_rate = random.pick(rates);
    for (std::uint64_t i = 0, n = random.between<std::uint64_t>(1, 3); i < n; ++i)
        scenario.traffic.push_back(random_traffic(random));
    scenario.driver.ring      = random.pick(rings);
    scenario.driver.tail_step = random.between<std::uint32_t>(1, 64);
    scenario.driver.budget    = random.chance(50) ? 64 : random.between<std::uint32_t>(1, 16);
    scenario.driver.itr       = random.chance(50) ? 0 : random.between<std::uint32_t>(1, 500);
    scenario.driver.rdtr      = random.pick(delays);
    scenario.driver.radv      = random.pick(delays);
    scenario.driver.wthresh   = random.between<std::uint32_t>(1, 8);
    if (random.chance(60)) scenario.driver.service = random.between<Time>(0, 3 * microsecond);
    scenario.host.profile = random.pick(profiles);
    for (std::uint64_t i = random.below(4); i > 1; --i) {
        StallSpec stall{random.between<Time>(0, 2 * millisecond), random.between<Time>(1, 400 * microsecond), {}};
        // One at most, so that the CPU runs at all.
        if (i == 2 && random.chance(30)) stall.every = 500 * microsecond;
        scenario.host.stall.push_back(stall);
    }
    // A stall that repeats for ever needs an end.
    if (random.chance(30) || !scenario.host.stall.empty()) scenario.duration = random.between<Time>(1, 3 * millisecond);
    return scenario;
}

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

/// Runs a scenario bare, then in SystemC with a neighbour that has to tick `ticks` times at least.
std::string difference_beside(const Scenario& scenario, const Habit& habit, std::uint64_t ticks)
{
    const Observed  bare = observe(scenario, run_bare);
    const Neighbour neighbour{"neighbour", habit};
    const Observed  systemc = observe(scenario, run_systemc);
    if (neighbour.ticks() < ticks) return "the neighbour was not served";
    return difference(bare, systemc);
}

/// Throws out of the driver's own stack.
class Refuser final : public FrameConsumer {
public:
    void frame(std::span<const std::byte>, Time) override { throw InputError("the consumer does not like this frame"); }
};

}  // namespace

TEST_CASE("the SystemC platform and the bare one give the same results and the same events", "[systemc]")
{
    for (const std::uint64_t seed : seeds(60)) {
        const Scenario scenario = random_scenario(seed);
        INFO(replay(seed));
        CHECK(in_child([&] { return difference(observe(scenario, run_bare), observe(scenario, run_systemc)); }) == "");
    }
}

TEST_CASE("the comparison of platforms finds the least difference", "[systemc]")
{
    const Scenario scenario = random_scenario(3);
    const Observed bare     = observe(scenario, run_bare);
    CHECK(difference(bare, bare).empty());

    Scenario other       = scenario;
    other.driver.service = scenario.driver.service.value_or(0) + 1;
    CHECK(in_child([&] { return difference(bare, observe(other, run_systemc)); }).find("SystemC") != std::string::npos);

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
        CHECK(in_child([&] { return difference_beside(scenario, Habit{}, 10'000); }) == "");
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
        CHECK(in_child([&] { return difference_beside(scenario, habit, 100); }) == "");
    }
}

TEST_CASE("what a run throws leaves the SystemC platform unchanged", "[systemc]")
{
    const auto thrown = [](const Scenario& scenario, FrameConsumer* consumer) -> std::string {
        Observers observers;
        observers.consumer = consumer;
        System    system{scenario, default_station_address, observers};
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
