// SPDX-License-Identifier: Apache-2.0
// The host CPU as a SystemC module: one SC_THREAD that runs a program on a port.
// Never a second thread: interrupts are taken in the program's own.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <exception>
#include <functional>
#include <systemc>

#include "driver_sim/systemc/detailed_port.hpp"
#include "driver_sim/systemc/systemc_port.hpp"

namespace overrun {

/// @tparam Port SystemcPort: the CPU leads the Nic; DetailedPort: the Nic goes step by step with SystemC's time
template <class Port>
class CpuModule final : public sc_core::sc_module {
public:
    /// What the CPU runs: usually a HostCpu<Port> around the port, and a driver on that.
    using Program = std::function<void(Port&)>;

    static constexpr Time default_quantum = 100 * microsecond;

    tlm_utils::simple_initiator_socket<CpuModule> bus;  ///< towards the Nic's registers, through the link
    sc_core::sc_port<typename Port::Device>       nic;

    /// @param memory, interrupts outlive the module
    /// @param quantum how far the CPU's time may run ahead of SystemC's while it is busy and not alone (InterruptLine)
    CpuModule(const sc_core::sc_module_name& name, HostMemoryModule& memory, InterruptQueue& interrupts,
              Program program, Time quantum = default_quantum);

    [[nodiscard]] Port& port() noexcept { return port_; }

    /// The program has returned.
    [[nodiscard]] bool done() const noexcept { return done_; }
    /// What the program threw; it has stopped the simulation (sc_stop). Null when it threw nothing.
    [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

private:
    void start_of_simulation() override;
    void run();

    Program            program_;
    Port               port_;
    bool               done_ = false;
    std::exception_ptr failure_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(CpuModule);  // the revision of 2023 does without
#endif
};

extern template class CpuModule<SystemcPort>;
extern template class CpuModule<DetailedPort>;

using HostCpuModule     = CpuModule<SystemcPort>;
using DetailedCpuModule = CpuModule<DetailedPort>;

}  // namespace overrun
