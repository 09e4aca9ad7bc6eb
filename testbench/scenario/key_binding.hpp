// SPDX-License-Identifier: Apache-2.0
// Ties a row of the key table to a type and a member of Scenario: one path of member pointers makes setter and default.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "testbench/scenario/name_types.hpp"
#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

template <class Type>
[[nodiscard]] constexpr auto listed_by() noexcept
{
    if constexpr (requires { &Type::listed; })
        return &Type::listed;
    else
        return &Type::allowed;
}

template <class Type>
inline constexpr KeyType key_type{Type::noun,    &Type::unit, &Type::allowed, listed_by<Type>(),
                                  &Type::schema, Type::names, Type::quantity, Type::bare};

template <class Member>
struct Optional : std::false_type {
};
template <class Content>
struct Optional<std::optional<Content>> : std::true_type {
};

/// Follows member pointers. A list on the way is entered at `index`, and made long enough for it.
template <auto First, auto... Rest>
[[nodiscard]] auto& reach(auto& object, std::size_t index)
{
    auto& inner = object.*First;
    if constexpr (sizeof...(Rest) == 0) {
        return inner;
    } else if constexpr (requires { inner[index]; }) {
        if (inner.size() <= index) inner.resize(index + 1);
        return reach<Rest...>(inner[index], index);
    } else {
        return reach<Rest...>(inner, index);
    }
}

/// An optional is assigned as what it holds, an integer as one of the member's type: the key's range fits it.
template <class Member, class Value>
void assign(Member& member, Value value)
{
    if constexpr (std::is_same_v<Member, Value>) {
        member = std::move(value);
    } else if constexpr (Optional<Member>::value) {
        assign(member.emplace(), std::move(value));
    } else {
        static_assert(std::is_integral_v<Member> && std::is_same_v<Value, std::int64_t>, "not what the type reads");
        member = static_cast<Member>(value);
    }
}

/// A row without what a member of Scenario decides.
template <class Type>
[[nodiscard]] ScenarioKey row_of(std::string_view path, const KeyFacts& facts, std::string_view text)
{
    return {path, &key_type<Type>, facts, text, nullptr, nullptr, nullptr};
}

/// The row of a key of type `Type` that sets the member at the end of `Path`.
template <class Type, auto... Path>
[[nodiscard]] ScenarioKey row(std::string_view path, const KeyFacts& facts, std::string_view text)
{
    ScenarioKey key = row_of<Type>(path, facts, text);
    key.make_item   = [](Scenario& scenario, std::size_t index) { static_cast<void>(reach<Path...>(scenario, index)); };
    key.set         = [](Scenario& scenario, std::size_t index, const Node& node, const KeyFacts& own) {
        assign(reach<Path...>(scenario, index), Type::parse(node, own));
    };
    key.default_text = [](const KeyFacts& own) {
        if (own.required) return std::string{"required"};
        if (!own.absent.empty()) return std::string{own.absent};
        Scenario    scenario;
        const auto& member = reach<Path...>(scenario, 0);
        if constexpr (requires { Type::written(member, own); })
            return Type::written(member, own);
        else
            return std::string{};
    };
    return key;
}

/// A row that says what an [[expect]] is about.
template <Expectation::Kind Kind, Names (*List)()>
[[nodiscard]] ScenarioKey expectation(std::string_view path, std::string_view text)
{
    ScenarioKey key = row<Name<List>, &Scenario::expect, &Expectation::name>(path, {.absent = "one of the five"}, text);
    key.set         = [](Scenario& scenario, std::size_t index, const Node& node, const KeyFacts& facts) {
        reach<&Scenario::expect, &Expectation::kind>(scenario, index) = Kind;
        reach<&Scenario::expect, &Expectation::name>(scenario, index) = Name<List>::parse(node, facts);
    };
    return key;
}

}  // namespace overrun::scenario
