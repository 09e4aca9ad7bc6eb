// SPDX-License-Identifier: Apache-2.0
// A value of the tree against its row of the key table: type, unit and range.
// Never names a file or a key: the caller puts both in front of the error.
#pragma once

#include <string_view>

#include "testbench/scenario/document.hpp"
#include "testbench/scenario/key_table.hpp"

namespace overrun {

/// @return what the key's setter takes
/// @throws InputError with the value and what is allowed: "65 is not allowed; allowed: 64 to 4096 in steps of 8"
[[nodiscard]] Value checked_value(const Node& node, const ScenarioKey& key);

/// A profile's name that is a file's: it ends in .toml or has a slash in it.
[[nodiscard]] bool is_profile_file(std::string_view name) noexcept;

}  // namespace overrun
