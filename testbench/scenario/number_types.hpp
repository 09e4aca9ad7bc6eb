// SPDX-License-Identifier: Apache-2.0
// Types of keys without a unit in their text: truth values and numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

/// true or false
struct Truth : PlainType {
    static constexpr std::string_view noun = "truth value";
    static constexpr bool             bare = true;

    [[nodiscard]] static bool        parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
    [[nodiscard]] static std::string written(bool value, const KeyFacts& facts);
};

struct Integer : PlainType {
    static constexpr std::string_view noun = "integer";
    static constexpr bool             bare = true;

    [[nodiscard]] static std::int64_t parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string  allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson   schema(const KeyFacts& facts);
    [[nodiscard]] static std::string  written(std::uint64_t value, const KeyFacts& facts);
};

/// A list of integers, each in the range.
struct Integers : PlainType {
    static constexpr std::string_view noun = "list of integers";

    [[nodiscard]] static std::vector<std::uint16_t> parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string                allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson                 schema(const KeyFacts& facts);
};

/// An integer or a number with a fraction.
struct Number : PlainType {
    static constexpr std::string_view noun = "number";
    static constexpr bool             bare = true;

    [[nodiscard]] static double      parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
    [[nodiscard]] static std::string written(double value, const KeyFacts& facts);
};

}  // namespace overrun::scenario
