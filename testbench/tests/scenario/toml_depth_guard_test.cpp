// SPDX-License-Identifier: Apache-2.0
// Keys of too many parts are found on their line, and nothing else is taken for one.
#include "testbench/scenario/toml_depth_guard.hpp"

#include <string>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::scenario;

namespace {

/// "a.a.a": a key of so many parts.
[[nodiscard]] std::string key_of(std::size_t parts, const std::string& point = ".")
{
    std::string key = "a";
    for (std::size_t i = 1; i < parts; ++i) key += point + "a";
    return key;
}

}  // namespace

TEST_CASE("a key of more parts than allowed is found on its line", "[toml_depth_guard]")
{
    CHECK_FALSE(line_of_long_key(key_of(most_key_parts) + " = 1\n").has_value());
    CHECK(line_of_long_key(key_of(most_key_parts + 1) + " = 1\n") == 1U);
    CHECK(line_of_long_key("x = 1\n\n" + key_of(most_key_parts + 1, " . ") + " = 1\n") == 3U);
    CHECK(line_of_long_key("[" + key_of(most_key_parts + 1, ".\"a\".") + "]\n") == 1U);
}

TEST_CASE("points in comments and texts join no parts, and each line begins anew", "[toml_depth_guard]")
{
    const std::string longer = key_of(2 * most_key_parts);
    CHECK_FALSE(line_of_long_key("# " + longer + "\n").has_value());
    CHECK_FALSE(line_of_long_key("x = \"" + longer + "\"\n").has_value());
    CHECK_FALSE(line_of_long_key("x = '''\n" + longer + "\n'''\n").has_value());
    CHECK_FALSE(line_of_long_key(key_of(most_key_parts) + "\n." + key_of(most_key_parts - 1)).has_value());
    CHECK(line_of_long_key("x = \"\"\"\n\n\"\"\"\n" + longer) == 4U);
}
