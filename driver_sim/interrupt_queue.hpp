// SPDX-License-Identifier: Apache-2.0
// Interrupt edges on their way from the device to the CPU.
// Never calls the engine, and never lets a message pass a write that the device posted before it.
#pragma once

#include "hw/nic_engine.hpp"
#include "hw/pcie_link.hpp"

#include <deque>

namespace overrun {

class InterruptQueue final : public InterruptSink {
public:
    explicit InterruptQueue(const PcieLink& link) : link_{link} {}

    void interrupt(const InterruptEdge& edge) override { changes_.push_back({link_.interrupt_arrival(edge.time), edge.level}); }

    /// The INTx line as the CPU sees it at `t`.
    [[nodiscard]] bool level(Time t)
    {
        while (!changes_.empty() && changes_.front().arrival <= t) {
            level_ = changes_.front().level;
            changes_.pop_front();
        }
        return level_;
    }

    /// When the next known change arrives; `never` when none is under way.
    [[nodiscard]] Time next() const noexcept { return changes_.empty() ? never : changes_.front().arrival; }

private:
    struct Change {
        Time arrival;
        bool level;
    };

    const PcieLink&    link_;
    std::deque<Change> changes_;
    bool               level_ = false;
};

}  // namespace overrun
