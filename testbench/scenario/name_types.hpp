// SPDX-License-Identifier: Apache-2.0
// Types of keys whose value is one of a list of names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

/// A list of names that is longer does not fit a line: tables and schema show it in full, errors do not.
inline constexpr std::size_t longest_name_list = 12;

[[nodiscard]] std::string checked_name(const Node& node, const KeyFacts& facts, Names names);
[[nodiscard]] std::string allowed_names(Names names);
[[nodiscard]] SchemaJson  names_schema(Names names);

/// A name that stays a name.
/// @param List gives the names
template <Names (*List)()>
struct Name : PlainType {
    static constexpr std::string_view noun = "name";
    static constexpr Names (*names)()      = List;

    [[nodiscard]] static std::string parse(const Node& node, const KeyFacts& facts)
    {
        return checked_name(node, facts, List());
    }
    [[nodiscard]] static std::string allowed(const KeyFacts&) { return allowed_names(List()); }
    [[nodiscard]] static SchemaJson  schema(const KeyFacts&) { return names_schema(List()); }
    [[nodiscard]] static std::string written(const std::string& value, const KeyFacts&) { return value; }
};

/// A value of an enumeration.
/// @param List its EnumNames
template <const auto& List>
struct Enumerator : PlainType {
    static constexpr std::string_view noun = "name";
    static constexpr Names (*names)()      = [] { return Names{List.all()}; };

    [[nodiscard]] static auto parse(const Node& node, const KeyFacts& facts)
    {
        return *List.value_of(checked_name(node, facts, List.all()));
    }
    [[nodiscard]] static std::string allowed(const KeyFacts&) { return allowed_names(List.all()); }
    [[nodiscard]] static SchemaJson  schema(const KeyFacts&) { return names_schema(List.all()); }
    [[nodiscard]] static std::string written(auto value, const KeyFacts&) { return std::string{List[value]}; }
};

}  // namespace overrun::scenario
