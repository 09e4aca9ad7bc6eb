// SPDX-License-Identifier: Apache-2.0
// Drives the interrupt line of a Nic: queues the edges that its engine has committed and shows each at its time.
#pragma once

#include <systemc>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/systemc/transport_dma_port.hpp"

namespace overrun {

class InterruptDriver final : public InterruptSink {
public:
    /// @param due notified when an edge or a step of the engine is due
    InterruptDriver(sc_core::sc_out<bool>& line, sc_core::sc_event& due) : line_{line}, due_{due} {}

    /// No edge passes a write that was booked on `writes` before it.
    void stay_behind(const TransportDmaPort& writes) noexcept { writes_ = &writes; }
    /// `cpu` gets every edge from now on, as soon as it is known.
    void tell(InterruptSink& cpu) noexcept { cpu_ = &cpu; }

    void interrupt(const InterruptEdge& edge) override;
    /// A write was taken: edges behind it get their times.
    void write_taken();

    [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
    /// When the next edge is shown; `never` while there is none or it waits for a write.
    [[nodiscard]] Time next() const noexcept
    {
        return waiting_.empty() || waiting_.front().behind != 0 ? never : waiting_.front().time;
    }
    /// Shows the next edge. One in a delta cycle, so that none is hidden by another of the same time.
    void show();
    /// Drops edges up to `t`, but for the last one, so that the line gets its level.
    void skip_until(Time t);
    /// Notifies `due` at the next edge or at `step`, whichever is first; not at all for `never`.
    void notify(Time step, Time now);

    /// Rising edges so far.
    [[nodiscard]] std::uint64_t rises() const noexcept { return rises_; }

private:
    struct Edge {
        Time          time;
        bool          level;
        std::uint64_t behind;  // the write that it must not pass, counted from 1; 0 when that is visible at `time`
    };

    sc_core::sc_out<bool>&  line_;
    sc_core::sc_event&      due_;
    const TransportDmaPort* writes_ = nullptr;
    InterruptSink*          cpu_    = nullptr;
    RingQueue<Edge>         waiting_;
    std::uint64_t           rises_ = 0;
};

}  // namespace overrun
