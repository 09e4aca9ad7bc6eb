// SPDX-License-Identifier: Apache-2.0
// How far apart a source's frames start, as its rate or load says.
#pragma once

#include <cstdint>

#include "hw/ethernet/wire_rate.hpp"
#include "testbench/scenario/scenario.hpp"

namespace overrun {

/// From one frame's start to the next, in picoseconds, as a fraction; 0: back to back.
struct SourceSpacing {
    std::uint64_t numerator   = 0;
    std::uint64_t denominator = 1;
};

/// What rate or load of a source say.
[[nodiscard]] SourceSpacing spacing_of(const TrafficSpec& spec, WireRate rate) noexcept;

}  // namespace overrun
