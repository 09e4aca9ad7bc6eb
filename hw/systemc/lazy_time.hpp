// SPDX-License-Identifier: Apache-2.0
// Temporal decoupling: the CPU keeps the engine up to date, ahead of SystemC's time, and only the line follows that.
#pragma once

#include "hw/systemc/interrupt_driver.hpp"
#include "hw/systemc/interrupt_line.hpp"
#include "hw/systemc/nic_time.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

class LazyTime final : public NicTime {
public:
    explicit LazyTime(InterruptDriver& line) : driver_{line} {}

    /// @param line what the Nic's interrupt output is bound to; null unless it is an InterruptLine
    void begin(const InterruptLine* line) noexcept { line_ = line; }

    void before_access(Time) override {}
    void after_access() override
    {
        // While the CPU waits for SystemC's time, others act; otherwise it says when the line may change.
        if (time_.now() < driven_until_) notify();
    }
    void wake() override;

    /// DecoupledNic
    void               drive_until(Time t);
    [[nodiscard]] bool skip_edges(Time t);

private:
    void notify();

    InterruptDriver&     driver_;
    SystemcTime          time_;
    const InterruptLine* line_         = nullptr;
    Time                 driven_until_ = 0;  // the line may change up to here
};

}  // namespace overrun
