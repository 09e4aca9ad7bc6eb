// SPDX-License-Identifier: Apache-2.0
// A result for a reader: at a glance first, in detail below.
// It takes no more than a screen.
#pragma once

#include <string>
#include <string_view>

#include "testbench/result/run_result.hpp"

namespace overrun {

[[nodiscard]] std::string result_text(const RunResult& result);

/// One line for each expectation that does not hold: file, line, expected, actual.
[[nodiscard]] std::string failed_expectations(const RunResult& result);

/// Says that a run was stopped from outside.
inline constexpr std::string_view interrupted_text = "interrupted: the result covers the frames sent until then\n";

}  // namespace overrun
