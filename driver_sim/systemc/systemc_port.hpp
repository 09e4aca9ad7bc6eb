// SPDX-License-Identifier: Apache-2.0
// How a CPU in a SystemC platform reaches a device: TLM transactions whose delay carries the CPU's local time.
// Never waits for an access: SystemC's time catches up when the CPU sleeps, and when it has run too far ahead.
#pragma once

#include <algorithm>
#include <cstdint>
#include <systemc>
#include <tlm>

#include "driver_sim/interrupt_queue.hpp"
#include "hw/nic_engine.hpp"
#include "hw/systemc/host_memory_module.hpp"
#include "hw/systemc/nic_interfaces.hpp"
#include "hw/systemc/pcie_extensions.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

/// The port of HostCpu (host_cpu.hpp) on a SystemC platform; bare_port.hpp is its twin and gives the same results.
/// All calls come from the one SC_THREAD that the CPU runs in.
class SystemcPort {
public:
    struct ReadResult {
        std::uint32_t value;
        Time          completes;  ///< when the CPU has it
    };

    /// @param who full name of the module in reports
    /// @param lead how far the CPU's time may run ahead of SystemC's before it waits
    SystemcPort(const char* who, HostMemoryModule& memory, InterruptQueue& interrupts, Time lead);
    ~SystemcPort();
    SystemcPort(const SystemcPort&)            = delete;
    SystemcPort& operator=(const SystemcPort&) = delete;

    /// At the start of simulation, when sockets and ports are bound. Takes the lead of the Nic.
    void connect(tlm::tlm_fw_transport_if<>& bus, LookAhead& nic);

    [[nodiscard]] ReadResult read(std::uint32_t offset, Time t)
    {
        const Time completes = await(register_payload_, tlm::TLM_READ_COMMAND, offset, t);
        return {word_, completes};
    }
    void write(std::uint32_t offset, std::uint32_t value, Time t)
    {
        word_ = value;
        access(register_payload_, tlm::TLM_WRITE_COMMAND, offset, t);
    }
    [[nodiscard]] ReadResult config_read(std::uint32_t offset, unsigned octets, Time t);
    /// Not posted: the CPU waits for the completion.
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t);

    void fence(Time t)
    {
        if (engine_->next_internal() <= t) engine_->advance(t);
        if (t > leash_) wait_until(t);
    }

    /// Whether an interrupt may arrive by `t` that the queue does not know yet.
    [[nodiscard]] bool interrupt_possible(Time t) const { return engine_->interrupt_not_before(t) != never; }

    /// The CPU touches nothing until `limit`: runs the engine to its next interrupt edge, but never past the next
    /// thing that anybody else in the platform may do; SystemC's time goes there first.
    /// With `limit` = never it gives up as soon as nothing is left that the Nic does by itself, with SystemC's time no
    /// later than the engine's, from which the CPU goes on.
    /// @return whether there was an edge
    bool run_to_interrupt(Time limit);

    /// The CPU's time is `t` and it goes to sleep or wakes: SystemC's time goes there too, unless it is past it.
    void synchronise(Time t);

    [[nodiscard]] InterruptQueue&   interrupts() noexcept { return interrupts_; }
    [[nodiscard]] HostMemoryModule& memory() noexcept { return memory_; }

private:
    /// One transaction on `word_`, issued at `t`.
    /// @return when it is complete, from SystemC's present time on
    sc_core::sc_time access(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint32_t offset, Time t)
    {
        payload.set_command(command);
        payload.set_address(offset);
        payload.set_dmi_allowed(false);
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        // SystemC's time may have passed a CPU that slept without a limit beside others and did not then go on from the
        // engine's time; such an access is late (law 5).
        sc_core::sc_time delay = to_sc_time(std::max<Time>(t - systemc_now(), 0));
        bus_->b_transport(payload, delay);
        if (!payload.is_response_ok()) report(payload);
        return delay;
    }
    /// The same, and the CPU waits for it.
    Time await(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint32_t offset, Time t)
    {
        const sc_core::sc_time delay = access(payload, command, offset, t);
        const Time             done  = systemc_now() + to_time(delay);
        if (engine_->now() > leash_) wait_until(engine_->now());
        return done;
    }
    void report(const tlm::tlm_generic_payload& payload) const;

    /// SystemC's time goes to `t`. The engine has nothing left to do before it, so no edge of the line comes too late.
    void wait_until(Time t);
    /// When anybody else acts next, at the latest; `never` when nothing is pending.
    [[nodiscard]] static Time others_act();
    /// As advance_to_interrupt, but engine time stays at the last thing that happened.
    [[nodiscard]] bool step_to_interrupt(Time bound);

    const char*                 who_;
    HostMemoryModule&           memory_;
    InterruptQueue&             interrupts_;
    Time                        lead_;
    Time                        leash_;  // SystemC's time when it was last in step, and lead_
    tlm::tlm_fw_transport_if<>* bus_    = nullptr;
    LookAhead*                  nic_    = nullptr;
    NicEngine*                  engine_ = nullptr;
    std::uint32_t               word_   = 0;
    tlm::tlm_generic_payload    register_payload_;
    tlm::tlm_generic_payload    config_payload_;
    PcieSpaceExtension          config_space_{PcieSpace::config};
};

}  // namespace overrun
