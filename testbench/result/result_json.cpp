// SPDX-License-Identifier: Apache-2.0
// Key by key, in the order in which a reader wants them.
#include "testbench/result/result_json.hpp"

#include <nlohmann/json.hpp>

#include "testbench/counters/linux_names.hpp"
#include "testbench/counters/linux_views.hpp"

namespace overrun {

namespace {

using Json = nlohmann::ordered_json;

double nanoseconds(Time t)
{
    return static_cast<double>(t) / static_cast<double>(nanosecond);
}

Json latency(const std::optional<LatencySummary>& summary)
{
    if (!summary) return nullptr;
    return {{"p50", nanoseconds(summary->p50)},
            {"p90", nanoseconds(summary->p90)},
            {"p99", nanoseconds(summary->p99)},
            {"max", nanoseconds(summary->max)}};
}

Json netdev(const RunResult& result)
{
    Json out;
    for (const std::string_view name : netdev_names)
        out[std::string{name.substr(0, 2)}][std::string{name.substr(3)}] = *netdev_value(result.registers, name);
    return out;
}

Json replay(const RunResult& result)
{
    const ReplayCounts& counts = *result.replay;
    return {{"frames", counts.frames},
            {"padded", counts.padded},
            {"fcs_present", counts.fcs_present},
            {"fcs_absent", counts.fcs_absent},
            {"truncated", counts.truncated},
            {"skipped", counts.skipped},
            {"timestamps_backwards", counts.timestamps_backwards},
            {"gaps_shortened", counts.gaps_shortened},
            {"reserialised", result.reserialised},
            {"reserialised_at_most_ps", result.reserialised_at_most}};
}

Json expectations(const RunResult& result)
{
    Json out = Json::array();
    for (const ExpectationResult& one : result.expectations)
        out.push_back({{"what", one.what},
                       {"expected", one.expected},
                       {"actual", one.actual},
                       {"passed", one.passed},
                       {"file", one.file},
                       {"line", one.line}});
    return out;
}

Json rate(const RunResult& result)
{
    const auto per    = [](double amount, double seconds) { return seconds > 0 ? amount / seconds : 0.0; };
    const auto frames = static_cast<double>(result.offered);
    return {{"frames_per_s", per(frames, result.wall_s)},
            {"frames_per_cpu_s", per(frames, result.cpu_s)},
            {"simulated_per_wall",
             per(static_cast<double>(result.simulated) / static_cast<double>(second), result.wall_s)}};
}

}  // namespace

std::string result_json(const RunResult& result)
{
    Json out;
    out["format"]   = 1;
    out["version"]  = OVERRUN_VERSION;
    out["scenario"] = result.scenario.name;
    out["nic"]      = result.scenario.nic.implementation;
    out["mac"]      = result.station.text();
    out["seed"]     = result.scenario.seed;
    if (result.interrupted) out["interrupted"] = true;
    out["simulated_ps"] = result.simulated;
    out["wall_s"]       = result.wall_s;
    out["offered"]      = result.offered;
    out["in_flight"]    = result.in_flight;
    Json& fates = out["fates"] = Json::object();
    for (const FateInfo& info : fate_table)
        if (const std::uint64_t count = result.fates[static_cast<std::size_t>(info.fate)].count; count != 0)
            fates[std::string{info.name}] = count;
    Json& registers = out["registers"];
    for (std::size_t i = 0; i < result.registers.size(); ++i)
        registers[std::string{reg::counter_table[i].name}] = result.registers[i];
    Json& ethtool = out["ethtool"];
    for (const std::string_view name : ethtool_names)
        ethtool[std::string{name}] = *ethtool_value(result.registers, name);
    out["netdev"]     = netdev(result);
    out["host"]       = {{"interrupts", result.host.interrupts},
                         {"polls", result.driver.polls},
                         {"doorbells", result.driver.doorbells},
                         {"mmio_reads", result.host.mmio_reads},
                         {"mmio_writes", result.host.mmio_writes},
                         {"stalled_ps", result.host.stalled},
                         {"ring_free_min", result.ring_free_min},
                         {"fifo_octets", result.fifo_octets},
                         {"fifo_peak", result.fifo_peak},
                         {"ring", result.ring},
                         {"overrun_interrupts", result.driver.overruns},
                         {"itr_changes", result.driver.rate_changes},
                         {"ring_resizes", result.driver.resizes},
                         {"watchdog_looks", result.driver.looks},
                         {"resets_found", result.driver.lost},
                         {"hangs_found", result.driver.hangs}};
    out["latency_ns"] = {{"wire_to_host", latency(result.wire_to_host)},
                         {"wire_to_driver", latency(result.wire_to_driver)}};
    if (result.replay) out["replay"] = replay(result);
    Json& anomalies = out["anomalies"] = Json::object();
    for (const auto& [name, count] : result.anomalies) anomalies[name] = count;
    out["expectations"] = expectations(result);
    out["rate"]         = rate(result);
    // Names of files need not be UTF-8, but JSON must.
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace overrun
