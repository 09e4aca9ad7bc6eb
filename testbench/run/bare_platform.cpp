// SPDX-License-Identifier: Apache-2.0
// The bare platform: an engine, a port, a CPU.
// Never anything else.
#include "testbench/run/bare_platform.hpp"

#include "driver_sim/host/bare_port.hpp"
#include "driver_sim/host/host_cpu.hpp"
#include "testbench/run/lifecycle.hpp"

namespace overrun {

void run_bare(System& system, RunResult& result)
{
    const auto engine = system.engine();
    BarePort   port{*engine, system.link, system.memory, system.interrupts};
    HostCpu    cpu{port, system.profile.host, StallSchedule{}, system.observers.host_probe()};
    run_lifecycle(system, *engine, cpu, result);
}

}  // namespace overrun
