// SPDX-License-Identifier: Apache-2.0
// The interrupt line in SystemC: whoever waits for it sees every change, and nobody else pays for it.
// Each simulation has a process of its own.
#include <fmt/format.h>

#include <systemc>

#include "driver_sim/host/host_cpu.hpp"
#include "driver_sim/systemc/host_cpu_module.hpp"
#include "hw/systemc/host_memory_module.hpp"
#include "hw/systemc/nic.hpp"
#include "hw/systemc/pcie_link_module.hpp"
#include "hw/systemc/wire_module.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/systemc/child.hpp"
#include "testbench/tests/systemc/comparison.hpp"
#include "testbench/tests/systemc/wiring.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

/// How a listener waits for the line.
enum class Waits { not_at_all, for_its_changes, behind_its_back };

/// Writes down when the line changes, and how.
class Listener final : public sc_core::sc_module {
public:
    Listener(const sc_core::sc_module_name& module_name, const sc_core::sc_signal<bool>& line, Waits waits)
        : sc_core::sc_module{module_name}, line_{line}
    {
        if (waits == Waits::not_at_all) return;
        SC_METHOD(note);
        if (waits == Waits::for_its_changes) sensitive << line_;
        // Not as a signal's user does it: a line that wants to know who waits for it never hears of this.
        if (waits == Waits::behind_its_back) sensitive << line_.sc_core::sc_signal<bool>::value_changed_event();
        dont_initialize();
    }
    std::string text;

private:
    void note() { text += fmt::format("{} {}\n", systemc_now(), line_.read()); }

    const sc_core::sc_signal<bool>& line_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(Listener);
#endif
};

struct Seen {
    std::string   changes;
    std::uint64_t rises  = 0;
    std::uint64_t deltas = 0;  // cycles of the SystemC kernel
    Time          end    = 0;  // SystemC's time
    bool          level  = true;
};

/// 50 frames, each with an interrupt of its own.
template <class Line>
Seen run_with(Waits waits)
{
    Scenario scenario;
    scenario.host.profile = "xeon-bdw-gen3x8";
    scenario.traffic.resize(1);
    scenario.traffic[0].count = 50;
    scenario.traffic[0].rate  = 50'000;
    System           system{scenario, default_station_address, RunHooks{}};
    RunResult        result;
    HostMemoryModule memory{"memory", system.memory};
    PcieLinkModule   link{"link", system.link};
    WireModule       wire{"wire", system.wire};
    Nic              nic{"nic", system.parameters, system.engine_maker(), system.observers.nic_probe()};
    HostCpuModule    cpu{"cpu", memory, system.interrupts, [&](SystemcPort& port) {
                          HostCpu host{port, system.profile.host, StallSchedule{}, system.observers.host_probe()};
                          run_lifecycle(system, nic.engine(), host, result);
                          port.end_at(host.now());
                          sc_core::sc_stop();
                      }};
    Line             irq{"irq"};
    Listener         listener{"listener", irq, waits};
    wire_up(cpu, link, wire, nic, irq);
    link.to_memory.bind(memory.bus);
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_start();
    if (cpu.failure() != nullptr) std::rethrow_exception(cpu.failure());
    return {listener.text, nic.rises(), sc_core::sc_delta_count(), systemc_now(), irq.read()};
}

/// What is wrong with what a listener of an InterruptLine saw, compared with one of a plain signal.
std::string difference_heard(Waits waits)
{
    const auto plain = in_child([] { return run_with<sc_core::sc_signal<bool>>(Waits::for_its_changes).changes; });
    const auto line  = in_child([=] { return run_with<InterruptLine>(waits).changes; });
    if (plain.empty()) return "a plain signal did not change";
    return plain == line ? "" : fmt::format("plain signal:\n{}line:\n{}", plain, line);
}

}  // namespace

TEST_CASE("whoever waits for the interrupt line sees every change at its time", "[systemc]")
{
    CHECK(difference_heard(Waits::for_its_changes) == "");
    CHECK(difference_heard(Waits::behind_its_back) != "");
}

TEST_CASE("an interrupt line for which nobody waits costs no step of the kernel", "[systemc]")
{
    CHECK(in_child([] {
              const Seen seen = run_with<InterruptLine>(Waits::not_at_all);
              if (seen.rises < 50) return fmt::format("{} interrupts", seen.rises);
              if (seen.deltas > 10) return fmt::format("{} delta cycles", seen.deltas);
              if (seen.level) return std::string{"the line is high in the end"};
              return seen.end == 0 ? std::string{"SystemC's time stood still"} : "";
          }) == "");
    // The same is not said of a plain signal, whose value somebody may look at.
    CHECK(in_child([] {
              const Seen seen = run_with<sc_core::sc_signal<bool>>(Waits::not_at_all);
              return seen.deltas > 50 ? "" : fmt::format("{} delta cycles", seen.deltas);
          }) == "");
}
