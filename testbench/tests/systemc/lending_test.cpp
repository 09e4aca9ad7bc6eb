// SPDX-License-Identifier: Apache-2.0
// Memory that takes its pointers back, lends none for a while, or never lends any.
// Each simulation has a process of its own.
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
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

enum class Lends { always, by_turns, never_any };

/// In front of a memory: takes back what was lent, again and again, and lends nothing every other time.
class Lender final : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<Lender>    from_link;
    tlm_utils::simple_initiator_socket<Lender> to_memory;

    Lender(const sc_core::sc_module_name& module_name, Lends lends)
        : sc_core::sc_module{module_name}, from_link{"from_link"}, to_memory{"to_memory"}, lends_{lends}
    {
        from_link.register_b_transport(this, &Lender::transport);
        from_link.register_get_direct_mem_ptr(this, &Lender::pointer);
        SC_METHOD(take_back);
    }
    [[nodiscard]] std::uint64_t transported() const { return transported_; }

private:
    void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
    {
        ++transported_;
        to_memory->b_transport(payload, delay);
    }
    bool pointer(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi)
    {
        if (lends_ != Lends::never_any && open_) return to_memory->get_direct_mem_ptr(payload, dmi);
        dmi.allow_read_write();
        dmi.set_start_address(0);
        // Closed for now: one page is denied, and not all addresses.
        dmi.set_end_address(lends_ == Lends::never_any ? ~sc_dt::uint64{0} : 4095);
        return false;
    }
    void take_back()
    {
        if (lends_ != Lends::by_turns || systemc_now() > 120 * millisecond) return;
        if (systemc_now() != 0) {
            open_ = !open_;
            from_link->invalidate_direct_mem_ptr(0, ~sc_dt::uint64{0});
        }
        next_trigger(to_sc_time(systemc_now() < 99 * millisecond ? 9 * millisecond : 31 * microsecond));
    }

    Lends         lends_;
    bool          open_        = true;
    std::uint64_t transported_ = 0;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(Lender);
#endif
};

/// A scenario on our platform, with such a memory.
template <class Port>
std::uint64_t run_lent(System& system, RunResult& result, Lends lends)
{
    HostMemoryModule         memory{"memory", system.memory};
    Lender                   lender{"lender", lends};
    PcieLinkModule           link{"link", system.link};
    WireModule               wire{"wire", system.wire};
    Nic                      nic{"nic", system.parameters, system.engine_maker(), system.observers.nic_probe()};
    CpuModule<Port>          cpu{"cpu", memory, system.interrupts, [&](Port& port) {
                            HostCpu host{port, system.profile.host, StallSchedule{}, system.observers.host_probe()};
                            run_lifecycle(system, nic.engine(), host, result);
                            port.synchronise(host.now());
                            sc_core::sc_stop();
                        }};
    sc_core::sc_signal<bool> irq;
    wire_up(cpu, link, wire, nic, irq);
    link.to_memory.bind(lender.from_link);
    lender.to_memory.bind(memory.bus);
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_start();
    if (cpu.failure() != nullptr) std::rethrow_exception(cpu.failure());
    return lender.transported();
}

template <class Port>
std::string difference_by_turns(const Scenario& scenario)
{
    std::uint64_t  transported = 0;
    const Observed bare        = observe(scenario, run_bare);
    const Observed lent        = observe(scenario, [&](System& system, RunResult& result) {
        transported = run_lent<Port>(system, result, Lends::by_turns);
    });
    return transported == 0 ? "nothing was transported" : difference(bare, lent);
}

Scenario some_scenario()
{
    Scenario scenario;
    scenario.host.profile = "xeon-bdw-gen3x8";
    scenario.traffic.resize(1);
    scenario.traffic[0].count  = 500;
    scenario.traffic[0].length = 300;
    return scenario;
}

}  // namespace

TEST_CASE("memory that takes its pointers back and lends none for a while changes nothing", "[systemc]")
{
    CHECK(in_child([] { return difference_by_turns<SystemcPort>(some_scenario()); }) == "");
    CHECK(in_child([] { return difference_by_turns<DetailedPort>(some_scenario()); }) == "");
}

TEST_CASE("a CPU that looks into memory by itself is refused where memory lends no pointers", "[systemc]")
{
    const auto said = [](void (*run)(System&, RunResult&)) {
        return in_child([&] { return observe(some_scenario(), run).result; });
    };
    CHECK(mentions(
        said([](System& system, RunResult& result) { run_lent<SystemcPort>(system, result, Lends::never_any); }),
        "lends no pointers"));
    CHECK(mentions(
        said([](System& system, RunResult& result) { run_lent<DetailedPort>(system, result, Lends::never_any); }),
        "lends no pointers"));
    CHECK_FALSE(
        mentions(said([](System& system, RunResult& result) { run_lent<DetailedPort>(system, result, Lends::always); }),
                 "lends no pointers"));
}
