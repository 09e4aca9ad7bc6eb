// SPDX-License-Identifier: Apache-2.0
// Interface of an output of `run` and `replay`: its options, its files, what it observes, and how it ends.
#pragma once

#include <string>
#include <vector>

#include "testbench/command/outputs/output_check.hpp"
#include "testbench/files/stop_flag.hpp"
#include "testbench/result/run_result.hpp"
#include "testbench/run/system.hpp"

namespace CLI {
class App;
}

namespace overrun {

/// Calls come in the order of the functions here. An output that was not asked for does nothing in any of them.
class RunOutput {
public:
    virtual ~RunOutput() = default;

    virtual void add_options(CLI::App& app) = 0;

    /// All files that it would write, with an empty name where an option was left out.
    [[nodiscard]] virtual std::vector<NamedOutput> files() const = 0;

    /// @throws InputError for what is wrong with its options
    virtual void check(const Scenario& scenario) = 0;

    /// Opens its files, so that whatever forbids writing shows before the run.
    /// @throws InputError naming the file; Interrupted while it waits for a reader
    virtual void open(const Scenario& scenario, StopFlag stop) = 0;

    virtual void attach(RunHooks& hooks) = 0;

    /// Writes what is left and gives its files their names.
    /// @return lines for the user about what it could not show
    /// @throws InputError naming the file
    [[nodiscard]] virtual std::vector<std::string> finish(const RunResult& result) = 0;
};

}  // namespace overrun
