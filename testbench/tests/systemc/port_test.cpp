// SPDX-License-Identifier: Apache-2.0
// The two ports of a CPU against each other, under programs that no driver of ours runs.
// platform_test.cpp compares whole scenarios.
#include "driver_sim/systemc/systemc_port.hpp"

#include <fmt/format.h>

#include <systemc>

#include "driver_sim/host/bare_port.hpp"
#include "driver_sim/host/host_cpu.hpp"
#include "driver_sim/systemc/host_cpu_module.hpp"
#include "hw/registers/82574l.hpp"
#include "hw/systemc/host_memory_module.hpp"
#include "hw/systemc/nic.hpp"
#include "hw/systemc/pcie_link_module.hpp"
#include "hw/systemc/wire_module.hpp"
#include "testbench/run/system.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/systemc/child.hpp"
#include "testbench/tests/systemc/wiring.hpp"

using namespace overrun;
using overrun::test::in_child;

namespace {

/// The device's own levels as text, in order.
class LineLevels final : public ProbeSink {
public:
    [[nodiscard]] ProbeKinds kinds() const override
    {
        return probe_bit(ProbeKind::descriptor_cache) | probe_bit(ProbeKind::csr) | probe_bit(ProbeKind::interrupt);
    }
    void event(const ProbeEvent& event) override
    {
        text += fmt::format("{} at {}: {} {:#x}\n", static_cast<unsigned>(event.kind), event.time, event.value,
                            event.extra);
    }
    void committed(Time) override {}

    std::string text;
};

/// An interrupt handler that writes before it reads.
template <class Cpu>
struct WritesFirst final : InterruptHandler {
    explicit WritesFirst(Cpu& host) : cpu{host} {}
    void interrupt() override
    {
        cpu.write32(reg::RCTL::offset, 0);
        cpu.write32(reg::IMC::offset, ~0U);
        causes = cpu.read32(reg::ICR::offset);
    }

    Cpu&          cpu;
    std::uint32_t causes = 0;
};

/// Hands the device descriptors and, with no time between, takes an interrupt whose handler stops the receiver.
/// @return the causes that the handler read
template <class Port>
std::uint32_t hand_over_and_stop(Port& port, System& system)
{
    HostCpu cpu{port, system.profile.host, StallSchedule{}, system.observers.host_probe()};
    cpu.config_write(4, 6, 2);  // PCI Command: memory and bus master
    cpu.sleep_until(10 * millisecond);
    const DmaBuffer ring = cpu.allocate(64 * rx_descriptor_octets);
    cpu.write32(reg::RDBAL::at(0), static_cast<std::uint32_t>(ring.address));
    cpu.write32(reg::RDLEN::at(0), 64 * rx_descriptor_octets);
    cpu.write32(reg::RCTL::offset, reg::RCTL::EN.mask());
    cpu.write32(reg::IMS::offset, reg::ICR::LSC.mask());
    cpu.write32(reg::ICS::offset, reg::ICR::LSC.mask());
    static_cast<void>(cpu.read32(reg::STATUS::offset));  // the line is up, and the CPU on a core clock edge
    cpu.write32(reg::RDT::at(0), 8);
    WritesFirst handler{cpu};
    cpu.set_interrupt_handler(&handler);
    static_cast<void>(cpu.wait_interrupt(never));
    cpu.sleep_until(cpu.now() + 10 * microsecond);
    return handler.causes;
}

struct Modules {
    explicit Modules(System& in, std::uint32_t& causes)
        : memory{"memory", in.memory},
          link{"link", in.link},
          wire{"wire", in.wire},
          nic{"nic", in.parameters, in.engine_maker(), in.observers.nic_probe()},
          cpu{"cpu", memory, in.interrupts,
              [&in, &causes](SystemcPort& port) { causes = hand_over_and_stop(port, in); }}
    {
        test::wire_up(cpu, link, wire, nic, irq);
        link.to_memory.bind(memory.bus);
    }

    HostMemoryModule         memory;
    PcieLinkModule           link;
    WireModule               wire;
    Nic                      nic;
    HostCpuModule            cpu;
    sc_core::sc_signal<bool> irq;
};

}  // namespace

TEST_CASE("accesses of one time reach the device together, also around an interrupt", "[systemc]")
{
    Scenario scenario;
    scenario.host.profile = "ideal";
    CHECK(in_child([&]() -> std::string {
              LineLevels bare_levels;
              RunHooks   bare_hooks;
              bare_hooks.probe = &bare_levels;
              System     bare{scenario, default_station_address, bare_hooks};
              const auto engine = bare.engine();
              BarePort   port{*engine, bare.link, bare.memory, bare.interrupts};
              const auto bare_causes = hand_over_and_stop(port, bare);

              LineLevels levels;
              RunHooks   hooks;
              hooks.probe = &levels;
              System        system{scenario, default_station_address, hooks};
              std::uint32_t causes = 0;
              Modules       modules{system, causes};
              sc_core::sc_start();
              if (modules.cpu.failure() != nullptr) std::rethrow_exception(modules.cpu.failure());

              if (!reg::ICR::LSC.in(bare_causes)) return "the handler did not run";
              if (causes != bare_causes) return fmt::format("causes {:#x} bare, {:#x} in SystemC", bare_causes, causes);
              if (bare_levels.text.empty()) return "no events";
              return levels.text == bare_levels.text
                         ? ""
                         : fmt::format("bare:\n{}SystemC:\n{}", bare_levels.text, levels.text);
          }) == "");
}
