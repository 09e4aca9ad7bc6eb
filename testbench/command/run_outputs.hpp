// SPDX-License-Identifier: Apache-2.0
// The output files of one run, from their opening to their names.
// Never leaves one half written.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "testbench/command/output_options.hpp"
#include "testbench/files/stop_flag.hpp"
#include "testbench/result/run_result.hpp"
#include "testbench/run/system.hpp"

namespace overrun {

class RunOutputs {
public:
    /// Opens every file that is asked for, so that whatever forbids writing shows before the run.
    /// @param inputs files that no output may replace
    /// @throws InputError for what is wrong with the options or the files; Interrupted while it waits for a reader
    RunOutputs(const Scenario& scenario, const OutputOptions& options, std::span<const std::string> inputs,
               StopFlag stop);
    ~RunOutputs();

    RunOutputs(const RunOutputs&)            = delete;
    RunOutputs& operator=(const RunOutputs&) = delete;

    void attach(Observers& observers);

    /// Writes what is left and gives the files their names.
    /// @return lines for the user about what an output could not show
    [[nodiscard]] std::vector<std::string> finish(const RunResult& result);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace overrun
