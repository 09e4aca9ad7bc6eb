// SPDX-License-Identifier: Apache-2.0
// Steps around a ring of `size` slots, whose indexes go from 0 to size - 1.
#pragma once

#include <concepts>

namespace overrun {

/// Slots from `from` up to, but not including, `to`: from a ring's head to its tail, the descriptors between them.
/// Precondition: both are below `size`.
template <std::unsigned_integral Index>
[[nodiscard]] constexpr Index ring_distance(Index from, Index to, Index size) noexcept
{
    return to >= from ? to - from : size - from + to;
}

/// The index `steps` further on. Precondition: index + steps <= size, so that the end is reached at most.
template <std::unsigned_integral Index>
[[nodiscard]] constexpr Index ring_next(Index index, Index size, Index steps = 1) noexcept
{
    return index + steps == size ? 0 : index + steps;
}

}  // namespace overrun
