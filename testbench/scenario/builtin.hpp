// SPDX-License-Identifier: Apache-2.0
// The scenarios that the program carries in itself, so that they work from any folder.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "testbench/scenario/scenario.hpp"

namespace overrun {

struct BuiltinScenario {
    std::string_view name;  ///< "slow-driver"
    std::string_view toml;
};

/// All of them, by name.
[[nodiscard]] std::span<const BuiltinScenario> builtin_scenarios();

/// @throws InputError with the nearest name when there is none of this name
[[nodiscard]] const BuiltinScenario& builtin_scenario(std::string_view name);

/// Whether find_scenario() reads no file for it.
[[nodiscard]] bool is_builtin(const std::string& name_or_path);

/// A scenario by the name of a built-in one or by the path of a file. A text that ends in .toml or has a slash in
/// it is a path; any other is a built-in name, or the name of a file when no built-in scenario has it.
/// @throws InputError
[[nodiscard]] Scenario find_scenario(const std::string& name_or_path, std::span<const std::string> overrides = {});

}  // namespace overrun
