// SPDX-License-Identifier: Apache-2.0
// Storage of the control and status registers with the masks of the register map.
// Never acts: the engine looks at what was written, and live values come from the blocks.
#pragma once

#include <cstdint>
#include <vector>

#include "hw/registers/82574l.hpp"

namespace overrun {

class Csr {
public:
    Csr() : words_(reg::register_space / 4) { reset(true); }

    /// @param all also what survives CTRL.RST
    void reset(bool all)
    {
        for (const reg::RegisterInfo& row : reg::register_table)
            if (all || !row.survives_reset)
                for (std::uint32_t i = 0; i < row.count; ++i) words_[(row.offset + i * row.stride) / 4] = row.reset;
    }

    [[nodiscard]] std::uint32_t operator[](std::uint32_t offset) const noexcept { return words_[offset / 4]; }
    void                        set(std::uint32_t offset, std::uint32_t value) noexcept { words_[offset / 4] = value; }

    /// What software's write leaves.
    void write(const reg::RegisterInfo& row, std::uint32_t offset, std::uint32_t value) noexcept
    {
        std::uint32_t& word = words_[offset / 4];
        word                = (word & ~row.writable) | (value & row.writable);
        word |= value & row.write_one_sets;
        word &= ~(value & row.write_one_clears);
        word &= ~(~value & row.write_zero_clears);
    }

    /// What software's read returns and leaves.
    [[nodiscard]] std::uint32_t read(const reg::RegisterInfo& row, std::uint32_t offset) noexcept
    {
        std::uint32_t&      word  = words_[offset / 4];
        const std::uint32_t value = word & row.readable;
        word &= ~row.read_clear;
        word |= row.read_sets;
        return value;
    }

private:
    std::vector<std::uint32_t> words_;
};

}  // namespace overrun
