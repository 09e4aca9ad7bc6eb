// SPDX-License-Identifier: Apache-2.0
// The one table of scenario keys: reader, `overrun schema`, JSON Schema and docs/scenarios.md all use it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "testbench/scenario/key.hpp"

namespace overrun::scenario {

/// Every key, table by table, in the order of docs/scenarios.md.
[[nodiscard]] std::span<const ScenarioKey> scenario_keys();

/// @param pattern a path with empty brackets: "traffic[].length"
/// @return null when there is no such key
[[nodiscard]] const ScenarioKey* find_key(std::string_view pattern);

/// "driver", "traffic[]", "": something whose members are keys or tables.
[[nodiscard]] bool is_key_table(std::string_view pattern);

/// "traffic", "host.stall", "expect": a list of tables.
[[nodiscard]] bool is_key_list(std::string_view pattern);

/// A key or a table that later versions will have.
[[nodiscard]] bool is_later_key(std::string_view pattern);

/// What is said of a key that does not exist: "no such key; did you mean driver.ring?".
/// @param pattern the path with empty brackets, which decides
/// @param path the path as written, whose indices the suggestion keeps
[[nodiscard]] std::string no_such_key(std::string_view pattern, std::string_view path);

/// Makes item `index` of a list exist. @param list "traffic", "host.stall"
void grow_list(Scenario& scenario, std::string_view list, std::size_t index);

}  // namespace overrun::scenario
