// SPDX-License-Identifier: Apache-2.0
// Runs this program on built-in scenarios and takes the median of five CPU times of the whole process.
// Never mixes wall time in: the machine may be busy with other things.
#include "testbench/command/bench_command.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/command/stop_signal.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/files/stop_flag.hpp"

extern char** environ;

namespace overrun {

namespace {

struct Case {
    const char*   name;
    const char*   scenario;
    const char*   mode;
    std::uint64_t frames;
};

constexpr std::array cases{
    Case{"model.64.10G", "line-rate-64-10g", "lazy", 10'000'000},
    Case{"model.1518.10G", "line-rate-1518-10g", "lazy", 2'000'000},
    Case{"model.64.1G", "line-rate-64-1g", "lazy", 5'000'000},
    Case{"interrupt.64.1G", "interrupt-per-frame", "lazy", 2'000'000},
    Case{"bare.64.10G", "line-rate-64-10g", "bare", 10'000'000},
    Case{"detailed.64.10G", "line-rate-64-10g", "detailed", 5'000'000},
};

constexpr int repetitions = 5;

/// Starts this program again, in a process group of its own: a terminal's Ctrl-C reaches bench, which ends it.
pid_t start(char** arguments)
{
    posix_spawnattr_t attributes;
    pid_t             child = 0;
    int               error = ::posix_spawnattr_init(&attributes);
    if (error == 0) {
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        error = ::posix_spawn(&child, "/proc/self/exe", nullptr, &attributes, arguments, environ);
        ::posix_spawnattr_destroy(&attributes);
    }
    if (error != 0) throw InputError(fmt::format("bench: cannot start this program again: {}", std::strerror(error)));
    return child;
}

/// CPU seconds of one process, user and system.
double cpu_seconds_of(const Case& one, StopFlag stop)
{
    constexpr int            look_again_ms = 20;
    std::vector<std::string> words{"overrun", "run",    one.scenario, "--quiet",
                                   "--mode",  one.mode, "--set",      fmt::format("traffic[0].count={}", one.frames)};
    std::vector<char*>       arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    const pid_t child  = start(arguments.data());
    int         status = 0;
    rusage      usage{};
    pid_t       ended = 0;
    while ((ended = ::wait4(child, &status, WNOHANG, &usage)) == 0) {
        if (told_to_stop(stop)) ::kill(child, SIGKILL);
        static_cast<void>(::poll(nullptr, 0, look_again_ms));
    }
    if (told_to_stop(stop)) throw Interrupted("bench: interrupted");
    if (ended != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw InputError(fmt::format("bench: {} did not run to its end with its expectations held", one.scenario));
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

ExitCode bench(const std::string& json_file, const std::string& only)
{
    const StopFlag            stop       = &stop_on_signal();
    const bool                json_alone = is_standard_output(json_file);
    std::optional<OutputFile> json;
    if (!json_file.empty()) json.emplace(json_file, stop);

    nlohmann::ordered_json out;
    for (const Case& one : cases) {
        if (std::string_view{one.name}.find(only) == std::string_view::npos) continue;
        std::array<double, repetitions> seconds{};
        for (double& value : seconds) value = cpu_seconds_of(one, stop);
        std::sort(seconds.begin(), seconds.end());
        const double rate   = static_cast<double>(one.frames) / seconds[repetitions / 2];
        const double lowest = static_cast<double>(one.frames) / seconds.back();
        const double best   = static_cast<double>(one.frames) / seconds.front();
        out[one.name]       = {{"frames_per_cpu_s", rate}};
        if (!json_alone)
            fmt::print("{:<16}{:>8.2f} M frames per CPU second   ({:.2f} to {:.2f}, {} frames, {})\n", one.name,
                       rate / 1e6, lowest / 1e6, best / 1e6, one.frames, one.scenario);
        std::fflush(stdout);
    }
    if (out.empty()) throw InputError(fmt::format("bench: \"{}\" is in no name; see `overrun bench`", only));
    if (json) {
        json->write(out.dump(2) + "\n");
        json->commit();
    }
    return ExitCode::holds;
}

}  // namespace

void add_bench_command(CLI::App& app, std::function<ExitCode()>& action)
{
    auto      json    = std::make_shared<std::string>();
    auto      only    = std::make_shared<std::string>();
    CLI::App& command = *app.add_subcommand("bench", "Measure speeds: the median of five whole commands, in CPU time");
    command.add_option("--json", *json, "Write the figures as JSON; - is standard output")
        ->type_name("FILE")
        ->check(not_empty);
    command.add_option("--only", *only, "Only those with this in their name")->type_name("TEXT");
    command.callback([json, only, &action] { action = [json, only] { return bench(*json, *only); }; });
}

}  // namespace overrun
