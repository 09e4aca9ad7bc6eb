// SPDX-License-Identifier: Apache-2.0
// Runs the program and carries what it throws out of its thread.
// Never lets an exception of the program reach the SystemC kernel, which would turn it into a report.
#include "driver_sim/systemc/host_cpu_module.hpp"

#include <utility>

namespace overrun {

template <class Port>
CpuModule<Port>::CpuModule(const sc_core::sc_module_name& module_name, HostMemoryModule& memory,
                           InterruptQueue& interrupts, Program program, Time quantum)
    : sc_core::sc_module{module_name},
      bus{"bus"},
      nic{"nic"},
      program_{std::move(program)},
      port_{name(), memory, interrupts, quantum}
{
    SC_THREAD(run);
    // The driver, its user's consumer and, under AddressSanitizer, their red zones: the default is 64 KiB or more.
    set_stack_size(1U << 20U);
}

template <class Port>
void CpuModule<Port>::start_of_simulation()
{
    port_.connect(*bus.operator->(), *nic.operator->());
}

template <class Port>
void CpuModule<Port>::run()
{
    try {
        program_(port_);
        done_ = true;
    } catch (const sc_core::sc_unwind_exception&) {
        throw;  // the kernel ends this thread
    } catch (...) {
        failure_ = std::current_exception();
        sc_core::sc_stop();
    }
    port_.finish();
}

template class CpuModule<SystemcPort>;
template class CpuModule<DetailedPort>;

}  // namespace overrun
