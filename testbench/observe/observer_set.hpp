// SPDX-License-Identifier: Apache-2.0
// Attaches ledger, sink and observers of a run to the probes of NIC and host.
// Contract: an observer costs nothing while it is not attached, and a single interested sink is attached directly.
#pragma once

#include <vector>

#include "hw/engine/watched_engine.hpp"
#include "testbench/observe/observer.hpp"
#include "testbench/observe/probe_fan.hpp"

namespace overrun {

class ObserverSet final : public EngineWatch {
public:
    /// All outlive this.
    /// @param sink attached for the whole run; may be null
    ObserverSet(Ledger& ledger, ProbeSink* sink, const std::vector<Observer*>& observers);

    ObserverSet(const ObserverSet&)            = delete;
    ObserverSet& operator=(const ObserverSet&) = delete;

    void run_begins(const RunStart& start)
    {
        for (const Entry& entry : observers_) entry.observer->run_begins(start);
    }

    /// For the NIC as of now; a look replaces it when an observer was attached or detached by it.
    [[nodiscard]] Probe nic_probe() { return Probe{nic_lives_.sink(), nic_levels_.sink()}; }
    /// For driver and CPU, for the whole run.
    [[nodiscard]] Probe host_probe() { return Probe{host_lives_.sink(), host_levels_.sink()}; }
    [[nodiscard]] Time  next_sample() const override;
    void                sample(NicEngine& engine, Time t) override;

    /// Tells all that the run is over.
    void run_ended(NicEngine& engine, Time t);

private:
    struct Entry {
        Observer* observer;
        bool      attached = false;
    };

    void attach();
    void attach_again(NicEngine& engine);

    Ledger&            ledger_;
    ProbeSink*         sink_;
    std::vector<Entry> observers_;
    ProbeFan           nic_lives_;
    ProbeFan           nic_levels_;
    ProbeFan           host_lives_;
    ProbeFan           host_levels_;
};

}  // namespace overrun
