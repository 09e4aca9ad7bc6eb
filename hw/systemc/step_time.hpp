// SPDX-License-Identifier: Apache-2.0
// The detailed mode: each internal step of the engine is taken at exactly its SystemC time.
#pragma once

#include <exception>
#include <systemc>

#include "hw/engine/nic_engine.hpp"
#include "hw/systemc/interrupt_driver.hpp"
#include "hw/systemc/nic_time.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

class StepTime final : public NicTime {
public:
    explicit StepTime(InterruptDriver& line, sc_core::sc_event& due) : driver_{line}, due_{due} {}

    void begin(NicEngine& engine) noexcept { engine_ = &engine; }
    /// TimedNic
    void attach(sc_core::sc_event& wake) noexcept { cpu_wake_ = &wake; }

    /// SystemC's time goes to the access's edge: it is a part of the engine's step there.
    void before_access(Time arrival) override;
    void after_access() override { notify(engine_->next_internal()); }
    void wake() override;

    /// What was thrown while the engine was at work, for a CPU that is attached; it has stopped the simulation
    /// (sc_stop). Null when nothing was thrown.
    [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

private:
    void               follow();
    [[nodiscard]] bool step();
    void               notify(Time next);
    void               wake_cpu();

    InterruptDriver&   driver_;
    sc_core::sc_event& due_;
    SystemcTime        time_;
    NicEngine*         engine_   = nullptr;
    sc_core::sc_event* cpu_wake_ = nullptr;  // what the CPU waits for
    Time               step_due_ = never;    // next_internal() when `due` was last notified
    bool               yielded_  = false;    // the step that is due let others go first
    std::exception_ptr failure_;
};

}  // namespace overrun
