// SPDX-License-Identifier: Apache-2.0
// An engine's bound on its next interrupt edge, kept as long as it holds, so that it is not asked for again per frame.
// Never kept across anything that reaches the device: whoever owns it says when that happens.
#pragma once

#include "hw/engine/nic_engine.hpp"

namespace overrun {

class InterruptBound {
public:
    /// Whether an edge may come at or before `t`.
    [[nodiscard]] bool allows(const NicEngine& engine, Time t)
    {
        if (t >= quiet_until_) quiet_until_ = engine.interrupt_not_before(never);
        return quiet_until_ <= t;
    }
    /// No edge comes before this, as far as allows() has asked.
    [[nodiscard]] Time quiet_until() const noexcept { return quiet_until_; }
    /// Somebody reaches the device.
    void forget() noexcept { quiet_until_ = 0; }

private:
    Time quiet_until_ = 0;
};

}  // namespace overrun
