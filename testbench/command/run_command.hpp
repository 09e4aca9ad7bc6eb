// SPDX-License-Identifier: Apache-2.0
// What `run` and `replay` share: options, outputs, exit code.
// Never leaves an output half written.
#pragma once

#include <string>
#include <vector>

#include "testbench/command/exit_code.hpp"
#include "testbench/run.hpp"
#include "testbench/scenario.hpp"

namespace CLI {
class App;
}

namespace overrun {

struct RunOptions {
    std::vector<std::string> set;
    std::string              nic;
    std::string              seed;
    std::string              json;
    std::string              vcd;
    std::string              mode  = "lazy";
    bool                     quiet = false;

    /// --set and its short forms, in the order in which they apply.
    [[nodiscard]] std::vector<std::string> overrides() const;
    [[nodiscard]] Platform                 platform() const;
};

void add_run_options(CLI::App& app, RunOptions& options);

/// Runs, prints, writes what was asked for.
[[nodiscard]] ExitCode run_and_report(const Scenario& scenario, const RunOptions& options);

}  // namespace overrun
