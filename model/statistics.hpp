// SPDX-License-Identifier: Apache-2.0
// The statistics registers: clear on read, stick at all ones (contract B.7).
// Never wraps, and never loses an event to a read in between.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "hw/registers/82574l.hpp"

namespace overrun {

class Statistics {
public:
    using Counter = reg::Counter;

    void add(Counter counter, std::uint64_t n = 1) noexcept
    {
        // In 64 bits, whatever the register's width: peek() narrows.
        std::uint64_t& value = values_[index(counter)];
        if (__builtin_add_overflow(value, n, &value)) [[unlikely]]
            stick(value);
    }

    /// The low or only half, or the high half of a pair, without the read's effect.
    [[nodiscard]] std::uint32_t peek(Counter counter, bool high) const noexcept
    {
        constexpr std::uint64_t all_ones = std::numeric_limits<std::uint32_t>::max();
        const std::uint64_t     value    = values_[index(counter)];
        if (!reg::counter_table[index(counter)].wide) return static_cast<std::uint32_t>(std::min(value, all_ones));
        return static_cast<std::uint32_t>(value >> (high ? 32U : 0U));
    }

    /// A read by the host: a single counter clears; a pair clears when its high half is read.
    [[nodiscard]] std::uint32_t read(Counter counter, bool high) noexcept
    {
        const std::uint32_t value = peek(counter, high);
        if (high || !reg::counter_table[index(counter)].wide) values_[index(counter)] = 0;
        return value;
    }

    void reset() noexcept { values_.fill(0); }

private:
    // Out of line, so that it stays a branch that is never taken.
    [[gnu::cold, gnu::noinline]] static void stick(std::uint64_t& value) noexcept
    {
        value = std::numeric_limits<std::uint64_t>::max();
    }
    [[nodiscard]] static constexpr std::size_t index(Counter counter) noexcept
    {
        return static_cast<std::size_t>(counter);
    }

    std::array<std::uint64_t, reg::counter_table.size()> values_{};
};

}  // namespace overrun
