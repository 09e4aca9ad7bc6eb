// SPDX-License-Identifier: Apache-2.0
// `list`, `show`, `regs`, `schema`: what there is to run, to copy and to look up.
// Never simulates.
#pragma once

#include <functional>

#include "testbench/command/run_command.hpp"

namespace overrun {

void add_info_commands(CLI::App& app, std::function<ExitCode()>& action);

}  // namespace overrun
