// SPDX-License-Identifier: Apache-2.0
// The rare half of the port: sleeping, looking ahead, configuration space.
// Never lets the engine do what another module could still prevent.
#include "driver_sim/systemc/systemc_port.hpp"

namespace overrun {

SystemcPort::SystemcPort(const char* who, HostMemoryModule& memory, InterruptQueue& interrupts, Time lead)
    : memory_{memory}, interrupts_{interrupts}, lead_{lead}, leash_{lead}, registers_{who}
{
}

void SystemcPort::connect(tlm::tlm_fw_transport_if<>& bus, LookAhead& nic)
{
    registers_.connect(bus);
    nic_    = &nic;
    engine_ = &nic.engine();
    nic.lead(interrupts_);
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
    if (t <= time_.now() || alone(t)) return;
    // A write that is still on its way may change the line before `t`. What is due at `t` itself waits for the CPU,
    // whose next access may come at the same time and then belongs to the same step of the device.
    if (engine_->interrupt_not_before(t - 1) != never) engine_->advance(t - 1);
    wait_until(t);
}

void SystemcPort::let_others_act(Time t)
{
    if (alone(t)) {
        leash_ = t + lead_;
    } else {
        wait_until(t);
    }
}

void SystemcPort::wait_until(Time t)
{
    const Time now = time_.now();
    nic_->show_line(t);
    if (t > now) sc_core::wait(to_sc_time(t - now));
    // Whatever else happens at the same time happens first, the change of the line included.
    while (time_.others_act_now()) sc_core::wait(sc_core::SC_ZERO_TIME);
    leash_ = time_.now() + lead_;
    bound_.forget();
}

}  // namespace overrun
