// SPDX-License-Identifier: Apache-2.0
// The INTx line of a platform: a signal that knows whether anybody may notice its changes.
// Never another signal for those who listen: as soon as somebody asks for one of its events, it is heard for good.
#pragma once

#include <systemc>

namespace overrun {

/// Bound to Nic::irq in place of a plain sc_signal, it lets a leader (LookAhead) pass over changes that no process
/// waits for. Who looks at its value without waiting for it, sc_trace for instance, takes a plain sc_signal.
class InterruptLine final : public sc_core::sc_signal<bool> {
public:
    using sc_core::sc_signal<bool>::sc_signal;

    [[nodiscard]] bool heard() const noexcept { return heard_; }

    const sc_core::sc_event& default_event() const override { return hear(sc_signal::default_event()); }
    const sc_core::sc_event& value_changed_event() const override { return hear(sc_signal::value_changed_event()); }
    const sc_core::sc_event& posedge_event() const override { return hear(sc_signal::posedge_event()); }
    const sc_core::sc_event& negedge_event() const override { return hear(sc_signal::negedge_event()); }

private:
    const sc_core::sc_event& hear(const sc_core::sc_event& event) const noexcept
    {
        heard_ = true;
        return event;
    }

    mutable bool heard_ = false;
};

}  // namespace overrun
