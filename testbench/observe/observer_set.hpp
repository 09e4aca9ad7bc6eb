// SPDX-License-Identifier: Apache-2.0
// All that watch a run, ledger first: makes the probes of NIC and host from those who want something, and no more.
// Never lets an observer cost anything while it is not attached.
#pragma once

#include <vector>

#include "testbench/observe/observer.hpp"
#include "testbench/observe/probe_fan.hpp"

namespace overrun {

class ObserverSet final : public EngineWatch {
public:
    /// All outlive this.
    /// @param sink attached for the whole run; may be null
    ObserverSet(Ledger& ledger, ProbeSink* sink, std::vector<Observer*> observers);

    ObserverSet(const ObserverSet&)            = delete;
    ObserverSet& operator=(const ObserverSet&) = delete;

    void run_begins(const RunBasis& basis)
    {
        for (Observer* observer : observers_) observer->run_begins(basis);
    }

    /// For the NIC as of now; replaced by the looks.
    [[nodiscard]] Probe nic_probe() { return Probe{nic_lives_.sink(), nic_levels_.sink()}; }
    /// For driver and CPU, for the whole run.
    [[nodiscard]] Probe host_probe() { return Probe{host_lives_.sink(), host_levels_.sink()}; }
    /// What an engine is given: null when nobody ever looks.
    [[nodiscard]] EngineWatch* watch() { return next_look() == never ? nullptr : this; }

    [[nodiscard]] Time next_look() const override;
    void               look(NicEngine& engine, Time t) override;

    /// Tells all that the run is over.
    void run_ended(NicEngine& engine, Time t);

private:
    void attach();

    Ledger&                ledger_;
    ProbeSink*             sink_;
    std::vector<Observer*> observers_;
    ProbeFan               nic_lives_;
    ProbeFan               nic_levels_;
    ProbeFan               host_lives_;
    ProbeFan               host_levels_;
};

}  // namespace overrun
