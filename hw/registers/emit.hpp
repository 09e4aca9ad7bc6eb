// SPDX-License-Identifier: Apache-2.0
// The three forms in which a checked register map is written out.
// It checks nothing: that is done before.
#pragma once

#include <string>
#include <string_view>

#include "hw/registers/register_map.hpp"

namespace overrun::register_map {

/// What the first line of every output says.
inline constexpr std::string_view generated_marker =
    "Generated from hw/registers/82574l.toml by overrun_register_generator: do not edit.";

[[nodiscard]] std::string cpp_header(const RegisterMap& map);
[[nodiscard]] std::string systemverilog_package(const RegisterMap& map);
[[nodiscard]] std::string markdown(const RegisterMap& map);

/// "31:16" or "4".
[[nodiscard]] std::string bits_text(reg::Field bits);

/// Text of the lookup functions that end the header; they need nothing of the map but its tables.
[[nodiscard]] std::string_view cpp_lookup() noexcept;

}  // namespace overrun::register_map
