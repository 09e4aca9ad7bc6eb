// SPDX-License-Identifier: Apache-2.0
// Random scenarios, and what two platforms make of them: results and events, down to the first difference.
// A platform is asked only what its caller can see.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "testbench/run/bare_platform.hpp"
#include "testbench/run/lifecycle.hpp"
#include "testbench/run/systemc_platform.hpp"
#include "testbench/tests/support/random.hpp"
#include "testbench/traffic/station_address.hpp"

namespace overrun::test {

using laws::Random;

[[nodiscard]] inline bool mentions(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

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

[[nodiscard]] inline std::string text_of_event(const ProbeEvent& event)
{
    return fmt::format("kind {} at {} id {} value {} extra {}", static_cast<unsigned>(event.kind), event.time, event.id,
                       event.value, event.extra);
}

/// Every member of a record of numbers, whatever their names.
template <class T>
[[nodiscard]] std::string words(const T& record)
{
    static_assert(std::has_unique_object_representations_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);
    return fmt::format("{}", fmt::join(std::bit_cast<std::array<std::uint64_t, sizeof(T) / 8>>(record), " "));
}

[[nodiscard]] inline std::string text_of_latency(const std::optional<LatencySummary>& latency)
{
    return latency ? words(*latency) : "none";
}

/// Every field of a result that a platform fills, and what it leaves in the system, one a line.
[[nodiscard]] inline std::string text_of_result(const RunResult& result, const System& system)
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

using Run = std::function<void(System&, RunResult&)>;

struct Observed {
    std::string             result;
    std::vector<ProbeEvent> events;  ///< in the order of their times, those of one kind and time as they were told
    std::uint64_t           late = 0;
};

/// A sink is told events in the order of the engine's calls, whose times may run backwards by as much as a call covers,
/// and how far a call goes is the platform's affair (ProbeSink::event). What a waveform shows is compared: each kind's
/// events, all of them, in their order.
inline void sort_by_time(std::vector<ProbeEvent>& events)
{
    std::ranges::stable_sort(events, {}, [](const ProbeEvent& event) { return std::tuple{event.time, event.kind}; });
}

[[nodiscard]] inline Observed observe(const Scenario& scenario, const Run& run)
{
    Recorder recorder;
    RunHooks hooks;
    hooks.probe = &recorder;
    System    system{scenario, default_station_address, hooks};
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
[[nodiscard]] inline std::string result_difference(const Observed& bare, const Observed& other)
{
    std::istringstream left{bare.result};
    std::istringstream right{other.result};
    for (;;) {
        std::string a          = "nothing";
        std::string b          = "nothing";
        const bool  more_left  = static_cast<bool>(std::getline(left, a));
        const bool  more_right = static_cast<bool>(std::getline(right, b));
        if (a != b || more_left != more_right) return fmt::format("bare: {}, other: {}", a, b);
        if (!more_left) return bare.result.empty() ? "no result" : "";
    }
}

/// The first event in which two runs differ; empty when none does.
[[nodiscard]] inline std::string event_difference(const std::vector<ProbeEvent>& bare,
                                                  const std::vector<ProbeEvent>& other)
{
    for (std::size_t i = 0; i < std::min(bare.size(), other.size()); ++i)
        if (const auto a = text_of_event(bare[i]), b = text_of_event(other[i]); a != b)
            return fmt::format("event {}: bare {}, other {}", i, a, b);
    if (bare.size() != other.size()) return fmt::format("{} events bare, {} otherwise", bare.size(), other.size());
    return bare.empty() ? "no events" : "";
}

[[nodiscard]] inline std::string difference(const Observed& bare, const Observed& other)
{
    // The begin of a stall that hits the CPU in a read is told when the device has gone on: late on either platform.
    if (bare.late != other.late) return fmt::format("late events: {} bare, {} otherwise", bare.late, other.late);
    const std::string result = result_difference(bare, other);
    return result.empty() ? event_difference(bare.events, other.events) : result;
}

[[nodiscard]] inline TrafficSpec random_traffic(Random& random)
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

[[nodiscard]] inline Scenario random_scenario(std::uint64_t seed)
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
    scenario.driver.settings.ring      = random.pick(rings);
    scenario.driver.settings.tail_step = random.between<std::uint32_t>(1, 64);
    scenario.driver.settings.budget    = random.chance(50) ? 64 : random.between<std::uint32_t>(1, 16);
    scenario.driver.settings.itr       = random.chance(50) ? 0 : random.between<std::uint32_t>(1, 500);
    scenario.driver.settings.rdtr      = random.pick(delays);
    scenario.driver.settings.radv      = random.pick(delays);
    scenario.driver.settings.wthresh   = random.between<std::uint32_t>(1, 8);
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

}  // namespace overrun::test
