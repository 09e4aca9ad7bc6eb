// SPDX-License-Identifier: Apache-2.0
// Compares what a run found with what its scenario expects.
// Names were checked when the scenario was read. A value that does not exist, such as a percentile of no frames, fails.
#pragma once

#include "testbench/result/run_result.hpp"

namespace overrun {

/// Fills result.expectations from result.scenario.expect.
void judge(RunResult& result);

}  // namespace overrun
