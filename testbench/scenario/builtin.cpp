// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/builtin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/builtin_texts.hpp"
#include "testbench/scenario/reader.hpp"
#include "testbench/text/nearest.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

namespace {

[[nodiscard]] const BuiltinScenario* find_builtin(std::string_view name)
{
    const auto all = builtin_scenarios();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& scenario) { return scenario.name == name; });
    return found == all.end() ? nullptr : &*found;
}

[[noreturn]] void fail_unknown(std::string_view name)
{
    std::vector<std::string_view> names;
    for (const BuiltinScenario& scenario : builtin_scenarios()) names.push_back(scenario.name);
    const std::string nearest = did_you_mean(name, names);
    throw InputError(fmt::format("{}: no such scenario, built in or as a file{}", printable(name),
                                 nearest.empty() ? "; `overrun list` names the built-in ones" : nearest));
}

}  // namespace

std::span<const BuiltinScenario> builtin_scenarios()
{
    static const std::vector<BuiltinScenario> all = [] {
        std::vector<BuiltinScenario> out;
        for (const auto& row : builtin_scenario_texts) out.push_back({row.name, row.toml});
        std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        return out;
    }();
    return all;
}

const BuiltinScenario& builtin_scenario(std::string_view name)
{
    if (const BuiltinScenario* found = find_builtin(name)) return *found;
    fail_unknown(name);
}

bool is_builtin(const std::string& name_or_path)
{
    return find_builtin(name_or_path) != nullptr;
}

Scenario find_scenario(const std::string& name_or_path, std::span<const std::string> overrides)
{
    const bool is_path = name_or_path.ends_with(".toml") || name_or_path.find('/') != std::string::npos;
    if (!is_path) {
        if (const BuiltinScenario* builtin = find_builtin(name_or_path))
            return load_scenario_text(builtin->toml, fmt::format("{}.toml", builtin->name), overrides);
        std::error_code error;
        if (!std::filesystem::exists(name_or_path, error)) fail_unknown(name_or_path);
    }
    return load_scenario(name_or_path, overrides);
}

}  // namespace overrun
