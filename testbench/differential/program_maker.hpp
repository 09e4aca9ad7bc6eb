// SPDX-License-Identifier: Apache-2.0
// Random programs: settings of every register that our engine acts on, rings of all shapes, and frames in between.
// A program depends only on the seed and the captured frames given.
#pragma once

#include <cstdint>
#include <span>

#include "testbench/differential/program.hpp"

namespace overrun::differential {

/// @param captured frames of captures, mixed in among the made ones
[[nodiscard]] Program random_program(std::uint64_t seed, std::span<const Octets> captured = {});

}  // namespace overrun::differential
