// SPDX-License-Identifier: Apache-2.0
// A result as JSON, format 1, with stable keys (docs/scenarios.md).
// Contract: two runs of the same inputs differ only in `wall_s` and `rate`.
#pragma once

#include <string>

#include "testbench/result/run_result.hpp"

namespace overrun {

/// One object, indented, with a newline at the end.
[[nodiscard]] std::string result_json(const RunResult& result);

}  // namespace overrun
