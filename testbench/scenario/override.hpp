// SPDX-License-Identifier: Apache-2.0
// Overrides from the command line: `--set driver.ring=64`, `--set traffic[0].count=5`.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "testbench/scenario/document.hpp"

namespace overrun::scenario {

/// One step of an override's path: a name, and an index when brackets follow it.
struct PathStep {
    std::string name;
    bool        indexed = false;
    std::size_t index   = 0;
};

struct Override {
    std::vector<PathStep> path;
    std::string           value;
    Where                 where;  ///< "--set driver.ring=64"

    /// "traffic[].count": the path with empty brackets, as in the table of keys.
    [[nodiscard]] std::string pattern() const;
    /// "traffic[0].count"
    [[nodiscard]] std::string shown_path() const;
};

/// @param argument what follows --set, such as "driver.ring=64"
/// @throws InputError when it is not of that form
[[nodiscard]] Override parse_override(const std::string& argument);

/// Puts the override's value into the tree. The value is TOML where it is a number, a truth value, a text in quotes,
/// a list or a table, and otherwise a text as it stands. Tables on the way are made.
/// @throws InputError when an index lies beyond its list, naming how many items there are
void apply_override(Node& root, const Override& change);

}  // namespace overrun::scenario
