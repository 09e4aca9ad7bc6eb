// SPDX-License-Identifier: Apache-2.0
// Where the CPU's thread waits in the detailed mode.
// Never looks ahead.
#include "driver_sim/systemc/detailed_port.hpp"

namespace overrun {

DetailedPort::DetailedPort(const char* who, HostMemoryModule& memory, InterruptQueue& interrupts, Time quantum)
    : memory_{memory}, interrupts_{interrupts}, quantum_{quantum}, registers_{who}, wake_{"wake"}
{
}

void DetailedPort::connect(tlm::tlm_fw_transport_if<>& bus, TimedNic& nic)
{
    registers_.connect(bus);
    nic_    = &nic;
    engine_ = &nic.engine();
    nic.attach(interrupts_, wake_);
}

void DetailedPort::run_device(Time t)
{
    synchronise(t);
    engine_->advance(t);
}

bool DetailedPort::run_to_interrupt(Time limit)
{
    const std::uint64_t rises = nic_->rises();
    if (limit == never) {
        // A step that is due now is the device's own, which comes after the CPU.
        while (engine_->next_internal() != never) {
            sc_core::wait(wake_);
            if (nic_->rises() != rises) return true;
        }
        return false;
    }
    for (Time now = time_.now(); now < limit; now = time_.now()) {
        sc_core::wait(to_sc_time(limit - now), wake_);
        if (nic_->rises() != rises) return true;
    }
    return engine_->advance_to_interrupt(limit) != never;
}

void DetailedPort::synchronise(Time t)
{
    if (const Time now = time_.now(); t > now) sc_core::wait(to_sc_time(t - now));
}

}  // namespace overrun
