// SPDX-License-Identifier: Apache-2.0
// The options of `replay`, with tcpreplay's names where it has them.
// Never reads a capture.
#include "testbench/command/replay_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "testbench/scenario/reader.hpp"

namespace overrun {

namespace {

struct ReplayOptions {
    std::vector<std::string> captures;
    std::string              mac       = "auto";
    std::string              fcs       = "auto";
    std::string              truncated = "pad";
    std::string              multiplier;
    std::string              mbps;
    std::string              pps;
    std::string              loop;
    std::string              limit;
    std::string              max_gap;
    bool                     topspeed    = false;
    bool                     promiscuous = false;
    bool                     allmulti    = false;
    RunOptions               run;
};

std::string scenario_name(const std::vector<std::string>& captures)
{
    const std::string first =
        captures.front() == "-" ? "standard input" : std::filesystem::path{captures.front()}.filename().string();
    return captures.size() == 1 ? first : fmt::format("{} and {} more", first, captures.size() - 1);
}

/// tcpreplay's options are numbers in one unit; a quantity with a unit of its own is taken as it is.
std::string with_unit(const std::string& value, const char* unit)
{
    const bool number = value.find_first_not_of("0123456789.") == std::string::npos;
    return number && !value.empty() ? value + unit : value;
}

std::vector<ShortForm> short_forms(const ReplayOptions& options)
{
    std::vector<ShortForm> forms;
    const auto             add = [&forms](const char* option, const char* key, const std::string& value) {
        if (!value.empty()) forms.push_back({option, key, value});
    };
    add("--mac", "nic.mac", options.mac);
    add("--fcs", "traffic[0].fcs", options.fcs);
    add("--truncated", "traffic[0].truncated", options.truncated);
    add("--multiplier", "traffic[0].speed", options.multiplier);
    add("--mbps", "traffic[0].bit_rate", with_unit(options.mbps, "Mbps"));
    add("--pps", "traffic[0].rate", with_unit(options.pps, "pps"));
    add("--loop", "traffic[0].loop", options.loop);
    add("--limit", "traffic[0].limit", options.limit);
    add("--max-gap", "traffic[0].max_gap", options.max_gap);
    if (options.topspeed) add("--topspeed", "traffic[0].pacing", "topspeed");
    if (options.promiscuous) add("--promiscuous", "nic.promiscuous", "true");
    if (options.allmulti) add("--allmulti", "nic.allmulti", "true");
    return forms;
}

Scenario scenario_of(const ReplayOptions& options)
{
    // The names of files may be longer than a scenario's name, and need not be text at all. So they take no part in
    // the TOML: what the overrides leave of these two values is replaced afterwards.
    constexpr const char* text        = "name = \"replay\"\n[[traffic]]\nkind = \"pcap\"\nfile = \"replay\"\n";
    const std::string     placeholder = "replay";

    std::vector<ShortForm>   forms = short_forms(options);
    std::vector<std::string> overrides;
    for (const ShortForm& form : forms) overrides.push_back(form.override_text());
    for (const std::string& one : options.run.overrides()) overrides.push_back(one);
    for (ShortForm& form : options.run.short_forms()) forms.push_back(std::move(form));

    for (const std::string& capture : options.captures)
        if (capture.empty()) throw InputError("a capture has no name");
    Scenario scenario = in_own_words(forms, [&] { return load_scenario_text(text, "replay", overrides); });
    std::vector<std::string>& files = scenario.traffic.front().files;
    if (files == std::vector{placeholder}) files = options.captures;
    if (scenario.name == placeholder && !files.empty()) scenario.name = scenario_name(files);
    return scenario;
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
        ->check(not_empty)
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
            ->type_name("N")
            ->check(not_empty);
    CLI::Option* max_gap = replay.add_option("--max-gap", options->max_gap, "Shorten longer gaps to this, such as 1ms")
                               ->type_name("TIME")
                               ->check(not_empty);
    CLI::Option* mbps = replay
                            .add_option("--mbps", options->mbps,
                                        "Ignore the timestamps: so many million bits of frames a second, as captured")
                            ->type_name("X")
                            ->check(not_empty);
    CLI::Option* pps =
        replay.add_option("--pps", options->pps, "Ignore the timestamps: so many frames a second, evenly spaced")
            ->type_name("X")
            ->check(not_empty);
    CLI::Option* topspeed =
        replay.add_flag("--topspeed", options->topspeed, "Ignore the timestamps: frames back to back");
    // One of them decides when frames start; a longest gap goes with timestamps alone.
    const std::array paces{multiplier, mbps, pps, topspeed};
    for (std::size_t i = 0; i < paces.size(); ++i) {
        for (std::size_t j = i + 1; j < paces.size(); ++j) paces[j]->excludes(paces[i]);
        if (paces[i] != multiplier) paces[i]->excludes(max_gap);
    }
    replay.add_option("--loop", options->loop, "Replay the captures that many times")->type_name("N")->check(not_empty);
    replay.add_option("--limit", options->limit, "Stop after that many frames")->type_name("N")->check(not_empty);
    add_run_options(replay, options->run);
    replay.callback(
        [options, &action] { action = [options] { return run_and_report(scenario_of(*options), options->run); }; });
}

}  // namespace overrun
