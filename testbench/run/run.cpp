// SPDX-License-Identifier: Apache-2.0
// From a scenario to its result, whatever the platform.
// Never simulates before all input has been looked at.
#include "testbench/run/run.hpp"

#include <fmt/format.h>
#include <time.h>

#include <chrono>

#include "testbench/result/expectations.hpp"
#include "testbench/run/bare_platform.hpp"
#include "testbench/run/systemc_platform.hpp"
#include "testbench/text/number_text.hpp"
#include "testbench/traffic/station_address.hpp"

namespace overrun {

namespace {

double cpu_seconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

const char* name_of(Platform platform)
{
    switch (platform) {
        case Platform::systemc: return "systemc";
        case Platform::detailed: return "detailed";
        case Platform::bare: return "bare";
    }
    return "";
}

MacAddress resolve_station(const Scenario& scenario, StopFlag stop, RunResult& result)
{
    bool captures = false;
    for (const TrafficSpec& spec : scenario.traffic) captures = captures || spec.kind == TrafficKind::pcap;
    if (!captures) return scenario.nic.mac.value_or(default_station_address);

    const CaptureSummary summary = scan_captures(scenario.traffic, stop);
    if (scenario.nic.mac) return *scenario.nic.mac;
    if (summary.station_frames == 0) {
        result.notes.push_back(fmt::format("nic.mac auto: no unicast destination, so {}", summary.station.text()));
    } else {
        result.notes.push_back(fmt::format("nic.mac auto: {}, the destination of {}{} of {} frames",
                                           summary.station.text(), summary.exact ? "" : "at least ",
                                           with_commas(summary.station_frames), with_commas(summary.counts.frames)));
        if (summary.station == MacAddress{}) result.notes.emplace_back("the address is all zeros, as in the capture");
    }
    return summary.station;
}

void note_replay(RunResult& result)
{
    const ReplayCounts& counts = *result.replay;
    const auto          note   = [&result](std::uint64_t count, const char* text, const std::string& more = {}) {
        if (count != 0) result.notes.push_back(fmt::format("frames {}: {}{}", text, with_commas(count), more));
    };
    note(counts.padded, "under 60 octets without FCS, padded");
    note(counts.fcs_present, "that carry their FCS", counts.fcs_absent == 0 ? "" : "; the others got a right one");
    note(counts.truncated - counts.skipped, "cut short in the capture, padded with zeros");
    note(counts.skipped, "cut short in the capture, left out");
    note(counts.timestamps_backwards, "with a timestamp before the one ahead of them, which they follow at once");
    note(counts.gaps_shortened, "after a gap that was shortened");
    note(result.reserialised, "moved to where the wire was free",
         fmt::format(", by at most {}", time_text(result.reserialised_at_most)));
}

}  // namespace

RunResult run_scenario(const Scenario& scenario, Platform platform, const RunHooks& hooks)
{
    const auto   wall_begin = std::chrono::steady_clock::now();
    const double cpu_begin  = cpu_seconds();

    RunResult result;
    result.scenario = scenario;
    result.platform = name_of(platform);
    result.station  = resolve_station(scenario, hooks.stop, result);

    System system{scenario, result.station, hooks};
    result.profile = system.profile.name;
    switch (platform) {
        case Platform::systemc: run_systemc(system, result); break;
        case Platform::detailed: run_detailed(system, result); break;
        case Platform::bare: run_bare(system, result); break;
    }

    result.interrupted = told_to_stop(hooks.stop);
    result.replay      = system.replay_counts();
    if (result.replay) {
        result.reserialised         = system.wire.moved();
        result.reserialised_at_most = system.wire.moved_at_most();
        note_replay(result);
    }
    judge(result);
    result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_begin).count();
    result.cpu_s  = cpu_seconds() - cpu_begin;
    return result;
}

}  // namespace overrun
