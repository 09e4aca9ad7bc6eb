// SPDX-License-Identifier: Apache-2.0
// The layout of a result on a terminal.
#include "testbench/result/result_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "testbench/counters/linux_views.hpp"
#include "testbench/text/number_text.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

namespace {

std::string rate_text(std::int64_t bits_per_second)
{
    const auto value = static_cast<double>(bits_per_second);
    if (bits_per_second >= 1'000'000'000) return fmt::format("{:g} Gb/s", value / 1e9);
    return fmt::format("{:g} Mb/s", value / 1e6);
}

std::string heading(const RunResult& result)
{
    const Scenario& scenario = result.scenario;

    std::string text =
        fmt::format("{}    82574L {}, {}, ring {}, FIFO {} KiB, host {}, seed {}\n", printable(scenario.name),
                    scenario.nic.implementation, rate_text(scenario.wire_rate), scenario.driver.settings.ring,
                    scenario.driver.settings.rx_fifo_kib, result.profile, scenario.seed);
    text += fmt::format("{} frames offered in {} of wire time ({} here, {:.3g} M frames/s)\n",
                        with_commas(result.offered), time_text(result.wire_time),
                        time_text(static_cast<Time>(result.wall_s * static_cast<double>(second))),
                        result.wall_s > 0 ? static_cast<double>(result.offered) / result.wall_s / 1e6 : 0.0);
    for (const std::string& note : result.notes) text += fmt::format("  {}\n", note);
    return text;
}

std::string fates(const RunResult& result)
{
    std::string text;
    const auto  row = [&](std::string_view name, std::uint64_t count, const std::string& more) {
        const double share =
            result.offered == 0 ? 0 : 100.0 * static_cast<double>(count) / static_cast<double>(result.offered);
        text += fmt::format("  {:<20}{:>13} {:>6.1f} %{}\n", name, with_commas(count), share, more);
    };
    row("delivered", result.fates[static_cast<std::size_t>(Fate::delivered)].count, "");
    for (const FateInfo& info : fate_table) {
        const FateRecord& record = result.fates[static_cast<std::size_t>(info.fate)];
        if (info.fate == Fate::delivered || record.count == 0) continue;
        row(info.name, record.count,
            fmt::format("   first #{} at {}, last #{} at {}, longest run {}", record.first, time_text(record.first_at),
                        record.last, time_text(record.last_at), with_commas(record.longest_run)));
    }
    if (result.in_flight != 0) row("in flight", result.in_flight, "");
    text += fmt::format("  {:<20}{:>13}   balanced\n", "offered", with_commas(result.offered));
    return text;
}

std::string counters(const RunResult& result)
{
    const auto value = [&result](std::string_view name) {
        return with_commas(register_value(result.registers, name).value_or(0));
    };
    std::string text =
        fmt::format("  MPC {} (rx_missed_errors)   RNBC {} (rx_no_buffer_count)   GPRC {}   interrupts {}   polls {}\n",
                    value("MPC"), value("RNBC"), value("GPRC"), with_commas(result.host.interrupts),
                    with_commas(result.driver.polls));
    text += fmt::format("  FIFO peak {} of {} octets   ring free at least {} of {}", with_commas(result.fifo_peak),
                        with_commas(result.fifo_octets), result.ring_free_min, result.ring - 1);
    if (result.wire_to_driver)
        text += fmt::format("   wire to driver p50 {}, p99 {}", time_text(result.wire_to_driver->p50),
                            time_text(result.wire_to_driver->p99));
    text += "\n";
    const auto note = [&text](std::uint64_t count, std::string_view what) {
        if (count != 0) text += fmt::format("  {} {}\n", with_commas(count), what);
    };
    note(result.driver.resizes, "times another ring (driver.resize)");
    note(result.driver.lost, "times the watchdog found the device reset, and set it up again");
    note(result.driver.hangs, "times the watchdog found the device stuck, and reset it");
    for (const auto& [name, count] : result.anomalies)
        text += fmt::format("  {} {} (misuse of the device)\n", name, with_commas(count));
    return text;
}

std::string verdict(const RunResult& result)
{
    if (result.expectations.empty()) return {};
    const auto held = std::count_if(result.expectations.begin(), result.expectations.end(),
                                    [](const ExpectationResult& one) { return one.passed; });
    return failed_expectations(result) + fmt::format("{} of {} expectations hold\n", held, result.expectations.size());
}

}  // namespace

std::string failed_expectations(const RunResult& result)
{
    std::string text;
    for (const ExpectationResult& one : result.expectations)
        if (!one.passed)
            text += fmt::format("{}:{}: {}: expected {}, actual {}\n", one.file, one.line, one.what, one.expected,
                                one.actual);
    return text;
}

std::string result_text(const RunResult& result)
{
    std::string text = heading(result) + "\n" + fates(result) + "\n" + counters(result);
    if (result.interrupted) text += interrupted_text;
    return text + verdict(result);
}

}  // namespace overrun
