// SPDX-License-Identifier: Apache-2.0
// What registers and resets do to the receive DMA (contract B.0, D10, D12).
// Never on a frame's way: rx_dma.cpp is.
#include <algorithm>

#include "model/rx_dma.hpp"

namespace overrun {

void RxDma::set_ring(std::uint64_t base, std::uint32_t size, std::uint32_t head, std::uint32_t tail, Time t)
{
    // What is done with, or in use, belongs to the old ring: nothing waits behind it.
    flush(t);
    ring_is_new_ = command_ == Command::payload;
    head_        = head;
    tail_        = tail;
    free_min_    = no_minimum;
    link_        = port_.link();
    forgotten_ += ring_.untold_reads();
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
    write_threshold_ = thresholds.write_back;
    if (writes_.waiting() >= write_threshold_) flush(t);
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
    writes_.abandon(t, open_);
    fifo_.reset(fifo_octets, fifo_.frames().in_dma() + (open_ ? 1 : 0));

    command_        = Command::none;
    accepted_       = never;
    write_back_due_ = false;
    causes_         = 0;
    counted_        = false;
    open_           = false;
    released_       = false;
    offset_         = 0;
    head_since_     = t;
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

void RxDma::report_levels(ProbeSink& sink, Time t) const
{
    sink.event({ProbeKind::rx_fifo, t, 0, fifo_.used(), fifo_.frames_waiting()});
    sink.event({ProbeKind::descriptor_cache, t, 0, ring_.held(), ring_.in_flight()});
    if (!commanded_) return;
    sink.event({ProbeKind::rx_dma, t, last_frame_, 1, last_address_});
    if (command_ == Command::none) sink.event({ProbeKind::rx_dma, t, 0, 0, 0});
}

}  // namespace overrun
