// SPDX-License-Identifier: Apache-2.0
// One run as the host CPU sees it: bring-up, time zero, receive until the end, statistics, bring-down.
// Contract: the platform is a template argument, the CPU, and decides nothing here.
#pragma once

#include <fmt/format.h>

#include <stdexcept>

#include "driver_sim/driver/driver.hpp"
#include "hw/registers/counters.hpp"
#include "testbench/result/run_result.hpp"
#include "testbench/run/system.hpp"

namespace overrun {

/// A run that breaks the books or its own assumptions: the command exits 3.
class InternalError : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// Receives until `end`, or, when that is `never`, until nothing is left to happen; applies the scripted events in
/// time.
template <class Cpu>
void receive(System& system, NicEngine& engine, Cpu& cpu, Driver<Cpu>& driver, Time end)
{
    for (const ScriptedEvent& event : system.events()) {
        driver.run(std::min(event.at, end));
        if (event.at >= end) break;
        if (event.ring) {
            driver.resize(*event.ring);
        } else {
            inflict(cpu, event.fault);
        }
    }
    driver.run(end);
    if (end != never) return;
    // A watchdog that finds a fault only now still repairs it.
    for (;;) {
        cpu.sleep_until(engine.now());
        if (!driver.attend()) return;
        driver.run(never);
    }
}

/// Fills everything of the result that the run itself decides.
template <class Cpu>
void run_lifecycle(System& system, NicEngine& engine, Cpu& cpu, RunResult& result)
{
    Driver<Cpu> driver{cpu, system.driver_settings(), system.observers.host_probe(), system.consumer};
    if (const auto error = driver.open()) throw InternalError(fmt::format("bring-up failed: {}", text_of(*error)));
    if (cpu.now() > system.origin) throw InternalError("bring-up took longer than the time before time zero");
    cpu.sleep_until(system.origin);
    cpu.set_stalls(system.stalls());
    const HostCounts   before = cpu.counts();
    const MisuseCounts misuse = engine.misuse();

    const auto duration = system.scenario.duration;
    receive(system, engine, cpu, driver, duration ? system.origin + *duration : never);
    if (duration) cpu.run_device(system.origin + *duration);
    const Time end = duration ? system.origin + *duration : std::max(cpu.now(), engine.now());
    // Frames that raise no interrupt, such as filtered ones, may have come after the CPU last woke.
    cpu.sleep_until(engine.now());
    system.observers.run_ended(engine, end);

    result.simulated      = end - system.origin;
    result.wire_time      = std::max<Time>(0, system.wire.end_of_last() - system.origin);
    result.offered        = system.ledger.offered();
    result.offered_octets = system.ledger.offered_octets();
    result.in_flight      = system.ledger.in_flight();
    for (const FateInfo& info : fate_table) {
        FateRecord record = system.ledger.fate(info.fate);
        record.first_at -= system.origin;
        record.last_at -= system.origin;
        result.fates[static_cast<std::size_t>(info.fate)] = record;
    }
    result.wire_to_host   = system.ledger.wire_to_host().summary();
    result.wire_to_driver = system.ledger.wire_to_driver().summary();
    result.driver         = driver.counts();
    result.host           = cpu.counts();
    result.host.interrupts -= before.interrupts;
    result.host.mmio_reads -= before.mmio_reads;
    result.host.mmio_writes -= before.mmio_writes;
    result.fifo_octets   = engine.peek(reg::PBA::offset) % 0x10000 * 1024;
    result.fifo_peak     = engine.fifo_peak();
    result.ring          = driver.settings().ring;
    result.ring_free_min = engine.ring_free_min().value_or(driver.settings().ring - 1);
    if (const std::string breach = system.ledger.breach(); !breach.empty()) throw InternalError(breach);
    if (const std::uint64_t held = engine.frames_held().total(); held != system.ledger.in_nic())
        throw InternalError(fmt::format("the NIC holds {} frames, the ledger says {}", held, system.ledger.in_nic()));

    for (std::size_t i = 0; i < misuse.size(); ++i)
        if (const std::uint64_t count = engine.misuse()[i] - misuse[i]; count != 0)
            result.anomalies.emplace_back(name_of(static_cast<Misuse>(i)), count);

    // The total is what the driver's reads cleared and what the registers hold now. Peeked, because a read takes
    // time, in which more frames come.
    result.registers = driver.register_totals();
    const auto peek  = [&engine](std::uint32_t offset) { return engine.peek(offset); };
    for (std::size_t i = 0; i < result.registers.size(); ++i)
        result.registers[i] += reg::counter_value(reg::counter_table[i], peek);

    if (const auto error = driver.close()) throw InternalError(fmt::format("bring-down failed: {}", text_of(*error)));
    const auto reached        = [&system] { return system.memory.dma_count() + system.memory.refused_count(); };
    const auto before_silence = reached();
    cpu.run_device(cpu.now() + 1 * second);
    if (reached() != before_silence) throw InternalError("the device reached host memory after its bring-down");
}

}  // namespace overrun
