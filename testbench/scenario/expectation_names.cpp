// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/expectation_names.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "hw/engine/fate.hpp"
#include "hw/registers/82574l.hpp"
#include "testbench/counters/linux_names.hpp"

namespace overrun::scenario {

namespace {

template <class Table>
[[nodiscard]] std::vector<std::string_view> names_in(const Table& table)
{
    std::vector<std::string_view> names;
    for (const auto& row : table) names.push_back(row.name);
    return names;
}

[[nodiscard]] std::vector<std::string> latency_texts()
{
    std::vector<std::string> texts;
    for (const std::string_view stage : latency_stages)
        for (const std::string_view point : latency_points) texts.push_back(fmt::format("{}.{}", stage, point));
    return texts;
}

}  // namespace

std::span<const std::string_view> fate_names()
{
    static const auto names = names_in(fate_table);
    return names;
}

std::span<const std::string_view> register_names()
{
    static const auto names = names_in(reg::counter_table);
    return names;
}

std::span<const std::string_view> ethtool_name_list()
{
    return ethtool_names;
}

std::span<const std::string_view> netdev_name_list()
{
    return netdev_names;
}

std::span<const std::string_view> latency_names()
{
    static const std::vector<std::string>      texts = latency_texts();
    static const std::vector<std::string_view> names{texts.begin(), texts.end()};
    return names;
}

}  // namespace overrun::scenario
