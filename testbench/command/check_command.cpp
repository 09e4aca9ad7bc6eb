// SPDX-License-Identifier: Apache-2.0
// Each scenario runs in a child of its own: SystemC elaborates once in a process, and a crash stays one row.
// Never stops at the first failure.
#include "testbench/command/check_command.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hw/input_error.hpp"
#include "testbench/builtin_scenarios.hpp"
#include "testbench/capture_interrupt.hpp"
#include "testbench/command/stop_signal.hpp"
#include "testbench/result_text.hpp"

namespace overrun {

namespace {

namespace fs = std::filesystem;

struct CheckOptions {
    std::vector<std::string> paths;
    RunOptions               run;
};

/// What a child says: its exit code, one row and what failed.
struct Verdict {
    ExitCode    code = ExitCode::internal_error;
    std::string text;
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
        Observers observers;
        observers.stop         = &stop_on_signal();
        const RunResult result = run_scenario(
            in_own_words(options.run.short_forms(), [&] { return find_scenario(name, options.run.overrides()); }),
            options.run.platform(), observers);
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

/// What the child says until it ends. When this process is told to stop, the child need not come to its end: nothing
/// of it would be printed, and a signal may have reached this process alone.
std::string read_all(int descriptor, pid_t child, const std::atomic<bool>& stop)
{
    constexpr int look_again_ms = 100;
    std::string   text;
    char          buffer[4096];
    for (;;) {
        pollfd    input{descriptor, POLLIN, 0};
        const int ready = ::poll(&input, 1, look_again_ms);
        if (stop.load()) ::kill(child, SIGKILL);
        if (ready <= 0) continue;
        const ssize_t n = ::read(descriptor, buffer, sizeof buffer);
        if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
        if (n == 0 || (n < 0 && errno != EINTR)) return text;
    }
}

void write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t n = ::write(descriptor, text.data(), text.size());
        if (n < 0 && errno != EINTR) return;
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
}

Verdict judge_in_child(const std::string& name, const CheckOptions& options, const std::atomic<bool>& stop)
{
    int ends[2];
    if (::pipe(ends) != 0) throw InputError(fmt::format("cannot start a check of {}: {}", name, std::strerror(errno)));
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child  = ::fork();
    if (child < 0) throw InputError(fmt::format("cannot start a check of {}: {}", name, std::strerror(errno)));
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it writes nothing that could stay half done
        if (::getppid() != parent) ::_exit(number(ExitCode::interrupted));  // too late to be told
        ::close(ends[0]);
        const Verdict verdict = judge_one(name, options);
        write_all(ends[1], verdict.text);
        ::_exit(number(verdict.code));
    }
    ::close(ends[1]);
    Verdict verdict{ExitCode::internal_error, read_all(ends[0], child, stop)};
    ::close(ends[0]);
    int   status = 0;
    pid_t ended  = 0;
    while ((ended = ::waitpid(child, &status, 0)) < 0 && errno == EINTR) {}
    if (ended != child) throw InputError(fmt::format("cannot learn how the check of {} ended", name));
    if (WIFEXITED(status)) {
        verdict.code = static_cast<ExitCode>(WEXITSTATUS(status));
    } else {
        verdict.text += fmt::format("FAIL  {}: ended by signal {}\n", name, WTERMSIG(status));
    }
    return verdict;
}

ExitCode check(const CheckOptions& options)
{
    const auto& stop      = stop_on_signal();
    const auto  scenarios = scenarios_of(options);
    std::size_t passed    = 0;
    std::size_t judged    = 0;
    ExitCode    worst     = ExitCode::holds;
    for (const std::string& scenario : scenarios) {
        const Verdict verdict = judge_in_child(scenario, options, stop);
        if (stop.load() || verdict.code == ExitCode::interrupted) {
            fmt::print("interrupted: {} of {} scenarios were checked, {} of them hold\n", judged, scenarios.size(),
                       passed);
            return ExitCode::interrupted;
        }
        ++judged;
        const bool ok = verdict.code == ExitCode::holds;
        passed += ok ? 1 : 0;
        if (!ok || !options.run.quiet) std::fputs(verdict.text.c_str(), stdout);
        if (number(verdict.code) > number(worst)) worst = verdict.code;
    }
    fmt::print("{} of {} scenarios hold\n", passed, scenarios.size());
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
    command.add_option("--mode", options->run.mode, "lazy: under SystemC; bare: without it")
        ->check(CLI::IsMember({"lazy", "bare"}))
        ->capture_default_str();
    command.add_flag("--quiet", options->run.quiet, "Print failures and the sum only");
    command.callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace overrun
