// SPDX-License-Identifier: Apache-2.0
// The options of `replay`, with tcpreplay's names where it has them.
// Never reads a capture.
#include "testbench/command/replay_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "testbench/scenario_file.hpp"

namespace overrun {

namespace {

struct ReplayOptions {
    std::vector<std::string> captures;
    std::string              mac       = "auto";
    std::string              fcs       = "auto";
    std::string              truncated = "pad";
    std::string              multiplier;
    std::string              limit;
    std::string              max_gap;
    bool                     topspeed    = false;
    bool                     promiscuous = false;
    bool                     allmulti    = false;
    RunOptions               run;
};

/// A TOML basic string.
std::string quoted(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string scenario_name(const std::vector<std::string>& captures)
{
    const std::string first =
        captures.front() == "-" ? "standard input" : std::filesystem::path{captures.front()}.filename().string();
    return captures.size() == 1 ? first : fmt::format("{} and {} more", first, captures.size() - 1);
}

Scenario scenario_of(const ReplayOptions& options)
{
    std::string files;
    for (const std::string& capture : options.captures) files += (files.empty() ? "" : ", ") + quoted(capture);
    const std::string text = fmt::format("name = {}\n[[traffic]]\nkind = \"pcap\"\nfile = [{}]\n",
                                         quoted(scenario_name(options.captures)), files);

    std::vector<std::string> overrides;
    const auto               set = [&overrides](const char* key, const std::string& value) {
        if (!value.empty()) overrides.push_back(fmt::format("{}={}", key, value));
    };
    set("nic.mac", options.mac);
    set("traffic[0].fcs", options.fcs);
    set("traffic[0].truncated", options.truncated);
    set("traffic[0].speed", options.multiplier);
    set("traffic[0].limit", options.limit);
    set("traffic[0].max_gap", options.max_gap);
    if (options.topspeed) set("traffic[0].pacing", "topspeed");
    if (options.promiscuous) set("nic.promiscuous", "true");
    if (options.allmulti) set("nic.allmulti", "true");
    for (const std::string& one : options.run.overrides()) overrides.push_back(one);
    return load_scenario_text(text, "replay", overrides);
}

}  // namespace

void add_replay_command(CLI::App& app, std::function<ExitCode()>& action)
{
    auto      options = std::make_shared<ReplayOptions>();
    CLI::App& replay  = *app.add_subcommand("replay", "Replay captures into the NIC, one after the other");
    replay.add_option("capture", options->captures, "pcap or pcapng, .gz too; - is standard input")
        ->required()
        ->type_name("CAPTURE");
    replay.add_option("--mac", options->mac, "The NIC's address; auto: the most frequent unicast destination")
        ->type_name("auto|ADDRESS")
        ->capture_default_str();
    replay.add_flag("--promiscuous", options->promiscuous, "Accept every address");
    replay.add_flag("--allmulti", options->allmulti, "Accept every multicast address");
    replay.add_option("--fcs", options->fcs, "Whether frames carry their FCS")
        ->check(CLI::IsMember({"auto", "present", "absent"}))
        ->capture_default_str();
    replay.add_option("--truncated", options->truncated, "What becomes of frames cut short in the capture")
        ->check(CLI::IsMember({"pad", "skip", "error"}))
        ->capture_default_str();
    CLI::Option* multiplier =
        replay.add_option("--multiplier", options->multiplier, "Replay that many times as fast as captured")
            ->type_name("N");
    CLI::Option* max_gap =
        replay.add_option("--max-gap", options->max_gap, "Shorten longer gaps to this, such as 1ms")->type_name("TIME");
    replay.add_flag("--topspeed", options->topspeed, "Ignore the timestamps: frames back to back")
        ->excludes(multiplier)
        ->excludes(max_gap);
    replay.add_option("--limit", options->limit, "Stop after that many frames")->type_name("N");
    add_run_options(replay, options->run);
    replay.callback(
        [options, &action] { action = [options] { return run_and_report(scenario_of(*options), options->run); }; });
}

}  // namespace overrun
