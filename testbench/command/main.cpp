// SPDX-License-Identifier: Apache-2.0
// The `overrun` command: parses, hands over, turns errors into one line and an exit code.
// Never lets an exception out.
#include <fcntl.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/capture/capture_input.hpp"
#include "testbench/command/bench_command.hpp"
#include "testbench/command/check_command.hpp"
#include "testbench/command/differential_command.hpp"
#include "testbench/command/info_commands.hpp"
#include "testbench/command/replay_command.hpp"
#include "testbench/files/stop_flag.hpp"
#include "testbench/scenario/builtin.hpp"
#include "testbench/text/nearest.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

namespace {

void add_run_command(CLI::App& app, std::function<ExitCode()>& action)
{
    struct Options {
        std::string scenario;
        RunOptions  run;
    };
    auto      options = std::make_shared<Options>();
    CLI::App& command = *app.add_subcommand("run", "Run one scenario");
    command.add_option("scenario", options->scenario, "A built-in name (see `overrun list`) or a TOML file")
        ->required()
        ->check(not_empty)
        ->type_name("SCENARIO");
    add_run_options(command, options->run);
    command.callback([options, &action] {
        action = [options] {
            const bool builtin = is_builtin(options->scenario);
            if (!builtin && CaptureInput::may_hold(options->scenario))
                throw InputError(
                    fmt::format("{}: a capture, not a scenario; captures are for `overrun replay`", options->scenario));
            const Scenario scenario = in_own_words(options->run.short_forms(), [&options] {
                return find_scenario(options->scenario, options->run.overrides());
            });
            if (!builtin) options->run.inputs.push_back(options->scenario);
            return run_and_report(scenario, options->run);
        };
    });
}

/// The first option that `app` does not have, in words; empty when there is none.
std::string unknown_option(const CLI::App& app, const std::vector<std::string>& words)
{
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const std::string name = words[i].substr(0, words[i].find('='));
        if (name.size() < 2 || name.front() != '-') continue;
        const CLI::Option* option = app.get_option_no_throw(name);
        if (option == nullptr) {
            const std::vector<std::string_view> candidates{names.begin(), names.end()};
            return fmt::format("{}: no such option{}", printable(name), did_you_mean(name, candidates));
        }
        if (option->get_items_expected_min() > 0 && name.size() == words[i].size()) ++i;
    }
    return {};
}

/// What is wrong with the words of a call that CLI11 refused. CLI11 itself names first what it missed, such as a
/// command where one is misspelt.
std::string usage_error(const CLI::App& app, const std::vector<std::string>& words, const CLI::ParseError& error)
{
    if (words.empty()) return "a command is missing";
    if (words.front().starts_with('-')) {
        const std::string unknown = unknown_option(app, {words.front()});
        return unknown.empty() ? error.what() : unknown + "; options follow their command";
    }
    std::vector<std::string_view> names;
    for (const CLI::App* command : app.get_subcommands({})) {
        names.push_back(command->get_name());
        if (names.back() != words.front()) continue;
        const std::string unknown = unknown_option(*command, {words.begin() + 1, words.end()});
        return fmt::format("{}: {}", words.front(), unknown.empty() ? error.what() : unknown);
    }
    return fmt::format("{}: no such command{}", printable(words.front()), did_you_mean(words.front(), names));
}

/// Errors quote names of files, which may hold line breaks.
void print_error(std::string text)
{
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    fmt::print(stderr, "overrun: {}\n", text);
}

/// @throws InputError when something that was printed did not arrive
void finish_standard_output()
{
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        throw InputError(fmt::format("cannot write standard output: {}", std::strerror(errno)));
}

/// A standard stream that the caller closed would be the next file opened: results would mix with text.
/// What stands in for it refuses the direction for which the stream is there.
void occupy_standard_streams()
{
    for (const int wanted : {0, 1, 2}) {
        if (::fcntl(wanted, F_GETFD) >= 0) continue;
        static_cast<void>(::open("/dev/null", wanted == 0 ? O_WRONLY : O_RDONLY));  // the lowest free number: `wanted`
    }
}

int run(int argc, char** argv)
{
    occupy_standard_streams();
    // A reader that goes away and a file that grows too large are output errors: temporary files are removed then.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    // Where the caller ignores it, children end without telling how.
    std::signal(SIGCHLD, SIG_DFL);

    CLI::App app{"Overrun: says where, when and why a network card loses frames", "overrun"};
    app.set_version_flag("--version", "overrun " OVERRUN_VERSION);
    app.require_subcommand(1);
    app.footer("`./overrun test` builds and runs the tests.");
    std::function<ExitCode()> action;
    add_run_command(app, action);
    add_replay_command(app, action);
    add_check_command(app, action);
    add_info_commands(app, action);
    add_bench_command(app, action);
    add_differential_command(app, action);

    try {
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            if (error.get_exit_code() != 0)
                throw InputError(fmt::format("{} (see `overrun --help`)",
                                             usage_error(app, {argv + std::min(argc, 1), argv + argc}, error)));
            app.exit(error);  // prints what --help and --version ask for
            action = [] { return ExitCode::holds; };
        }
        const ExitCode code = action();
        finish_standard_output();
        return number(code);
    } catch (const Interrupted& interrupted) {
        print_error(fmt::format("{}; no result was written", interrupted.what()));
        return number(ExitCode::interrupted);
    } catch (const InputError& error) {
        print_error(error.what());
        return number(ExitCode::input_error);
    } catch (const std::system_error& error) {
        // More was printed than the stream's buffer holds, and nobody takes it.
        if (std::ferror(stdout) != 0) {
            print_error(fmt::format("cannot write standard output: {}", error.code().message()));
            return number(ExitCode::input_error);
        }
        print_error(fmt::format("internal error: {}", error.what()));
        return number(ExitCode::internal_error);
    } catch (const std::exception& error) {
        print_error(fmt::format("internal error: {}", error.what()));
        return number(ExitCode::internal_error);
    }
}

}  // namespace

}  // namespace overrun

int main(int argc, char** argv)
{
    return overrun::run(argc, argv);
}
