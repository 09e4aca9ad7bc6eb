// SPDX-License-Identifier: Apache-2.0
// The host CPU as a SystemC module: one SC_THREAD that runs a program on a port.
// Never a second thread: interrupts are taken in the program's own.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <exception>
#include <functional>
#include <systemc>

#include "driver_sim/systemc/systemc_port.hpp"

namespace overrun {

class HostCpuModule final : public sc_core::sc_module {
public:
    /// What the CPU runs: usually a HostCpu<SystemcPort> around the port, and a driver on that.
    using Program = std::function<void(SystemcPort&)>;

    static constexpr Time default_lead = 100 * microsecond;

    tlm_utils::simple_initiator_socket<HostCpuModule> bus;  ///< towards the Nic's registers, through the link
    sc_core::sc_port<LookAhead>                       nic;

    /// @param memory, interrupts outlive the module
    /// @param lead how far the CPU's time may run ahead of SystemC's while it is busy
    HostCpuModule(const sc_core::sc_module_name& name, HostMemoryModule& memory, InterruptQueue& interrupts,
                  Program program, Time lead = default_lead);

    [[nodiscard]] SystemcPort& port() noexcept { return port_; }

    /// The program has returned.
    [[nodiscard]] bool done() const noexcept { return done_; }
    /// What the program threw; it has stopped the simulation (sc_stop). Null when it threw nothing.
    [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

private:
    void start_of_simulation() override;
    void run();

    Program            program_;
    SystemcPort        port_;
    bool               done_ = false;
    std::exception_ptr failure_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(HostCpuModule);  // the revision of 2023 does without
#endif
};

}  // namespace overrun
