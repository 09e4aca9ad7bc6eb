// SPDX-License-Identifier: Apache-2.0
// The parts of a simulated system that no platform changes: sources, wire, link, memory, engine, ledger.
// Never includes SystemC: the SystemC platform wraps these objects in modules, the bare one calls them.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "driver_sim/driver/driver_settings.hpp"
#include "driver_sim/driver/frame_consumer.hpp"
#include "driver_sim/host/interrupt_queue.hpp"
#include "driver_sim/host/stall_schedule.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/platform/host_memory.hpp"
#include "hw/platform/link_dma_port.hpp"
#include "hw/platform/pcie_link.hpp"
#include "hw/platform/platform_profile.hpp"
#include "hw/platform/wire.hpp"
#include "testbench/ledger/ledger.hpp"
#include "testbench/observe/observer_set.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/merged_source.hpp"
#include "testbench/traffic/replay_source.hpp"

namespace overrun {

/// What a caller may attach to a run. All may be null; all outlive it.
struct RunHooks {
    ProbeSink*               probe    = nullptr;  ///< gets everything it wants, from bring-up to bring-down
    FrameConsumer*           consumer = nullptr;
    const std::atomic<bool>* stop     = nullptr;  ///< when true, no further frame is sent and the run winds down
    std::vector<Observer*>   observers{};
    bool                     keep_frames = false;  ///< RunStart::tap is wanted
};

/// Absolute time of a scenario's time zero: after any bring-up, on a core clock edge.
[[nodiscard]] Time scenario_origin(const NicParameters& parameters);

/// What happens to driver or device at a scripted time: the ring gets another length, or the device a fault.
struct ScriptedEvent {
    Time                         at = 0;  ///< absolute
    std::optional<std::uint32_t> ring;
    FaultKind                    fault = FaultKind::device_reset;  ///< without `ring`
};

class System {
public:
    /// @param station the NIC's address, already resolved
    System(const Scenario& scenario, const MacAddress& station, const RunHooks& hooks);

    /// Makes the engine of the scenario, watched by the observers that take samples. It reports to the probe that it is
    /// given, which is observers.nic_probe() unless a caller has another.
    /// @throws InputError when `nic.implementation` names none that is built in
    [[nodiscard]] EngineMaker engine_maker();
    /// That engine on this system's DMA port, wire and interrupt queue.
    [[nodiscard]] std::unique_ptr<NicEngine> engine();

    [[nodiscard]] DriverSettings driver_settings() const;
    [[nodiscard]] StallSchedule  stalls() const;
    /// Rings and faults that the scenario scripts, in time order.
    [[nodiscard]] std::vector<ScriptedEvent> events() const;
    /// Counters of all captures together; empty when none is replayed.
    [[nodiscard]] std::optional<ReplayCounts> replay_counts() const;

    Scenario        scenario;
    NicParameters   parameters;
    PlatformProfile profile;
    Time            origin;
    Ledger          ledger;
    ObserverSet     observers;
    FrameConsumer*  consumer;

    PcieLink       link;
    HostMemory     memory;
    LinkDmaPort    dma;
    InterruptQueue interrupts;

private:
    [[nodiscard]] std::vector<std::unique_ptr<FrameSource>> make_sources(const MacAddress& station);

    std::vector<const ReplaySource*> replays_;
    MergedSource                     sources_;

public:
    Wire wire;
    /// Where the NIC gets its frames.
    [[nodiscard]] FrameSource& frames() noexcept { return tap_ ? static_cast<FrameSource&>(*tap_) : wire; }

private:
    std::optional<FrameTap> tap_;
};

}  // namespace overrun
