// SPDX-License-Identifier: Apache-2.0
// Builds a system from a scenario.
// Never reads a file but the platform profile and the captures that the scenario names.
#include "testbench/run/system.hpp"

#include <algorithm>

#include "driver_sim/driver/rx_ring.hpp"
#include "testbench/engines/engines.hpp"
#include "testbench/traffic/burst_source.hpp"
#include "testbench/traffic/fixed_source.hpp"
#include "testbench/traffic/poisson_source.hpp"

namespace overrun {

namespace {

NicParameters parameters_of(const Scenario& scenario, const MacAddress& station)
{
    NicParameters parameters = scenario.nic.parameters;
    parameters.wire_rate     = scenario.wire_rate;
    parameters.nvm_address   = station;
    return parameters;
}

/// Ring and buffers of 4096 descriptors take 8.1 MiB; the rest is room for a driver that sets up its ring again.
/// Rings that are given back are not used again.
std::uint64_t memory_octets(const Scenario& scenario)
{
    std::uint64_t octets = std::uint64_t{64} << 20U;
    for (const ResizeSpec& resize : scenario.driver.resize)
        octets += std::uint64_t{resize.ring} * (RxRing::buffer_octets + rx_descriptor_octets) + 8192;
    return octets;
}

}  // namespace

Time scenario_origin(const NicParameters& parameters)
{
    // Bring-up waits about 40 ms, then for the link.
    constexpr Time bring_up = 100 * millisecond;
    return parameters.clock().edge(round_up(bring_up + parameters.link_up_time, millisecond));
}

System::System(const Scenario& scenario_, const MacAddress& station, const RunHooks& hooks)
    : scenario{scenario_},
      parameters{parameters_of(scenario, station)},
      profile{load_platform_profile(scenario.host.profile)},
      origin{scenario_origin(parameters)},
      observers{ledger, hooks.probe, hooks.observers},
      consumer{hooks.consumer},
      link{profile.pcie},
      memory{memory_octets(scenario)},
      dma{link, memory},
      interrupts{link},
      sources_{make_sources(station)},
      wire{sources_.all(), WireRate{parameters.wire_rate}, hooks.stop}
{
    if (hooks.keep_frames) tap_.emplace(wire);
    observers.run_begins({.origin               = origin,
                          .ledger               = &ledger,
                          .tap                  = tap_ ? &*tap_ : nullptr,
                          .delivered_fcs_octets = scenario.driver.settings.strip_fcs ? 0 : fcs_octets,
                          .time_zero_ns         = [this] {
                              for (const ReplaySource* replay : replays_)
                                  if (const auto zero = replay->time_zero_ns()) return *zero;
                              return std::int64_t{0};
                          }});
}

std::vector<std::unique_ptr<FrameSource>> System::make_sources(const MacAddress& station)
{
    std::vector<std::unique_ptr<FrameSource>> sources;
    const WireRate                            rate{parameters.wire_rate};
    for (std::size_t i = 0; i < scenario.traffic.size(); ++i) {
        const TrafficSpec&  spec = scenario.traffic[i];
        const std::uint64_t seed = spec.seed.value_or(source_seed(scenario.seed, i));
        switch (spec.kind) {
            case TrafficKind::fixed:
                sources.push_back(std::make_unique<FixedSource>(spec, station, rate, origin, seed));
                break;
            case TrafficKind::poisson:
                sources.push_back(std::make_unique<PoissonSource>(spec, station, rate, origin, seed));
                break;
            case TrafficKind::burst:
                sources.push_back(std::make_unique<BurstSource>(spec, station, rate, origin, seed));
                break;
            case TrafficKind::pcap: {
                auto replay = std::make_unique<ReplaySource>(spec, origin);
                replays_.push_back(replay.get());
                sources.push_back(std::move(replay));
                break;
            }
        }
    }
    return sources;
}

EngineMaker System::engine_maker()
{
    EngineMaker make = engine_named(scenario.nic.implementation, "nic.implementation");
    if (observers.next_sample() == never) return make;
    return [this, make = std::move(make)](const NicParameters& of, const EngineSeams& seams) {
        return std::make_unique<WatchedEngine>(make(of, seams), observers);
    };
}

std::unique_ptr<NicEngine> System::engine()
{
    return engine_maker()(parameters, {dma, frames(), interrupts, observers.nic_probe()});
}

DriverSettings System::driver_settings() const
{
    DriverSettings settings = scenario.driver.settings;
    settings.frame_time     = scenario.driver.service.value_or(profile.host.driver_frame + profile.host.buffer_alloc);
    settings.poll_entry     = profile.host.softirq;
    return settings;
}

StallSchedule System::stalls() const
{
    std::vector<Stall> stalls;
    for (const StallSpec& spec : scenario.host.stall)
        stalls.push_back({origin + spec.at, spec.duration, spec.every.value_or(never)});
    return StallSchedule{std::move(stalls)};
}

std::vector<ScriptedEvent> System::events() const
{
    std::vector<ScriptedEvent> events;
    for (const ResizeSpec& spec : scenario.driver.resize) events.push_back({origin + spec.at, spec.ring, {}});
    for (const FaultSpec& spec : scenario.host.fault) events.push_back({origin + spec.at, std::nullopt, spec.kind});
    std::stable_sort(events.begin(), events.end(),
                     [](const ScriptedEvent& a, const ScriptedEvent& b) { return a.at < b.at; });
    return events;
}

std::optional<ReplayCounts> System::replay_counts() const
{
    if (replays_.empty()) return std::nullopt;
    ReplayCounts sum;
    for (const ReplaySource* replay : replays_) sum += replay->counts();
    return sum;
}

}  // namespace overrun
