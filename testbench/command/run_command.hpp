// SPDX-License-Identifier: Apache-2.0
// What `run` and `replay` share: options, outputs, exit code.
#pragma once

#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/command/exit_code.hpp"
#include "testbench/command/outputs/option_check.hpp"
#include "testbench/command/outputs/run_outputs.hpp"
#include "testbench/run/run.hpp"
#include "testbench/scenario/scenario.hpp"

namespace CLI {
class App;
}

namespace overrun {

/// An option that stands for a key of the scenario.
struct ShortForm {
    std::string option;
    std::string key;
    std::string value;

    [[nodiscard]] std::string override_text() const { return key + "=" + value; }
};

struct RunOptions {
    std::vector<std::string> set;
    std::string              nic;
    std::string              seed;
    RunOutputs               outputs;
    std::string              mode  = "lazy";
    bool                     quiet = false;
    std::vector<std::string> inputs;  ///< files that no output may replace

    [[nodiscard]] std::vector<ShortForm> short_forms() const;
    /// --set and its short forms, in the order in which they apply.
    [[nodiscard]] std::vector<std::string> overrides() const;
    [[nodiscard]] Platform                 platform() const;
};

/// What an error says of an override that the user wrote as an option, said of that option.
[[nodiscard]] std::string in_own_words(std::string message, const std::vector<ShortForm>& forms);

/// `load()`, with errors in the user's own words.
template <class Load>
[[nodiscard]] auto in_own_words(const std::vector<ShortForm>& forms, Load load)
{
    try {
        return load();
    } catch (const InputError& error) {
        throw InputError(in_own_words(std::string{error.what()}, forms));
    }
}

/// --mode: how scenarios are run.
void add_mode_option(CLI::App& app, std::string& mode);
void add_run_options(CLI::App& app, RunOptions& options);

/// Runs, prints, writes what was asked for. Throws InputError and Interrupted.
[[nodiscard]] ExitCode run_and_report(const Scenario& scenario, RunOptions& options);

}  // namespace overrun
