// SPDX-License-Identifier: Apache-2.0
// The frames that have begun and not ended, by id: a direct-mapped table, because ids come in order.
// Never forgets an entry, never holds two with one id, and never takes longer for more entries.
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "hw/ethernet/frame.hpp"

namespace overrun {

class InFlightTable {
public:
    /// Whether insert() of this id just fills a slot. It nearly always does; a caller that asks first has no call in
    /// its ordinary way, and so no register to save.
    [[nodiscard]] bool has_room(FrameId id) const noexcept
    {
        return slots_[id % slot_count].id == 0 && id != 0 && waiting_.empty();
    }
    /// Whether remove() of this id just empties a slot.
    [[nodiscard]] bool has_at_hand(FrameId id) const noexcept { return slots_[id % slot_count].id == id && id != 0; }

    /// @return false when the id is there already, or is 0, which no frame has
    [[nodiscard]] bool insert(FrameId id, Time start)
    {
        if (!has_room(id) && !make_room(id)) return false;
        slots_[id % slot_count] = {id, start};
        ++size_;
        return true;
    }

    /// @return the start time given at insertion; empty when the id is not there
    [[nodiscard]] std::optional<Time> remove(FrameId id)
    {
        if (!has_at_hand(id)) return remove_waiting(id);
        Slot& slot = slots_[id % slot_count];
        slot.id    = 0;
        --size_;
        return slot.start;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    struct Slot {
        FrameId id    = 0;  // ids count from 1
        Time    start = 0;
    };

    // Rare, so out of the way.

    /// Whoever still sits there waits unusually long, behind a full ring: it moves out of the way.
    /// @return false when the id cannot be put there
    [[nodiscard, gnu::noinline]] bool make_room(FrameId id)
    {
        const Slot& slot = slots_[id % slot_count];
        if (id == 0 || slot.id == id || waiting_.contains(id)) return false;
        if (slot.id != 0) waiting_.emplace(slot.id, slot.start);
        return true;
    }
    [[nodiscard, gnu::noinline]] std::optional<Time> remove_waiting(FrameId id)
    {
        const auto found = waiting_.find(id);
        if (found == waiting_.end()) return std::nullopt;
        const Time start = found->second;
        waiting_.erase(found);
        --size_;
        return start;
    }

    // More than a FIFO of 64 KiB holds of 64-octet frames, and small enough for a first-level cache.
    static constexpr std::size_t slot_count = 1024;

    std::vector<Slot>                 slots_{slot_count};
    std::unordered_map<FrameId, Time> waiting_;
    std::size_t                       size_ = 0;
};

}  // namespace overrun
