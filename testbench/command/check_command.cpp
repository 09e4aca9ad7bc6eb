// SPDX-License-Identifier: Apache-2.0
// Which scenarios are checked, what is said of each, and the sum.
// Never stops at the first failure.
#include "testbench/command/check_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/command/check_children.hpp"
#include "testbench/command/outputs/output_check.hpp"
#include "testbench/command/stop_signal.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/files/stop_flag.hpp"
#include "testbench/result/junit.hpp"
#include "testbench/result/result_text.hpp"
#include "testbench/scenario/builtin.hpp"
#include "testbench/text/number_text.hpp"

namespace overrun {

namespace {

namespace fs = std::filesystem;

struct CheckOptions {
    std::vector<std::string> paths;
    std::string              junit;
    std::size_t              jobs = std::max(1U, std::thread::hardware_concurrency());
    RunOptions               run;
};

bool is_folder(const fs::path& path)
{
    std::error_code error;
    return fs::is_directory(path, error);
}

void add_folder(std::vector<std::string>& scenarios, const fs::path& folder)
{
    std::error_code          error;
    fs::directory_iterator   entries{folder, error};
    std::vector<std::string> found;
    for (; !error && entries != fs::directory_iterator{}; entries.increment(error))
        if (entries->path().extension() == ".toml") found.push_back(entries->path().string());
    if (error) throw InputError(fmt::format("{}: this folder cannot be read: {}", folder.string(), error.message()));
    std::sort(found.begin(), found.end());
    scenarios.insert(scenarios.end(), found.begin(), found.end());
}

std::vector<std::string> scenarios_of(const CheckOptions& options)
{
    std::vector<std::string> scenarios;
    if (options.paths.empty()) {
        for (const BuiltinScenario& builtin : builtin_scenarios()) scenarios.emplace_back(builtin.name);
        // The captures of this project, with their expected counters, lie beside the source.
        if (is_folder(OVERRUN_TRACES)) add_folder(scenarios, OVERRUN_TRACES);
    }
    for (const std::string& path : options.paths) {
        if (!is_folder(path)) {
            scenarios.push_back(path);
            continue;
        }
        const std::size_t before = scenarios.size();
        add_folder(scenarios, path);
        if (scenarios.size() == before) throw InputError(fmt::format("{}: no .toml file in this folder", path));
    }
    return scenarios;
}

Verdict judge_one(const std::string& name, const CheckOptions& options)
{
    try {
        RunHooks hooks;
        hooks.stop             = &stop_on_signal();
        const RunResult result = run_scenario(
            in_own_words(options.run.short_forms(), [&] { return find_scenario(name, options.run.overrides()); }),
            options.run.platform(), hooks);
        if (result.interrupted) return {ExitCode::interrupted, {}};
        const auto held =
            static_cast<std::size_t>(std::count_if(result.expectations.begin(), result.expectations.end(),
                                                   [](const ExpectationResult& one) { return one.passed; }));
        const bool  ok   = held == result.expectations.size() && held != 0;
        std::string text = fmt::format("{:<4}  {:<24}{:>12} frames {:>9} lost {:>3} of {:>2} expectations hold\n",
                                       ok ? "ok" : "FAIL", result.scenario.name, with_commas(result.offered),
                                       with_commas(result.fates[static_cast<std::size_t>(Fate::fifo_overrun)].count),
                                       held, result.expectations.size());
        if (result.expectations.empty()) text += fmt::format("{}: no [[expect]]: nothing to check\n", name);
        return {ok ? ExitCode::holds : ExitCode::broken, text + failed_expectations(result)};
    } catch (const Interrupted&) {
        return {ExitCode::interrupted, {}};
    } catch (const InputError& error) {
        return {ExitCode::input_error, fmt::format("FAIL  {}\n", error.what())};
    } catch (const std::exception& error) {
        return {ExitCode::internal_error, fmt::format("FAIL  {}: internal error: {}\n", name, error.what())};
    }
}

/// Where the JUnit file goes, opened before anything runs.
std::unique_ptr<OutputFile> junit_file(const CheckOptions& options, StopFlag stop)
{
    return options.junit.empty() ? nullptr : std::make_unique<OutputFile>(options.junit, stop);
}

/// A child says what is wrong with its scenario; here it only matters what that reads.
void check_junit(const CheckOptions& options, const std::vector<std::string>& scenarios)
{
    std::vector<std::string> inputs;
    for (const std::string& name : scenarios) {
        if (!is_builtin(name)) inputs.push_back(name);
        try {
            const std::vector<std::string> more = inputs_of(find_scenario(name, options.run.overrides()));
            inputs.insert(inputs.end(), more.begin(), more.end());
        } catch (const InputError&) {
            continue;
        }
    }
    check_outputs(std::array{NamedOutput{"--junit", options.junit}}, inputs);
}

JunitCase junit_case(const CheckOptions& options, const std::string& name, const Verdict& verdict)
{
    JunitCase one{options.run.mode, name, verdict.seconds, JunitCase::Outcome::passed, verdict.text};
    if (verdict.code == ExitCode::broken) one.outcome = JunitCase::Outcome::failed;
    if (verdict.code != ExitCode::broken && verdict.code != ExitCode::holds) one.outcome = JunitCase::Outcome::error;
    return one;
}

ExitCode check(const CheckOptions& options)
{
    const auto& stop      = stop_on_signal();
    const auto  scenarios = scenarios_of(options);
    if (!options.junit.empty()) check_junit(options, scenarios);
    const std::unique_ptr<OutputFile> junit = junit_file(options, &stop);
    const bool                        text  = !is_standard_output(options.junit);
    std::vector<JunitCase>            cases;
    std::size_t                       passed = 0;
    ExitCode                          worst  = ExitCode::holds;

    CheckChildren children{[&options](const std::string& name) { return judge_one(name, options); }, options.jobs,
                           &stop};
    const bool    whole = children.run(scenarios, [&](const std::string& name, const Verdict& verdict) {
        const bool ok = verdict.code == ExitCode::holds;
        passed += ok ? 1 : 0;
        if (text && (!ok || !options.run.quiet)) std::fputs(verdict.text.c_str(), stdout);
        if (number(verdict.code) > number(worst)) worst = verdict.code;
        cases.push_back(junit_case(options, name, verdict));
    });
    if (!whole) {
        fmt::print("interrupted: {} of {} scenarios were checked, {} of them hold\n", cases.size(), scenarios.size(),
                   passed);
        return ExitCode::interrupted;
    }
    if (junit != nullptr) {
        junit->write(junit_of("overrun check", cases));
        junit->commit();
    }
    if (text) fmt::print("{} of {} scenarios hold\n", passed, scenarios.size());
    return worst;
}

}  // namespace

void add_check_command(CLI::App& app, std::function<ExitCode()>& action)
{
    auto      options = std::make_shared<CheckOptions>();
    CLI::App& command = *app.add_subcommand("check", "Run scenarios and compare with what they expect");
    command
        .add_option("path", options->paths,
                    "Scenarios, or folders of them; all built-in ones and traces/ when left out")
        ->type_name("PATH");
    command.add_option("--set", options->run.set, "Override a key in every scenario; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command.add_option("--nic", options->run.nic, "Short for --set nic.implementation=NAME")
        ->type_name("NAME")
        ->check(not_empty);
    add_mode_option(command, options->run.mode);
    command.add_option("--junit", options->junit, "Also write the outcome as JUnit XML; - is standard output")
        ->type_name("FILE")
        ->check(not_empty);
    command.add_option("-j,--jobs", options->jobs, "Scenarios at a time; as many as there are cores when left out")
        ->type_name("N")
        ->check(CLI::Range(1, 256));
    command.add_flag("--quiet", options->run.quiet, "Print failures and the sum only");
    command.callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace overrun
