// SPDX-License-Identifier: Apache-2.0
// All outputs of one run, from their options to their files' names.
// Contract: a file appears whole or not at all, and none is opened before the options of all outputs were checked.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "testbench/command/outputs/run_output.hpp"

namespace overrun {

class RunOutputs {
public:
    RunOutputs();

    void add_options(CLI::App& app);

    /// Whether one of them was asked for on standard output, which then carries nothing else.
    [[nodiscard]] bool use_standard_output() const;

    /// Opens every file that is asked for, so that whatever forbids writing shows before the run.
    /// @param inputs files that no output may replace
    /// @throws InputError for what is wrong with the options or the files; Interrupted while it waits for a reader
    void open(const Scenario& scenario, std::span<const std::string> inputs, StopFlag stop);

    void attach(RunHooks& hooks);

    /// Writes what is left and gives the files their names.
    /// @return lines for the user about what an output could not show
    [[nodiscard]] std::vector<std::string> finish(const RunResult& result);

private:
    /// Every file that the options ask for, those that come along with others last.
    [[nodiscard]] std::vector<NamedOutput> files() const;

    std::vector<std::unique_ptr<RunOutput>> outputs_;  ///< in the order of the help
    std::vector<RunOutput*>                 opening_;  ///< in the order in which files are opened
};

}  // namespace overrun
