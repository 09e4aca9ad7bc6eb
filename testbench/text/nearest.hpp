// SPDX-License-Identifier: Apache-2.0
// The nearest right name for a wrong one, by edit distance.
// A name that shares too little with the text is not suggested.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace overrun {

/// How many insertions, deletions, substitutions and swaps of neighbours turn one text into the other;
/// upper and lower case count as equal.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate with the smallest distance, the first of several; empty when none is within a third of the
/// text's length (at least 2 edits, and fewer than the candidate has characters).
[[nodiscard]] std::optional<std::string_view> nearest_name(std::string_view                  text,
                                                           std::span<const std::string_view> candidates);

/// "; did you mean driver.ring?", or nothing when no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view text, std::span<const std::string_view> candidates);

/// "a, b, c".
[[nodiscard]] std::string list_of(std::span<const std::string_view> names);

}  // namespace overrun
