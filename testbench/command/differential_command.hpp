// SPDX-License-Identifier: Apache-2.0
// `overrun differential`: our NIC against stock QEMU's e1000e, frame by frame.
// Never needed by a user: without QEMU it says so and exits 2.
#pragma once

#include <functional>

#include "testbench/command/run_command.hpp"

namespace overrun {

void add_differential_command(CLI::App& app, std::function<ExitCode()>& action);

}  // namespace overrun
