// SPDX-License-Identifier: Apache-2.0
// The host port of the detailed mode: the device goes step by step with SystemC's time.
// Contract: the CPU looks at nothing before its time has come.
#pragma once

#include <cstdint>
#include <systemc>
#include <tlm>

#include "driver_sim/host/interrupt_queue.hpp"
#include "driver_sim/systemc/register_access.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/systemc/host_memory_module.hpp"
#include "hw/systemc/nic_interfaces.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

/// A HostPort (host_port.hpp). All calls come from the one SC_THREAD that the CPU runs in.
class DetailedPort {
public:
    using Device = TimedNic;

    /// @param who full name of the module in reports
    /// @param quantum how far the CPU's time may run ahead of SystemC's while it looks at nothing that the device does
    DetailedPort(const char* who, HostMemoryModule& memory, InterruptQueue& interrupts, Time quantum);

    /// At the start of simulation, when sockets and ports are bound.
    void connect(tlm::tlm_fw_transport_if<>& bus, TimedNic& nic);

    // The Nic answers at the time of the access: these wait.

    [[nodiscard]] Answer read(std::uint32_t offset, Time t) { return registers_.read(offset, t); }
    [[nodiscard]] Answer config_read(std::uint32_t offset, unsigned octets, Time t)
    {
        return registers_.config_read(offset, octets, t);
    }
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t)
    {
        return registers_.config_write(offset, value, octets, t);
    }
    /// Posted: it carries its time, and nobody waits.
    void write(std::uint32_t offset, std::uint32_t value, Time t) { registers_.write(offset, value, t); }

    void fence(Time t)
    {
        if (engine_->next_internal() <= t) {
            run_device(t);
        } else if (t > time_.now() + quantum_) {
            synchronise(t);
        }
    }

    /// The device does all that it does by itself up to `t`, while SystemC's time goes there.
    void run_device(Time t);

    /// Others may reach the device at any time: nothing is known for longer than an instant.
    [[nodiscard]] static constexpr Time quiet_until() noexcept { return 0; }
    /// Whether an interrupt may arrive by `t` that the queue does not know yet.
    [[nodiscard]] bool interrupt_possible(Time t) const { return engine_->interrupt_not_before(t) != never; }

    /// The CPU sleeps until the device raises its line, at most until `limit`; with `limit` = never until nothing is
    /// left that the Nic does by itself.
    /// @return whether there was an edge
    bool run_to_interrupt(Time limit);

    /// The CPU's time is `t` and it goes to sleep or wakes: SystemC's time goes there too, unless it is past it.
    /// What the device does at `t` itself waits for the CPU, whose next access may come at the same time and then
    /// belongs to the same step of the device (TimedNic).
    void synchronise(Time t);

    /// The CPU's program ends at `t`.
    void end_at(Time t) { synchronise(t); }
    void finish() noexcept {}

    [[nodiscard]] InterruptQueue&   interrupts() noexcept { return interrupts_; }
    [[nodiscard]] HostMemoryModule& memory() noexcept { return memory_; }

private:
    SystemcTime       time_;
    HostMemoryModule& memory_;
    InterruptQueue&   interrupts_;
    Time              quantum_;
    TimedNic*         nic_    = nullptr;
    NicEngine*        engine_ = nullptr;
    RegisterAccess    registers_;
    sc_core::sc_event wake_;
};

}  // namespace overrun
