// SPDX-License-Identifier: Apache-2.0
// `overrun replay`: captures and options become a scenario.
// Never a second way to describe a run: each option stands for a scenario key.
#pragma once

#include <functional>

#include "testbench/command/run_command.hpp"

namespace overrun {

/// @param action what the subcommand will do once the command line is parsed
void add_replay_command(CLI::App& app, std::function<ExitCode()>& action);

}  // namespace overrun
