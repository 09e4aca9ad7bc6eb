// SPDX-License-Identifier: Apache-2.0
// What the types of keys have in common with quantities.
// Never a unit itself: quantity.hpp has those.
#include "testbench/scenario/key.hpp"

namespace overrun {

std::optional<QuantityKind> quantity_of(KeyType type) noexcept
{
    switch (type) {
        case KeyType::time: return QuantityKind::time;
        case KeyType::size: return QuantityKind::size;
        case KeyType::rate: return QuantityKind::rate;
        case KeyType::frame_rate: return QuantityKind::frame_rate;
        default: return std::nullopt;
    }
}

}  // namespace overrun
