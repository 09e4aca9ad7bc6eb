// SPDX-License-Identifier: Apache-2.0
// What registers, resets and late completions do to the receive DMA (contract B.0, D10, D12).
#include <algorithm>

#include "model/rx_dma.hpp"

namespace overrun {

void RxDma::set_ring(std::uint64_t base, std::uint32_t size, std::uint32_t head, std::uint32_t tail, Time t)
{
    // Finished and active descriptors belong to the old ring: they are written back now, whatever WTHRESH is.
    flush(t);
    write_back_.ring_changed(channel_.carries_payload());
    head_     = head;
    tail_     = tail;
    free_min_ = no_minimum;
    channel_.find_link();
    forgotten_ += ring_.reads_of_unknown_time();
    ring_.set_ring(base, size, head, tail);
    report_ring(t);
    wake(t);
}

void RxDma::set_tail(std::uint32_t tail, Time t)
{
    tail_ = tail;
    ring_.set_tail(tail);
    wake(t);
}

void RxDma::set_thresholds(const Thresholds& thresholds, Time t)
{
    ring_.set_thresholds(thresholds.prefetch, thresholds.host);
    write_back_.set_threshold(thresholds.write_back);
    if (write_back_.reached(writes_.waiting())) flush(t);
    wake(t);
}

void RxDma::set_master(bool allowed, bool stopped, Time t)
{
    allowed_ = allowed;
    master_  = allowed && !stopped;
    enable_fetch();
    wake(t);
}

void RxDma::reset(std::uint32_t fifo_octets, Time t)
{
    // What the host could see by now has left the device.
    commit(t);
    for (std::size_t i = 0; i < fifo_.frames().size(); ++i) {
        StoredFrame& stored = fifo_.frames()[i];
        if (stored.discarded) continue;
        stored.discarded = true;
        probe_.ended(stored.frame.id, t, Fate::reset_discard);
    }
    // A frame of which a part is posted keeps its octets until that part has arrived.
    writes_.abandon(t, frame_open_);
    fifo_.reset(fifo_octets, fifo_.frames().in_dma() + (frame_open_ ? 1 : 0));

    channel_.free();
    write_back_.reset();
    rnbc_decided_ = false;
    frame_open_   = false;
    released_     = false;
    offset_       = 0;
    head_since_   = t;
    set_thresholds({}, t);
    set_ring(0, 0, 0, 0, t);
}

std::size_t RxDma::frames_on_their_way() const noexcept
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < fifo_.frames().in_dma(); ++i)
        if (!fifo_.frames()[i].discarded) ++count;
    return count;
}

void RxDma::completed(const DmaCompletion& access)
{
    const Time soon = now_ + 1;  // on an edge that has not been
    if (access.operation == DmaOperation::read) {
        if (forgotten_ != 0) {
            --forgotten_;
        } else {
            ring_.completed_at(clock_.edge(std::max(access.times.completed, soon)));
        }
    } else if (channel_.waits() && writes_.writes_of_unknown_time() == 1) {
        writes_.completed_at(channel_.complete(access, soon));
    } else {
        // A write from before a reset, which no command waits for.
        writes_.completed_at(access.times.completed);
    }
}

void RxDma::report_levels(ProbeSink& sink, Time t) const
{
    sink.event({ProbeKind::rx_fifo, t, 0, fifo_.used(), fifo_.frames_waiting()});
    sink.event({ProbeKind::descriptor_cache, t, 0, ring_.held(), ring_.in_flight()});
    if (!channel_.used()) return;
    sink.event({ProbeKind::rx_dma, t, last_frame_, 1, channel_.last_address()});
    if (!channel_.busy()) sink.event({ProbeKind::rx_dma, t, 0, 0, 0});
}

}  // namespace overrun
