// SPDX-License-Identifier: Apache-2.0
// One expectation, one verdict, with the numbers a reader needs.
#include "testbench/result/expectations.hpp"

#include <fmt/format.h>

#include <cmath>

#include "testbench/counters/linux_views.hpp"

namespace overrun {

namespace {

std::optional<double> latency_of(const RunResult& result, const std::string& name)
{
    const auto  dot     = name.find('.');
    const auto& summary = name.substr(0, dot) == "wire_to_host" ? result.wire_to_host : result.wire_to_driver;
    if (!summary) return std::nullopt;
    const std::string point = name.substr(dot + 1);
    const Time        value = point == "p50"   ? summary->p50
                              : point == "p90" ? summary->p90
                              : point == "p99" ? summary->p99
                                               : summary->max;
    return static_cast<double>(value) / static_cast<double>(nanosecond);
}

std::optional<double> integer(std::optional<std::uint64_t> value)
{
    if (!value) return std::nullopt;
    return static_cast<double>(*value);
}

std::optional<double> actual_of(const RunResult& result, const Expectation& expectation)
{
    switch (expectation.kind) {
        case Expectation::Kind::fate: {
            const auto fate = fate_named(expectation.name);
            if (!fate) return std::nullopt;
            return static_cast<double>(result.fates[static_cast<std::size_t>(*fate)].count);
        }
        case Expectation::Kind::reg: return integer(register_value(result.registers, expectation.name));
        case Expectation::Kind::ethtool: return integer(ethtool_value(result.registers, expectation.name));
        case Expectation::Kind::netdev: return integer(netdev_value(result.registers, expectation.name));
        case Expectation::Kind::latency: return latency_of(result, expectation.name);
    }
    return std::nullopt;
}

/// Counts and nanoseconds up to 2^53 print as integers.
std::string number(double value)
{
    return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
}

std::string condition_of(const Expectation& expectation)
{
    std::string text;
    const auto  add = [&text](const std::string& part) { text += (text.empty() ? "" : " and ") + part; };
    if (expectation.equals && expectation.within)
        add(fmt::format("{} within {}", number(*expectation.equals), number(*expectation.within)));
    else if (expectation.equals)
        add(number(*expectation.equals));
    if (expectation.at_least) add("at least " + number(*expectation.at_least));
    if (expectation.at_most) add("at most " + number(*expectation.at_most));
    return text;
}

bool holds(const Expectation& expectation, double actual) noexcept
{
    if (expectation.equals && std::abs(actual - *expectation.equals) > expectation.within.value_or(0)) return false;
    if (expectation.at_least && actual < *expectation.at_least) return false;
    return !expectation.at_most || actual <= *expectation.at_most;
}

}  // namespace

void judge(RunResult& result)
{
    result.expectations.clear();
    for (const Expectation& expectation : result.scenario.expect) {
        const auto             actual = actual_of(result, expectation);
        const std::string_view unit   = expectation.kind == Expectation::Kind::latency ? " ns" : "";
        result.expectations.push_back(
            {.what     = fmt::format("{} {}", expectation_kind_names[expectation.kind], expectation.name),
             .expected = fmt::format("{}{}", condition_of(expectation), unit),
             .actual   = actual ? fmt::format("{}{}", number(*actual), unit) : "nothing to measure",
             .passed   = actual && holds(expectation, *actual),
             .file     = expectation.file,
             .line     = expectation.line});
    }
}

}  // namespace overrun
