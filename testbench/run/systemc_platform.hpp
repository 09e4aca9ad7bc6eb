// SPDX-License-Identifier: Apache-2.0
// Runs a system as SystemC modules.
// Never decides anything that the bare platform decides otherwise: both give the same results.
#pragma once

#include "testbench/result/run_result.hpp"
#include "testbench/run/system.hpp"

namespace overrun {

/// Elaborates a Nic, a wire, a PCIe link, host memory and a CPU, and runs the scenario on them until the CPU is done.
/// SystemC's simulation context is global and simulates once: one call in the life of a process. Whoever wants several
/// runs forks for each. Modules that exist before the call take part in the simulation.
/// SystemC says nothing on standard output: its notes are dropped and its warnings go to standard error.
/// @throws InternalError on a second call, and what `run_lifecycle` throws, unchanged
void run_systemc(System& system, RunResult& result);

/// The same in the detailed mode: each internal step of the engine is an event of SystemC's
/// at exactly its time.
void run_detailed(System& system, RunResult& result);

/// The same with an engine of the caller's.
void run_detailed(System& system, RunResult& result, EngineMaker make);

}  // namespace overrun
