// SPDX-License-Identifier: Apache-2.0
// Interrupt edges on their way from the device to the CPU.
// Never calls the engine, and never lets a message pass a write that the device posted before it.
#pragma once

#include "hw/base/ring_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/platform/pcie_link.hpp"

namespace overrun {

class InterruptQueue final : public InterruptSink {
public:
    explicit InterruptQueue(const PcieLink& link) : link_{link} {}

    void interrupt(const InterruptEdge& edge) override
    {
        changes_.push({link_.interrupt_arrival(edge.time), edge.level});
        next_ = changes_.front().arrival;
        if (!level_) quiet_until_ = next_;
    }

    /// The INTx line as the CPU sees it at `t`.
    [[nodiscard]] bool level(Time t)
    {
        while (next_ <= t && !changes_.empty()) {
            level_ = changes_.front().level;
            changes_.pop();
            next_        = changes_.empty() ? never : changes_.front().arrival;
            quiet_until_ = level_ ? 0 : next_;
        }
        return level_;
    }

    /// When the next known change arrives; `never` when none is under way.
    [[nodiscard]] Time next() const noexcept { return next_; }

    /// Before this the line is low, as far as it is known.
    [[nodiscard]] Time quiet_until() const noexcept { return quiet_until_; }

private:
    struct Change {
        Time arrival;
        bool level;
    };

    const PcieLink&   link_;
    RingQueue<Change> changes_;
    Time              next_        = never;  // arrival of the oldest
    bool              level_       = false;
    Time              quiet_until_ = never;
};

}  // namespace overrun
