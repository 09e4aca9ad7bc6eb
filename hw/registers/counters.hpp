// SPDX-License-Identifier: Apache-2.0
// Reads a statistics register as one number, though the registers are 32 bits wide.
#pragma once

#include <cstdint>

#include "hw/registers/register_types.hpp"

namespace overrun::reg {

/// @param read gives the register at an offset. The high half of a pair is read last, because that read clears both
template <class Read>
[[nodiscard]] std::uint64_t counter_value(const CounterInfo& counter, Read read)
{
    std::uint64_t value = read(counter.offset);
    if (counter.wide) value |= std::uint64_t{read(counter.offset + 4)} << 32U;
    return value;
}

}  // namespace overrun::reg
