// SPDX-License-Identifier: Apache-2.0
// How a Nic's engine goes with SystemC's time: lazily behind a decoupled CPU (LazyTime), or step by step (StepTime).
#pragma once

#include "hw/base/time.hpp"

namespace overrun {

class NicTime {
public:
    virtual ~NicTime() = default;

    /// An access that is not posted is about to be made; it arrives at `arrival`, not before SystemC's time. May wait.
    virtual void before_access(Time arrival) = 0;
    /// An access has been made, or edges of the interrupt line have got their times.
    virtual void after_access() = 0;
    /// SystemC's time has come to an event that was asked for.
    virtual void wake() = 0;
};

}  // namespace overrun
