// SPDX-License-Identifier: Apache-2.0
// Programs as text, one step a line: what a failure prints and what --replay reads.
// Contract: text made of a program gives the same program.
#pragma once

#include <string>
#include <string_view>

#include "testbench/differential/program.hpp"

namespace overrun::differential {

/// `write 0x100 0x8002  # RCTL`, `ring 64 0 0 0` (size, head, skew, holes), `frame HEX +N` (N zeros follow), ...
[[nodiscard]] std::string text_of(const Step& step);
[[nodiscard]] std::string text_of(const Program& program);

/// `#` begins a comment; empty lines are left out.
/// @param name of the text, for errors
/// @throws InputError naming the line and what is wrong with it
[[nodiscard]] Program parse_program(std::string_view text, std::string_view name);

}  // namespace overrun::differential
