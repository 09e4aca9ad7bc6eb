// SPDX-License-Identifier: Apache-2.0
// Reads a scenario from TOML: text in, Scenario out.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "testbench/scenario/scenario.hpp"

namespace overrun {

/// @param file path of a TOML file; names of captures and profiles in it are taken from its folder
/// @param overrides what follows each --set, such as "driver.ring=64"; the last of several wins.
///        Names of files in overrides are taken from the current folder.
/// @throws InputError
[[nodiscard]] Scenario load_scenario(const std::filesystem::path& file, std::span<const std::string> overrides = {});

/// @param text TOML
/// @param origin what errors call the text, such as "slow-driver.toml"
/// @param folder where names of captures and profiles in the text are taken from
/// @throws InputError
[[nodiscard]] Scenario load_scenario_text(std::string_view text, const std::string& origin,
                                          std::span<const std::string> overrides = {},
                                          const std::filesystem::path& folder    = {});

}  // namespace overrun
