// SPDX-License-Identifier: Apache-2.0
// The INTx line of a platform: an sc_signal<bool> that knows whether a process observes its changes.
// Contract: once a process has asked for one of its events, every change is driven.
#pragma once

#include <systemc>

namespace overrun {

/// Bound to Nic::irq in place of a plain sc_signal, it lets a decoupled CPU skip changes that no process waits for
/// (DecoupledNic). For sc_trace, which looks at the value without waiting for an event, take a plain sc_signal.
class InterruptLine final : public sc_core::sc_signal<bool> {
public:
    using sc_core::sc_signal<bool>::sc_signal;

    [[nodiscard]] bool observed() const noexcept { return observed_; }

    const sc_core::sc_event& default_event() const override { return hear(sc_signal::default_event()); }
    const sc_core::sc_event& value_changed_event() const override { return hear(sc_signal::value_changed_event()); }
    const sc_core::sc_event& posedge_event() const override { return hear(sc_signal::posedge_event()); }
    const sc_core::sc_event& negedge_event() const override { return hear(sc_signal::negedge_event()); }

private:
    const sc_core::sc_event& hear(const sc_core::sc_event& event) const noexcept
    {
        observed_ = true;
        return event;
    }

    mutable bool observed_ = false;
};

}  // namespace overrun
