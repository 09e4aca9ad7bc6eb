// SPDX-License-Identifier: Apache-2.0
// Makes a failing program short: fewer steps, shorter frames, plainer values, as long as it fails.
// Contract: the result fails as the program did.
#pragma once

#include <functional>

#include "testbench/differential/program.hpp"

namespace overrun::differential {

/// @param fails whether a program fails; `program` does
/// @param tries how often it may be asked
[[nodiscard]] Program shrink(Program program, const std::function<bool(const Program&)>& fails, unsigned tries = 600);

}  // namespace overrun::differential
