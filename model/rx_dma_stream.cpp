// SPDX-License-Identifier: Apache-2.0
// The short way of ordinary frames through the receive DMA: one descriptor each, no tag to be taken out, nobody who
// listens to levels. Never another result than rx_dma.cpp gives: the laws' tests compare both.
#include <algorithm>

#include "model/rx_dma.hpp"

namespace overrun {

/// Whether the next thing to happen is that the payload of a frame is issued that needs one descriptor and no more.
bool RxDma::streams() const noexcept
{
    return issue_ < ring_.completion() && write_from_ <= issue_ && !write_back_due_ && offset_ == 0 &&
           fits_one(fifo_.frames().head());
}

/// The head of the FIFO, with the oldest descriptor held.
bool RxDma::fits_one(const StoredFrame& stored) const noexcept
{
    return ring_.held() != 0 && ring_.oldest_buffer() != 0 && stored.octets <= control_.whole_in_one;
}

/// Frames one after the other, with their write-backs and the descriptors they need: what the general parts would do,
/// with the state between two steps implied by the place in the code. Precondition: streams().
void RxDma::stream(Time end)
{
    const StoredFrame* stored =
        &fifo_.frames().head();  // stays where it is, for nothing is added to the FIFO meanwhile
    Time limit = std::min(end, interrupts_.next());
    for (Time t = issue_;;) {
        now_        = t;
        last_frame_ = stored->frame.id;
        piece_      = stored->octets - control_.fcs_cut;
        status_     = stored->status;
        if (examine_) examine_head(*stored);
        descriptor_ = ring_.take();

        const Time visible = begin(Command::payload, descriptor_.buffer, piece_, t);
        writes_.payload(visible, descriptor_.buffer, 0, piece_, false);
        supply(std::min(accepted_, limit));
        if (accepted_ >= limit) {
            to_store_ = piece_;
            counted_  = true;
            open_     = true;
            return plan_issue(now_);
        }
        t           = accepted_;
        now_        = t;
        head_since_ = t;
        accepted_   = never;
        offset_     = piece_;
        fifo_.release(*stored, t);
        finish_descriptor(t, true);
        limit = std::min(end, interrupts_.next());

        if (write_back_due_) {
            if (!master_) return leave(t);
            write_back<Levels::silent>(t);
            supply(std::min(accepted_, limit));
            if (accepted_ >= limit) return plan_issue(now_);
            t         = accepted_;
            now_      = t;
            accepted_ = never;
            descriptors_written<Levels::silent>(t);
            if (interrupts_.dirty()) {
                if (ring_.completion() == t) take_descriptors(t);
                leave(t);
                return react(t);
            }
            limit = std::min(end, interrupts_.next());
        }
        if (!fifo_.frames().has_head()) return leave(t);
        stored = &fifo_.frames().head();
        if (!fits_one(*stored)) return leave(t);
        const Time since = std::max(std::max(head_since_, stored->visible), ring_.held_since());
        t                = std::max(std::max(t, next_command_), since + frame_setup_);
        supply(std::min(t, limit));
        if (t >= limit) return leave(now_);
    }
}

void RxDma::supply_now(Time t)
{
    for (;;) {
        const Time arrival = ring_.completion();
        const Time issue   = ring_.wants_read() ? std::max(now_, next_command_) : never;
        if (std::min(arrival, issue) >= t) return;
        now_ = std::min(arrival, issue);
        if (arrival == now_) {
            take_descriptors(now_);
        } else {
            read_descriptors(now_);
        }
    }
}

/// Back to the general parts, with the write channel free at `t`.
void RxDma::leave(Time t) noexcept
{
    command_ = Command::none;
    plan(t);
}

}  // namespace overrun
