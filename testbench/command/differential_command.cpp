// SPDX-License-Identifier: Apache-2.0
// Options, the order of programs, and what is printed.
// Never prints a failure without the program that shows it.
#include "testbench/command/differential_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#include "driver_sim/qtest/version.hpp"
#include "hw/base/input_error.hpp"
#include "testbench/command/stop_signal.hpp"
#include "testbench/differential/differential.hpp"
#include "testbench/differential/directed_programs.hpp"
#include "testbench/differential/program_maker.hpp"
#include "testbench/differential/program_text.hpp"
#include "testbench/differential/qemu_speed.hpp"
#include "testbench/engines/engines.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/files/stop_flag.hpp"
#include "testbench/text/number_text.hpp"

namespace overrun {

namespace {

using namespace differential;

struct DifferentialOptions {
    std::uint64_t            programs = 500;
    std::uint64_t            seed     = 1;
    std::string              nic      = "model";
    std::string              json;
    std::string              replay;
    std::vector<std::string> captures;
    std::size_t              failures = 3;
    bool                     speed    = false;
};

Program program_in(const std::string& file)
{
    if (file == "-") return parse_program(std::string{std::istreambuf_iterator<char>{std::cin}, {}}, "standard input");
    std::ifstream in{file};
    if (!in) throw InputError(fmt::format("{}: this file cannot be read", file));
    return parse_program(std::string{std::istreambuf_iterator<char>{in}, {}}, file);
}

void print_failure(const Failure& failure)
{
    fmt::print("FAIL  {}: {}\n  this shows it (overrun differential --replay FILE):\n", failure.name, failure.text);
    const std::string text = text_of(failure.program);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        fmt::print("    {}\n", text.substr(at, end - at));
        at = end + 1;
    }
}

void print_result(const Result& result, double seconds)
{
    fmt::print("{} programs, {} frames, {} mismatches, {:.1f} s, {:.0f} frames/s, QEMU {}\n", result.programs,
               with_commas(result.frames), result.mismatches, seconds, static_cast<double>(result.frames) / seconds,
               result.qemu);
    for (const DepartureInfo& info : departure_table)
        if (const auto count = result.forgiven[static_cast<std::size_t>(info.departure)]; count != 0)
            fmt::print("  {:<20} {:>12}  {}\n", info.name, with_commas(count), info.reason);
}

ExitCode run_differential(const DifferentialOptions& options)
{
    const StopFlag         stop = &stop_on_signal();
    qtest::MachineSettings settings;
    const auto             program = qtest::find_qemu();
    if (!program) throw InputError("there is no qemu-system-x86_64 on PATH (Debian: qemu-system-x86)");
    settings.program = *program;
    settings.check   = [stop] {
        if (told_to_stop(stop)) throw Interrupted("differential: interrupted");
    };
    const bool                text = !is_standard_output(options.json);
    std::optional<OutputFile> json;
    if (!options.json.empty()) json.emplace(options.json, stop);
    std::vector<Octets> captured;
    for (const std::string& file : options.captures)
        for (Octets& frame : frames_of_capture(file, 5000)) captured.push_back(std::move(frame));

    if (options.speed) {
        constexpr std::uint64_t frames = 500'000;
        qtest::Machine          machine{settings};
        fmt::print("{:.0f} frames/s through QEMU {}\n", qemu_frames_per_second(machine, frames), machine.version());
        return ExitCode::holds;
    }
    Differential both{engine_named(options.nic, "--nic"), settings};
    both.failures_kept = options.failures;
    if (const std::string version = both.result().qemu; !qtest::is_known_version(version))
        fmt::print(stderr, "overrun: warning: QEMU {} is not a version that the departures were established with\n",
                   version);
    const auto begin = std::chrono::steady_clock::now();
    if (!options.replay.empty()) {
        both.run(options.replay, program_in(options.replay));
    } else {
        for (const DirectedProgram& one : directed_programs()) both.run("directed: " + one.name, one.program);
        for (std::uint64_t i = 0; i < options.programs; ++i)
            both.run(fmt::format("--programs 1 --seed {}", options.seed + i),
                     random_program(options.seed + i, captured));
    }
    const double  seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const Result& result  = both.result();
    if (text) {
        for (const Failure& failure : result.failures) print_failure(failure);
        print_result(result, seconds);
    }
    if (json) {
        json->write(json_of(result, seconds));
        json->commit();
    }
    return result.mismatches == 0 ? ExitCode::holds : ExitCode::broken;
}

}  // namespace

void add_differential_command(CLI::App& app, std::function<ExitCode()>& action)
{
    auto      options = std::make_shared<DifferentialOptions>();
    CLI::App& command = *app.add_subcommand("differential", "Compare our NIC with stock QEMU's e1000e, frame by frame");
    command.add_option("--programs", options->programs, "Random programs; directed ones come before them")
        ->type_name("N")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{10'000'000}))
        ->capture_default_str();
    command.add_option("--seed", options->seed, "Of the first random program; the next one has the next")
        ->type_name("S")
        ->capture_default_str();
    command.add_option("--nic", options->nic, "Which of our NICs")->type_name("NAME")->capture_default_str();
    command.add_option("--capture", options->captures, "Mix in the frames of a capture; may be repeated")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command.add_option("--failures", options->failures, "Failing programs to make short and print; others are counted")
        ->type_name("N")
        ->capture_default_str();
    command.add_option("--replay", options->replay, "Run this program instead; - is standard input")->type_name("FILE");
    command.add_option("--json", options->json, "Write the result as JSON; - is standard output")->type_name("FILE");
    command.add_flag("--speed", options->speed, "Compare nothing: measure how fast frames go through QEMU");
    command.callback([options, &action] { action = [options] { return run_differential(*options); }; });
}

}  // namespace overrun
