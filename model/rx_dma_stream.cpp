// SPDX-License-Identifier: Apache-2.0
// The receive DMA's inner loop for frames of one descriptor each, without a tag to remove, when no levels are wanted.
// Contract: the result is that of rx_dma.cpp; the laws' tests compare both.
#include <algorithm>

#include "model/rx_dma.hpp"

namespace overrun {

/// Whether the next thing to happen is that the payload of a frame is issued that needs one descriptor and no more.
bool RxDma::streams() const noexcept
{
    return issue_ < ring_.completion() && write_from_ <= issue_ && !write_back_.due() && offset_ == 0 &&
           fits_one(fifo_.frames().head());
}

/// The head of the FIFO, with the oldest descriptor held.
bool RxDma::fits_one(const StoredFrame& stored) const noexcept
{
    return ring_.held() != 0 && ring_.oldest_buffer() != 0 && stored.octets <= control_.whole_in_one;
}

/// Frames one after the other, with their write-backs and the descriptor reads between: the steps of rx_dma.cpp in a
/// fixed order, so that none of them has to be looked for. Precondition: streams().
void RxDma::stream(Time end)
{
    // Nothing is added to the FIFO in this loop, so that the pointer stays valid.
    const StoredFrame* stored = &fifo_.frames().head();
    Time               limit  = std::min(end, interrupts_.next());
    for (Time t = issue_;;) {
        now_ = t;
        begin_frame(*stored);
        descriptor_ = ring_.take();
        piece_      = to_store_;
        send_piece(*stored, 0, false, t);
        supply(std::min(channel_.accepted(), limit));
        if (channel_.accepted() >= limit) {
            rnbc_decided_ = true;
            frame_open_   = true;
            return plan_issue(now_);
        }
        t    = channel_.accepted();
        now_ = t;
        leave_fifo(*stored, t);
        piece_sent(t, true);
        limit = std::min(end, interrupts_.next());

        if (write_back_.due()) {
            if (!master_) return leave(t);
            write_back<Levels::silent>(t);
            supply(std::min(channel_.accepted(), limit));
            if (channel_.accepted() >= limit) return plan_issue(now_);
            t    = channel_.accepted();
            now_ = t;
            channel_.free();
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

/// Back to the steps in rx_dma.cpp, with the write channel free at `t`.
void RxDma::leave(Time t) noexcept
{
    plan(t);
}

}  // namespace overrun
