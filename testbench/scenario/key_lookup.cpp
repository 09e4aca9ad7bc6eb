// SPDX-License-Identifier: Apache-2.0
// Finds keys and tables by path, and the right path for a wrong one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "testbench/scenario/key_table.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun::scenario {

namespace {

constexpr std::array<std::string_view, 1> later_keys{"expect[].cause"};

struct Split {
    std::string_view table;  // "" for a key at the top
    std::string_view name;
};

[[nodiscard]] Split split(std::string_view path) noexcept
{
    const auto dot = path.rfind('.');
    if (dot == std::string_view::npos) return {"", path};
    return {path.substr(0, dot), path.substr(dot + 1)};
}

[[nodiscard]] std::string_view without_brackets(std::string_view name) noexcept
{
    return name.substr(0, name.find('['));
}

[[nodiscard]] std::string joined(std::string_view table, std::string_view name)
{
    return table.empty() ? std::string{name} : fmt::format("{}.{}", table, name);
}

// Every path that a scenario may hold: keys, and the tables and lists around them; each once, in order.
[[nodiscard]] const std::vector<std::string_view>& all_paths()
{
    static const std::vector<std::string_view> paths = [] {
        std::vector<std::string_view> out;
        for (const ScenarioKey& key : scenario_keys()) {
            for (auto dot = key.path.find('.'); dot != std::string_view::npos; dot = key.path.find('.', dot + 1)) {
                const std::string_view table = key.path.substr(0, dot);
                if (std::find(out.begin(), out.end(), table) == out.end()) out.push_back(table);
            }
            out.push_back(key.path);
        }
        return out;
    }();
    return paths;
}

[[nodiscard]] std::vector<std::string_view> names_in(std::string_view table)
{
    std::vector<std::string_view> names;
    for (const std::string_view path : all_paths())
        if (split(path).table == table) names.push_back(without_brackets(split(path).name));
    return names;
}

// The same key name in another table, as "driver.ring".
[[nodiscard]] std::string same_name_elsewhere(std::string_view name)
{
    for (const ScenarioKey& key : scenario_keys())
        if (split(key.path).name == name) return std::string{key.path};
    return {};
}

[[nodiscard]] std::string with_first_index(std::string path)
{
    for (auto at = path.find("[]"); at != std::string::npos; at = path.find("[]", at)) path.insert(at + 1, "0");
    return path;
}

}  // namespace

const ScenarioKey* find_key(std::string_view pattern)
{
    const auto keys  = scenario_keys();
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.path == pattern; });
    return found == keys.end() ? nullptr : &*found;
}

bool is_key_table(std::string_view pattern)
{
    if (pattern.empty()) return true;
    const auto& paths = all_paths();
    return find_key(pattern) == nullptr && std::find(paths.begin(), paths.end(), pattern) != paths.end();
}

bool is_key_list(std::string_view pattern)
{
    return is_key_table(fmt::format("{}[]", pattern));
}

bool is_later_key(std::string_view pattern)
{
    return std::find(later_keys.begin(), later_keys.end(), pattern) != later_keys.end();
}

std::string no_such_key(std::string_view pattern, std::string_view path)
{
    const Split wrong    = split(pattern);
    const auto  name     = without_brackets(wrong.name);
    const auto  siblings = names_in(wrong.table);
    const auto  sibling  = nearest_name(name, siblings);

    std::string suggestion;
    if (sibling && edit_distance(name, *sibling) <= 1) suggestion = joined(split(path).table, *sibling);
    if (suggestion.empty()) suggestion = with_first_index(same_name_elsewhere(name));
    if (suggestion.empty() && sibling) suggestion = joined(split(path).table, *sibling);
    if (suggestion.empty() && siblings.empty())
        if (const auto nearest = nearest_name(pattern, all_paths()))
            suggestion = with_first_index(std::string{*nearest});

    if (!suggestion.empty() && suggestion != path) return fmt::format("no such key; did you mean {}?", suggestion);
    if (!siblings.empty()) return fmt::format("no such key; allowed: {}", list_of(siblings));
    return "no such key";
}

void grow_list(Scenario& scenario, std::string_view list, std::size_t index)
{
    const std::string begin = fmt::format("{}[].", list);
    const auto        keys  = scenario_keys();
    const auto        found =
        std::find_if(keys.begin(), keys.end(), [&](const ScenarioKey& key) { return key.path.starts_with(begin); });
    if (found != keys.end()) found->make_item(scenario, index);
}

}  // namespace overrun::scenario
