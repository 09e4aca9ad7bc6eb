// SPDX-License-Identifier: Apache-2.0
// `overrun check`: every scenario with its expectations, for CI.
// Never passes a scenario that expects nothing.
#pragma once

#include <functional>

#include "testbench/command/run_command.hpp"

namespace overrun {

void add_check_command(CLI::App& app, std::function<ExitCode()>& action);

}  // namespace overrun
