// SPDX-License-Identifier: Apache-2.0
// Counts and times as a reader wants them.
// Counts are not rounded.
#pragma once

#include <cstdint>
#include <string>

#include "hw/base/time.hpp"

namespace overrun {

/// "1,234,567"
[[nodiscard]] std::string with_commas(std::uint64_t value);

/// A time with the unit that fits, in four digits, whole seconds from 1000 s on: "214.4 us".
[[nodiscard]] std::string time_text(Time t);

}  // namespace overrun
