// SPDX-License-Identifier: Apache-2.0
// Several frames at once through the MAC, and a short way for those of which nothing is to be said: good, for this
// station and no MAC control. Never another result than rx_mac.cpp gives: the laws' tests compare both.
#include <algorithm>

#include "model/rx_mac.hpp"

namespace overrun {

using Counter = reg::Counter;

Time RxMac::run_ahead(Time horizon, unsigned most)
{
    Time       last    = 0;
    unsigned   frames  = 0;
    const auto goes_on = [&] { return frames < most && end_ < horizon && pending_ && fifo_.fits(); };
    next_              = end_;  // the DMA may have released what the frame lacked, so that it is not refused
    while (goes_on()) {
        if (receiver_ == Receiver::on && !begun_) {
            const Row row = take_row(horizon, most - frames);
            frames += row.frames;
            last = std::max(last, row.end);
            if (!goes_on()) break;
        }
        // This one is not plain, or its first octet has been seen.
        last = end_;
        beat<Levels::silent>(last);
        ++frames;
    }
    return last;
}

/// The filter's verdict on the frame that comes next, `accepted` only when it is plain.
FilterVerdict RxMac::plain() const noexcept
{
    const Frame& frame = offer_.frame;
    if (frame.unmarked() && frame.length >= minimum_frame &&
        frame.length <= std::min(control_.longest, frame_octets_kept) && frame.type() != control_.control_type)
        return filter_(frame);
    return {false, FilterReason::none};
}

/// The frame that comes next and those behind it, as long as they are plain, over before `horizon` and fit.
/// Precondition: the receiver is on, and no octet of the first one has been seen.
RxMac::Row RxMac::take_row(Time horizon, unsigned most)
{
    const Frame&  frame  = offer_.frame;
    std::uint64_t octets = 0;
    Row           row{0, 0};
    for (Time end = end_; row.frames < most && end < horizon; end = end_of(frame, frame.length)) {
        const std::uint32_t cost = fifo_.cost_of(frame.length);
        if (cost > fifo_.room()) break;
        const FilterVerdict verdict = plain();
        if (!verdict.accepted) break;

        probe_.offered(frame.id, frame.start, frame.length);
        count_kind(frame.length);
        fifo_.store(frame, cost, verdict.reason == FilterReason::hash ? rx_status::pif : 0, end);
        dma_.frame_stored(end);
        octets += frame.length;
        ++row.frames;
        row.end       = end;
        last_verdict_ = verdict;

        take_offer();
        if (offer_.kind == Offer::Kind::none_before) break;
    }
    if (row.frames == 0) return row;

    local_         = row.end;
    last_ended_    = fifo_.frames().newest().frame.id;
    last_length_   = fifo_.frames().newest().frame.length;
    at_sfd_        = receiver_;
    last_fate_     = Fate::delivered;
    last_filtered_ = true;
    statistics_.add(Counter::TPR, row.frames);
    statistics_.add(Counter::TOR, octets);
    statistics_.add(Counter::GPRC, row.frames);
    statistics_.add(Counter::GORC, octets);
    fifo_.cancel();
    prepare();
    return row;
}

}  // namespace overrun
