// SPDX-License-Identifier: Apache-2.0
// The host port of the lazy mode: temporal decoupling, with the CPU as the sole initiator that advances the engine.
// Contract: no access waits; SystemC's time catches up when the CPU sleeps and when its quantum is over.
#pragma once

#include <cstdint>
#include <systemc>
#include <tlm>

#include "driver_sim/host/interrupt_bound.hpp"
#include "driver_sim/host/interrupt_queue.hpp"
#include "driver_sim/systemc/register_access.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/systemc/host_memory_module.hpp"
#include "hw/systemc/nic_interfaces.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

/// A HostPort (host_port.hpp). All calls come from the one SC_THREAD that the CPU runs in.
class SystemcPort {
public:
    using Device = DecoupledNic;

    /// @param who full name of the module in reports
    /// @param quantum how far the CPU's time may run ahead of SystemC's before it waits
    SystemcPort(const char* who, HostMemoryModule& memory, InterruptQueue& interrupts, Time quantum);

    /// At the start of simulation, when sockets and ports are bound. Decouples the Nic.
    void connect(tlm::tlm_fw_transport_if<>& bus, DecoupledNic& nic);

    [[nodiscard]] Answer read(std::uint32_t offset, Time t)
    {
        bound_.forget();
        const Answer result = registers_.read(offset, t);
        follow();
        return result;
    }
    void write(std::uint32_t offset, std::uint32_t value, Time t)
    {
        bound_.forget();
        registers_.write(offset, value, t);
    }
    [[nodiscard]] Answer config_read(std::uint32_t offset, unsigned octets, Time t);
    /// Not posted: the CPU waits for the completion.
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t);

    void fence(Time t)
    {
        if (engine_->next_internal() <= t) engine_->advance(t);
        if (t > quantum_end_) let_others_act(t);
    }

    /// The device does all that it does by itself up to `t`.
    void run_device(Time t) { engine_->advance(t); }

    /// Before this no interrupt arrives that the queue does not know, as far as has been asked.
    [[nodiscard]] Time quiet_until() const noexcept { return bound_.quiet_until(); }
    /// Whether an interrupt may arrive by `t` that the queue does not know yet.
    [[nodiscard]] bool interrupt_possible(Time t) { return bound_.allows(*engine_, t); }

    /// The CPU touches nothing until `limit`: runs the engine to its next interrupt edge, but never past the next
    /// thing that anybody else in the platform may do; SystemC's time goes there first.
    /// With `limit` = never it gives up as soon as nothing is left that the Nic does by itself, with SystemC's time no
    /// later than the engine's, from which the CPU goes on.
    /// @return whether there was an edge
    bool run_to_interrupt(Time limit);

    /// The CPU's time is `t` and it goes to sleep or wakes: SystemC's time goes there too, unless it is past it or
    /// nobody would notice.
    void synchronise(Time t);

    /// The CPU's program ends at `t`: SystemC's time goes there in any case.
    void end_at(Time t) { wait_until(t); }

    /// The CPU's program is over: what the line still has to show, it shows.
    void finish() { nic_->drive_until(never); }

    [[nodiscard]] InterruptQueue&   interrupts() noexcept { return interrupts_; }
    [[nodiscard]] HostMemoryModule& memory() noexcept { return memory_; }

private:
    /// After an access that the CPU has waited for.
    void follow()
    {
        if (engine_->now() > quantum_end_) let_others_act(engine_->now());
    }

    /// The quantum is over: SystemC's time follows unless the CPU is the sole initiator.
    void let_others_act(Time t);
    /// SystemC's time goes to `t`. The engine has nothing left to do before it, so no edge of the line comes too late.
    void wait_until(Time t);
    /// No other process is pending, and none observes the line: SystemC's time need not follow to `t`.
    [[nodiscard]] bool sole_initiator(Time t) { return time_.others_act() == never && nic_->skip_edges(t); }

    SystemcTime       time_;
    HostMemoryModule& memory_;
    InterruptQueue&   interrupts_;
    Time              quantum_;
    Time              quantum_end_;  // SystemC's time when the CPU last waited for it, and quantum_
    DecoupledNic*     nic_    = nullptr;
    NicEngine*        engine_ = nullptr;
    InterruptBound    bound_;
    RegisterAccess    registers_;
};

}  // namespace overrun
