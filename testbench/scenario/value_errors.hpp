// SPDX-License-Identifier: Apache-2.0
// What is said of a value that a key does not take. The caller puts file, line and key in front of it.
#pragma once

#include <string>
#include <string_view>

#include "testbench/scenario/document.hpp"

namespace overrun::scenario {

/// The value alone: `"64"`, `64`, `true`, `a list`.
[[nodiscard]] std::string shown(const Node& node);

/// The value with what it is: `"64" is a text`, `64 is an integer`, `is a list`.
[[nodiscard]] std::string described(const Node& node);

/// @param wanted "an integer"
/// @param allowed "64 to 4096"; may be empty
/// @throws InputError "true is a truth value; an integer is wanted: 64 to 4096", always
[[noreturn]] void fail_type(const Node& node, std::string_view wanted, const std::string& allowed);

/// @throws InputError "65 is not allowed; allowed: 64 to 4096 in steps of 8", always
[[noreturn]] void fail_range(const Node& node, const std::string& allowed);

}  // namespace overrun::scenario
