// SPDX-License-Identifier: Apache-2.0
// Runs a scenario from values to result.
// Contract: it writes no file and prints nothing.
#pragma once

#include "testbench/result/run_result.hpp"
#include "testbench/run/system.hpp"

namespace overrun {

enum class Platform : std::uint8_t { systemc, detailed, bare };

/// Checks every capture, resolves the NIC's address, runs, judges the expectations.
/// @param platform systemc, detailed: at most one run in the life of a process, since SystemC elaborates once
/// @throws InputError for what the scenario names and is wrong; Interrupted when `hooks.stop` ends the look at the
///         captures, before there is anything to report; InternalError when the books do not balance
[[nodiscard]] RunResult run_scenario(const Scenario& scenario, Platform platform, const RunHooks& hooks = {});

}  // namespace overrun
