// SPDX-License-Identifier: Apache-2.0
// Register writes of the host that are on their way to the device, in the order of their arrivals.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun {

/// A write, and when it takes effect.
struct HostAccess {
    Time          arrival;
    Bar           bar;
    std::uint32_t offset;
    std::uint32_t value;

    /// A new receive tail. It concerns the DMA alone, and while all interrupts are masked none comes of it.
    [[nodiscard]] bool is_tail() const noexcept { return bar == Bar::csr && offset == reg::RDT::at(0); }
};

class HostAccesses {
public:
    /// @param access whose arrival is put off to that of the write before, if it is earlier: arrivals do not fall
    /// @return when it takes effect
    Time push(HostAccess access)
    {
        access.arrival = last_ = std::max(access.arrival, last_);
        writes_.push(access);
        next_ = std::min(next_, access.arrival);
        if (!access.is_tail()) {
            others_.push(access.arrival);
            next_but_tails_ = std::min(next_but_tails_, access.arrival);
        }
        return access.arrival;
    }

    /// Takes the oldest write. Precondition: not empty().
    [[nodiscard]] HostAccess take() noexcept
    {
        const HostAccess access = writes_.take();
        next_                   = writes_.empty() ? never : writes_.front().arrival;
        if (!access.is_tail()) {
            others_.pop();
            next_but_tails_ = others_.empty() ? never : others_.front();
        }
        return access;
    }

    /// Drops all that have not arrived.
    void clear() noexcept
    {
        writes_.clear();
        others_.clear();
        next_ = next_but_tails_ = never;
    }

    [[nodiscard]] bool empty() const noexcept { return writes_.empty(); }
    /// Arrival of the oldest write; `never` without any.
    [[nodiscard]] Time next() const noexcept { return next_; }
    /// Arrival of the oldest write that is no new tail; `never` without any.
    [[nodiscard]] Time next_but_tails() const noexcept { return next_but_tails_; }

private:
    RingQueue<HostAccess> writes_;
    RingQueue<Time>       others_;  // arrivals of those that are no tail
    Time                  last_           = 0;
    Time                  next_           = never;
    Time                  next_but_tails_ = never;
};

}  // namespace overrun
