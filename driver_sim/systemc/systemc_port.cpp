// SPDX-License-Identifier: Apache-2.0
#include "driver_sim/systemc/systemc_port.hpp"

namespace overrun {

SystemcPort::SystemcPort(const char* who, HostMemoryModule& memory, InterruptQueue& interrupts, Time quantum)
    : memory_{memory}, interrupts_{interrupts}, quantum_{quantum}, quantum_end_{quantum}, registers_{who}
{
}

void SystemcPort::connect(tlm::tlm_fw_transport_if<>& bus, DecoupledNic& nic)
{
    registers_.connect(bus);
    nic_    = &nic;
    engine_ = &nic.engine();
    nic.decouple(interrupts_);
}

Answer SystemcPort::config_read(std::uint32_t offset, unsigned octets, Time t)
{
    bound_.forget();
    const Answer result = registers_.config_read(offset, octets, t);
    follow();
    return result;
}

Time SystemcPort::config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t)
{
    bound_.forget();
    const Time completes = registers_.config_write(offset, value, octets, t);
    follow();
    return completes;
}

bool SystemcPort::run_to_interrupt(Time limit)
{
    const std::uint64_t rises = nic_->rises();
    for (;;) {
        const Time bound = std::max(time_.others_act(), engine_->now());
        if (bound >= limit) return engine_->advance_to_interrupt(limit) != never;
        if (engine_->advance_to_interrupt(bound) != never) return true;
        // The CPU goes on from the engine's time, which SystemC's must not have passed.
        if (limit == never && engine_->next_internal() == never) return false;
        wait_until(bound);
        if (nic_->rises() != rises) return true;
    }
}

void SystemcPort::synchronise(Time t)
{
    if (t <= time_.now() || sole_initiator(t)) return;
    // A write that is still on its way may change the line before `t`. What is due at `t` itself waits for the CPU,
    // whose next access may come at the same time and then belongs to the same step of the device.
    if (engine_->interrupt_not_before(t - 1) != never) engine_->advance(t - 1);
    wait_until(t);
}

void SystemcPort::let_others_act(Time t)
{
    if (sole_initiator(t)) {
        quantum_end_ = t + quantum_;
    } else {
        wait_until(t);
    }
}

void SystemcPort::wait_until(Time t)
{
    const Time now = time_.now();
    nic_->drive_until(t);
    if (t > now) sc_core::wait(to_sc_time(t - now));
    // Whatever else happens at the same time happens first, the change of the line included.
    while (time_.others_act_now()) sc_core::wait(sc_core::SC_ZERO_TIME);
    quantum_end_ = time_.now() + quantum_;
    bound_.forget();
}

}  // namespace overrun
