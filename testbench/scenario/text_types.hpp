// SPDX-License-Identifier: Apache-2.0
// Types of keys that are free texts: words for a reader, platform profiles and names of files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

/// A profile's name that is a file's: it ends in .toml or has a slash in it.
[[nodiscard]] bool is_profile_file(std::string_view name) noexcept;

struct Text : PlainType {
    static constexpr std::string_view noun = "text";

    [[nodiscard]] static std::string parse(const Node& node, const KeyFacts& facts);
    /// The key's unit is that of its length.
    [[nodiscard]] static std::string unit(const KeyFacts&) { return {}; }
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
    [[nodiscard]] static std::string written(const std::string& value, const KeyFacts&) { return value; }
};

/// A built-in platform profile or a file.
struct Profile : PlainType {
    static constexpr std::string_view noun = "name or file";

    [[nodiscard]] static std::string parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static std::string listed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
    [[nodiscard]] static std::string written(const std::string& value, const KeyFacts&) { return value; }
};

/// The name of a file or a list of such names.
struct Files : PlainType {
    static constexpr std::string_view noun = "file or list";

    [[nodiscard]] static std::vector<std::string> parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string              allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson               schema(const KeyFacts& facts);
};

}  // namespace overrun::scenario
