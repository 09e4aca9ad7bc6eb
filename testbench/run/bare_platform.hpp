// SPDX-License-Identifier: Apache-2.0
// Runs a system without SystemC.
// Never decides anything that the SystemC platform decides otherwise: both give the same results.
#pragma once

#include "testbench/result/run_result.hpp"
#include "testbench/run/system.hpp"

namespace overrun {

void run_bare(System& system, RunResult& result);

}  // namespace overrun
