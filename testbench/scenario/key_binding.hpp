// SPDX-License-Identifier: Apache-2.0
// Ties a row of the key table to a member of Scenario: one path of member pointers makes setter and default.
// Never included outside the key table.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "testbench/scenario/key.hpp"

namespace overrun {

template <class Member>
struct Optional : std::false_type {
};
template <class Content>
struct Optional<std::optional<Content>> : std::true_type {
};

/// Follows member pointers; a list on the way is entered at `index`.
template <auto First, auto... Rest>
[[nodiscard]] auto& reach(auto& object, std::size_t index)
{
    auto& inner = object.*First;
    if constexpr (sizeof...(Rest) == 0) {
        return inner;
    } else if constexpr (requires { inner[index]; }) {
        return reach<Rest...>(inner[index], index);
    } else {
        return reach<Rest...>(inner, index);
    }
}

template <class Member>
void assign(Member& member, const Value& value)
{
    if constexpr (std::is_enum_v<Member>) {
        member = static_cast<Member>(std::get<Choice>(value).index);
    } else if constexpr (std::is_same_v<Member, std::string>) {
        const auto* choice = std::get_if<Choice>(&value);
        member             = choice != nullptr ? choice->name : std::get<std::string>(value);
    } else if constexpr (std::is_same_v<Member, std::optional<double>> || std::is_same_v<Member, double>) {
        member = std::get<double>(value);
    } else if constexpr (std::is_same_v<Member, std::optional<std::uint64_t>>) {
        member = static_cast<std::uint64_t>(std::get<std::int64_t>(value));
    } else if constexpr (std::is_same_v<Member, std::optional<std::uint32_t>>) {
        member = static_cast<std::uint32_t>(std::get<std::int64_t>(value));
    } else if constexpr (std::is_same_v<Member, std::optional<Time>>) {
        member = std::get<std::int64_t>(value);
    } else if constexpr (std::is_same_v<Member, std::optional<std::vector<std::uint16_t>>>) {
        member = std::get<std::vector<std::uint16_t>>(value);
    } else if constexpr (std::is_integral_v<Member> && !std::is_same_v<Member, bool>) {
        member = static_cast<Member>(std::get<std::int64_t>(value));
    } else {
        member = std::get<Member>(value);
    }
}

/// The default as a scenario would write it.
template <class Member>
[[nodiscard]] std::string written(const Member& member, const ScenarioKey& key)
{
    if constexpr (Optional<Member>::value) {
        return std::string{key.facts.absent};
    } else if constexpr (std::is_enum_v<Member>) {
        return std::string{key.facts.names()[static_cast<std::size_t>(member)]};
    } else if constexpr (std::is_same_v<Member, bool>) {
        return member ? "true" : "false";
    } else if constexpr (std::is_integral_v<Member>) {
        const auto kind = quantity_of(key.type);
        return kind ? format_quantity(*kind, static_cast<std::int64_t>(member) * key.facts.scale)
                    : fmt::format("{}", member);
    } else if constexpr (std::is_floating_point_v<Member> || std::is_same_v<Member, std::string>) {
        return fmt::format("{}", member);
    } else {
        return "[]";
    }
}

/// A Scenario with one item in each list, for reading defaults.
[[nodiscard]] inline Scenario default_scenario()
{
    Scenario scenario;
    scenario.traffic.resize(1);
    scenario.driver.resize.resize(1);
    scenario.host.stall.resize(1);
    scenario.host.fault.resize(1);
    scenario.expect.resize(1);
    return scenario;
}

template <auto... Path>
[[nodiscard]] ScenarioKey row(std::string_view path, KeyType type, const KeyFacts& facts, std::string_view text)
{
    ScenarioKey key{path, type, facts, text, nullptr, nullptr};
    key.set = [](Scenario& scenario, std::size_t index, const Value& value) {
        assign(reach<Path...>(scenario, index), value);
    };
    key.default_text = [](const ScenarioKey& self) {
        if (self.facts.required) return std::string{"required"};
        if (!self.facts.absent.empty()) return std::string{self.facts.absent};
        const Scenario scenario = default_scenario();
        return written(reach<Path...>(scenario, 0), self);
    };
    return key;
}

/// A row that says what an [[expect]] is about.
template <Expectation::Kind Kind>
[[nodiscard]] ScenarioKey expectation(std::string_view path, std::span<const std::string_view> (*names)(),
                                      std::string_view text)
{
    KeyFacts facts;
    facts.names  = names;
    facts.absent = "one of the five";
    ScenarioKey key{path, KeyType::name, facts, text, nullptr, nullptr};
    key.set = [](Scenario& scenario, std::size_t index, const Value& value) {
        scenario.expect[index].kind = Kind;
        scenario.expect[index].name = std::get<Choice>(value).name;
    };
    key.default_text = [](const ScenarioKey& self) { return std::string{self.facts.absent}; };
    return key;
}

}  // namespace overrun
