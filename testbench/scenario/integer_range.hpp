// SPDX-License-Identifier: Apache-2.0
// The range of whole numbers that a row of the key table gives: the check, the words, and the JSON Schema.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "testbench/scenario/key.hpp"

namespace overrun::scenario {

[[nodiscard]] bool in_range(std::int64_t value, const KeyFacts& facts) noexcept;

/// "64 to 4096 in steps of 8", "0 or more".
/// @param format writes an end of the range; by default a plain number
[[nodiscard]] std::string range_text(const KeyFacts&                                 facts,
                                     const std::function<std::string(std::int64_t)>& format = {});

[[nodiscard]] SchemaJson integer_schema(const KeyFacts& facts);

}  // namespace overrun::scenario
