// SPDX-License-Identifier: Apache-2.0
#include "testbench/command/run_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "hw/base/input_error.hpp"
#include "testbench/command/outputs/output_check.hpp"
#include "testbench/command/stop_signal.hpp"
#include "testbench/observe/progress.hpp"
#include "testbench/result/result_text.hpp"

namespace overrun {

namespace {

/// Standard output carries one thing: a result on it silences the text.
bool prints_text(const RunOptions& options)
{
    return !options.quiet && !options.outputs.use_standard_output();
}

}  // namespace

std::vector<ShortForm> RunOptions::short_forms() const
{
    std::vector<ShortForm> forms;
    if (!nic.empty()) forms.push_back({"--nic", "nic.implementation", nic});
    if (!seed.empty()) forms.push_back({"--seed", "run.seed", seed});
    return forms;
}

std::vector<std::string> RunOptions::overrides() const
{
    std::vector<std::string> all = set;
    for (const ShortForm& form : short_forms()) all.push_back(form.override_text());
    return all;
}

std::string in_own_words(std::string message, const std::vector<ShortForm>& forms)
{
    for (const ShortForm& form : forms) {
        const std::string as_override = fmt::format("--set {}: ", form.override_text());
        if (!message.starts_with(as_override)) continue;
        message.erase(0, as_override.size());
        if (const std::string again = form.key + ": "; message.starts_with(again)) message.erase(0, again.size());
        return fmt::format("{}: {}", form.option, message);
    }
    return message;
}

Platform RunOptions::platform() const
{
    if (mode == "detailed") return Platform::detailed;
    return mode == "bare" ? Platform::bare : Platform::systemc;
}

void add_mode_option(CLI::App& app, std::string& mode)
{
    app.add_option(
           "--mode", mode,
           "lazy: under SystemC; detailed: every step of the NIC is a SystemC event; bare: without SystemC; the "
           "results are the same")
        ->check(CLI::IsMember({"lazy", "detailed", "bare"}))
        ->capture_default_str();
}

void add_run_options(CLI::App& app, RunOptions& options)
{
    app.add_option("--set", options.set, "Override a key of the scenario, such as driver.ring=64; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_option("--nic", options.nic, "Short for --set nic.implementation=NAME")
        ->type_name("NAME")
        ->check(not_empty);
    app.add_option("--seed", options.seed, "Short for --set run.seed=N")->type_name("N")->check(not_empty);
    options.outputs.add_options(app);
    add_mode_option(app, options.mode);
    app.add_flag("--quiet", options.quiet, "Print nothing but errors");
}

ExitCode run_and_report(const Scenario& scenario, RunOptions& options)
{
    const std::atomic<bool>& stop   = stop_on_signal();  // before there is a temporary file
    std::vector<std::string> inputs = inputs_of(scenario);
    inputs.insert(inputs.end(), options.inputs.begin(), options.inputs.end());
    options.outputs.open(scenario, inputs, &stop);

    RunHooks hooks;
    hooks.stop = &stop;
    options.outputs.attach(hooks);
    std::optional<Progress> progress;
    if (!options.quiet && ::isatty(STDERR_FILENO) != 0)
        hooks.observers.push_back(&progress.emplace(STDERR_FILENO, scenario));
    const RunResult result = run_scenario(scenario, options.platform(), hooks);

    const std::vector<std::string> warnings = options.outputs.finish(result);
    if (prints_text(options)) std::fputs(result_text(result).c_str(), stdout);

    for (const std::string& warning : warnings) fmt::print(stderr, "overrun: {}\n", warning);
    if (!prints_text(options)) {
        if (result.interrupted) fmt::print(stderr, "overrun: {}", interrupted_text);
        std::fputs(failed_expectations(result).c_str(), stderr);
    }
    if (result.interrupted) return ExitCode::interrupted;
    return result.expectations_hold() ? ExitCode::holds : ExitCode::broken;
}

}  // namespace overrun
