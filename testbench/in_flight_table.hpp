// SPDX-License-Identifier: Apache-2.0
// The frames that have begun and not ended, by id: an open-addressed table for ids that come almost in order.
// Never forgets an entry and never holds two with one id.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "hw/frame.hpp"

namespace overrun {

class InFlightTable {
public:
    /// @return false when the id is there already
    [[nodiscard]] bool insert(FrameId id, Time start)
    {
        if ((size_ + 1) * 2 > slots_.size()) grow();
        std::size_t at = id & mask();
        for (; slots_[at].id != 0; at = (at + 1) & mask())
            if (slots_[at].id == id) return false;
        slots_[at] = {id, start};
        ++size_;
        return true;
    }

    /// @return the start time given at insertion; empty when the id is not there
    [[nodiscard]] std::optional<Time> remove(FrameId id) noexcept
    {
        std::size_t at = id & mask();
        for (; slots_[at].id != id; at = (at + 1) & mask())
            if (slots_[at].id == 0) return std::nullopt;
        const Time start = slots_[at].start;
        // Close the gap: entries that would not be found across it move back.
        for (std::size_t next = (at + 1) & mask(); slots_[next].id != 0; next = (next + 1) & mask()) {
            const std::size_t home = slots_[next].id & mask();
            if (((next - home) & mask()) >= ((next - at) & mask())) {
                slots_[at] = slots_[next];
                at         = next;
            }
        }
        slots_[at].id = 0;
        --size_;
        return start;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    struct Slot {
        FrameId id    = 0;  // ids count from 1
        Time    start = 0;
    };

    [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }

    void grow()
    {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.id == 0) continue;
            std::size_t at = slot.id & mask();
            while (slots_[at].id != 0) at = (at + 1) & mask();
            slots_[at] = slot;
        }
    }

    std::vector<Slot> slots_{64};
    std::size_t       size_ = 0;
};

}  // namespace overrun
