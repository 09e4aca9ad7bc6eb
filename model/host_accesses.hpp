// SPDX-License-Identifier: Apache-2.0
// The edges on which accesses of the host take effect, one on an edge, and the writes that wait for theirs (law 4).
#pragma once

#include <algorithm>
#include <cstdint>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun {

/// A write, and the edge on which it takes effect.
struct HostAccess {
    Time          edge;
    Space         space;
    std::uint32_t offset;
    std::uint32_t value;

    /// A new receive tail. It concerns the DMA alone, and while all interrupts are masked none comes of it.
    [[nodiscard]] bool is_tail() const noexcept { return space == Space::csr && offset == reg::RDT::at(0); }
};

class HostAccesses {
public:
    explicit HostAccesses(CoreClock clock) noexcept : clock_{clock} {}

    /// The edge on which an access takes effect that arrives at `arrival`: the first one after it that no access has.
    [[nodiscard]] Time edge_of(Time arrival) const noexcept
    {
        return std::max(clock_.after(arrival), last_ + clock_.period());
    }
    /// An access that is not queued takes effect on `edge`, not before edge_of() its arrival.
    void take_edge(Time edge) noexcept { last_ = edge; }

    /// Queues a write for its edge, which is not before edge_of() its arrival.
    void push(const HostAccess& access)
    {
        last_ = access.edge;
        writes_.push(access);
        next_ = std::min(next_, access.edge);
        if (!access.is_tail()) {
            others_.push(access.edge);
            next_but_tails_ = std::min(next_but_tails_, access.edge);
        }
    }

    /// Takes the oldest write. Precondition: not empty().
    [[nodiscard]] HostAccess take() noexcept
    {
        const HostAccess access = writes_.take();
        next_                   = writes_.empty() ? never : writes_.front().edge;
        if (!access.is_tail()) {
            others_.pop();
            next_but_tails_ = others_.empty() ? never : others_.front();
        }
        return access;
    }

    /// Drops all that are queued.
    void clear() noexcept
    {
        writes_.clear();
        others_.clear();
        next_ = next_but_tails_ = never;
    }

    [[nodiscard]] bool empty() const noexcept { return writes_.empty(); }
    /// Edge of the oldest write; `never` without any.
    [[nodiscard]] Time next() const noexcept { return next_; }
    /// Edge of the oldest write that is no new tail; `never` without any.
    [[nodiscard]] Time next_but_tails() const noexcept { return next_but_tails_; }

private:
    CoreClock             clock_;
    RingQueue<HostAccess> writes_;
    RingQueue<Time>       others_;              // edges of those that are no tail
    Time                  last_           = 0;  // edge of the newest access
    Time                  next_           = never;
    Time                  next_but_tails_ = never;
};

}  // namespace overrun
