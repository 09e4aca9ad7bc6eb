// SPDX-License-Identifier: Apache-2.0
// `overrun bench`: how fast whole commands are.
// Never measures a part of a run: each figure is a process from its start to its end, in CPU time.
#pragma once

#include <functional>

#include "testbench/command/run_command.hpp"

namespace overrun {

void add_bench_command(CLI::App& app, std::function<ExitCode()>& action);

}  // namespace overrun
