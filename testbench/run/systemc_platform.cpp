// SPDX-License-Identifier: Apache-2.0
// The SystemC platform: the bare platform's objects, each in its module, joined by sockets and ports.
// Never anything but wiring.
#include "testbench/run/systemc_platform.hpp"

#include <cstdio>
#include <exception>
#include <systemc>
#include <utility>

#include "driver_sim/host/host_cpu.hpp"
#include "driver_sim/systemc/host_cpu_module.hpp"
#include "hw/systemc/host_memory_module.hpp"
#include "hw/systemc/nic.hpp"
#include "hw/systemc/pcie_link_module.hpp"
#include "hw/systemc/wire_module.hpp"
#include "testbench/run/lifecycle.hpp"

// The library refers to it; this program has a `main` of its own, which elaborates in run_systemc.
int sc_main(int, char*[])
{
    return 1;
}

namespace overrun {

namespace {

/// What SystemC would print on standard output, which belongs to results.
void report_to_stderr(const sc_core::sc_report& report, const sc_core::sc_actions& actions)
{
    if ((actions & sc_core::SC_DISPLAY) != 0)
        std::fprintf(stderr, "%s\n", sc_core::sc_report_compose_message(report).c_str());
    sc_core::sc_report_handler::default_handler(report,
                                                actions & ~static_cast<sc_core::sc_actions>(sc_core::SC_DISPLAY));
}

template <class Port>
class Modules {
public:
    Modules(System& system, RunResult& result, EngineMaker make)
        : system_{system},
          result_{result},
          memory_{"memory", system.memory},
          link_{"link", system.link},
          wire_{"wire", system.frames()},
          nic_{"nic", system.parameters, std::move(make), system.observers.nic_probe()},
          cpu_{"cpu", memory_, system.interrupts, [this](Port& port) { program(port); }},
          irq_{"irq"}
    {
        cpu_.bus.bind(link_.from_cpu);
        cpu_.nic(nic_);
        link_.to_device.bind(nic_.registers);
        link_.to_memory.bind(memory_.bus);
        nic_.dma.bind(link_.from_device);
        nic_.wire(wire_);
        nic_.pcie(link_);
        nic_.irq(irq_);
    }

    void run()
    {
        sc_core::sc_start();
        if (nic_.failure() != nullptr) std::rethrow_exception(nic_.failure());
        if (cpu_.failure() != nullptr) std::rethrow_exception(cpu_.failure());
        if (!cpu_.done()) throw InternalError("the simulation stopped before the CPU was done");
    }

private:
    void program(Port& port)
    {
        HostCpu cpu{port, system_.profile.host, StallSchedule{}, system_.observers.host_probe()};
        run_lifecycle(system_, nic_.engine(), cpu, result_);
        port.end_at(cpu.now());
        sc_core::sc_stop();
    }

    System&          system_;
    RunResult&       result_;
    HostMemoryModule memory_;
    PcieLinkModule   link_;
    WireModule       wire_;
    Nic              nic_;
    CpuModule<Port>  cpu_;
    InterruptLine    irq_;
};

template <class Port>
void run_modules(System& system, RunResult& result, EngineMaker make)
{
    if (sc_core::sc_get_status() != sc_core::SC_ELABORATION)
        throw InternalError("SystemC has simulated in this process already; it can do that once");
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_report_handler::set_handler(report_to_stderr);
    Modules<Port>{system, result, std::move(make)}.run();
}

}  // namespace

void run_systemc(System& system, RunResult& result)
{
    run_modules<SystemcPort>(system, result, system.engine_maker());
}

void run_detailed(System& system, RunResult& result)
{
    run_detailed(system, result, system.engine_maker());
}

void run_detailed(System& system, RunResult& result, EngineMaker make)
{
    run_modules<DetailedPort>(system, result, std::move(make));
}

}  // namespace overrun
