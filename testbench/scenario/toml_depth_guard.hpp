// SPDX-License-Identifier: Apache-2.0
// Finds keys with too many parts before toml++ reads them. toml++ 3.3 makes a table inside a table for each part of a
// dotted key, without limit, and destroys them by recursion: a long enough key overflows the stack.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace overrun::scenario {

inline constexpr std::size_t most_key_parts = 64;

/// The line, from 1, of the first key of more than `most_key_parts` parts. The text need not be TOML.
[[nodiscard]] std::optional<std::uint32_t> line_of_long_key(std::string_view text);

}  // namespace overrun::scenario
