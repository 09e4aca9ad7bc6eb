// SPDX-License-Identifier: Apache-2.0
// The `overrun` command: parses, hands over, turns errors into one line and an exit code.
// Never lets an exception out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <memory>

#include "hw/input_error.hpp"
#include "testbench/builtin_scenarios.hpp"
#include "testbench/command/bench_command.hpp"
#include "testbench/command/check_command.hpp"
#include "testbench/command/info_commands.hpp"
#include "testbench/command/replay_command.hpp"

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
        ->type_name("SCENARIO");
    add_run_options(command, options->run);
    command.callback([options, &action] {
        action = [options] {
            return run_and_report(find_scenario(options->scenario, options->run.overrides()), options->run);
        };
    });
}

int run(int argc, char** argv)
{
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

    try {
        app.parse(argc, argv);
        return number(action());
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
        fmt::print(stderr, "overrun: {} (see `overrun --help`)\n", error.what());
        return number(ExitCode::input_error);
    } catch (const InputError& error) {
        fmt::print(stderr, "overrun: {}\n", error.what());
        return number(ExitCode::input_error);
    } catch (const std::exception& error) {
        fmt::print(stderr, "overrun: internal error: {}\n", error.what());
        return number(ExitCode::internal_error);
    }
}

}  // namespace

}  // namespace overrun

int main(int argc, char** argv)
{
    return overrun::run(argc, argv);
}
