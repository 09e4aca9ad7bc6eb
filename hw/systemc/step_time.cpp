// SPDX-License-Identifier: Apache-2.0
#include "hw/systemc/step_time.hpp"

namespace overrun {

void StepTime::before_access(Time arrival)
{
    if (const Time now = time_.now(); arrival > now) sc_core::wait(to_sc_time(arrival - now));
    // Accesses of others that are queued meanwhile take their edges first.
    for (;;) {
        const Time now  = time_.now();
        const Time edge = engine_->access_edge(arrival);
        if (edge <= now) return;
        sc_core::wait(to_sc_time(edge - now));
    }
}

void StepTime::wake()
{
    try {
        follow();
    } catch (...) {
        // The kernel would make a report of it; our CPU's user wants it as it is.
        if (cpu_wake_ == nullptr) throw;
        failure_ = std::current_exception();
        sc_core::sc_stop();
    }
}

void StepTime::follow()
{
    const Time now = time_.now();
    if (step_due_ > now) {
        yielded_ = false;
    } else if (!step()) {
        return;
    }
    if (driver_.next() <= now) driver_.show();
    const Time next = engine_->next_internal();
    if (next == never) wake_cpu();
    notify(next);
}

/// The engine's step of this time. Others who act at this time go first: their accesses belong to it.
/// They have had their turn when the event comes again, in the next delta cycle.
/// @return false when the step yields
bool StepTime::step()
{
    if (!yielded_ && time_.others_act_now()) {
        yielded_ = true;
        due_.notify(sc_core::SC_ZERO_TIME);
        return false;
    }
    yielded_ = false;
    // Stops at an edge, so that whoever takes the interrupt comes before what else is due.
    if (engine_->advance_to_interrupt(time_.now()) != never) wake_cpu();
    return true;
}

void StepTime::notify(Time next)
{
    step_due_ = next;
    driver_.notify(next, time_.now());
}

void StepTime::wake_cpu()
{
    if (cpu_wake_ != nullptr) cpu_wake_->notify(sc_core::SC_ZERO_TIME);
}

}  // namespace overrun
