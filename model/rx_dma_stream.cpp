// SPDX-License-Identifier: Apache-2.0
// The short way of ordinary frames through the receive DMA: one descriptor each, no tag to be taken out, nobody who
// listens to levels. Never another result than rx_dma.cpp gives: the laws' tests compare both.
#include <algorithm>

#include "model/rx_dma.hpp"

namespace overrun {

/// Whether the next thing to happen is that the payload of a frame is issued that needs one descriptor and no more.
bool RxDma::streams() const noexcept
{
    return issue_ < ring_.completion() && write_from_ <= issue_ && !write_back_due_ && offset_ == 0 && fits_one();
}

/// The head of the FIFO, with the oldest descriptor held.
bool RxDma::fits_one() const noexcept
{
    return ring_.held() != 0 && ring_.oldest_buffer() != 0 && !control_.strip_tags &&
           fifo_.head().octets - (control_.strip_fcs ? fcs_octets : 0) <= control_.buffer_octets;
}

/// Frames one after the other, with their write-backs and the descriptors they need: what the general parts would do,
/// with the state between two steps implied by the place in the code. Precondition: streams().
void RxDma::stream(Time end)
{
    const auto          limit = [this, end] { return std::min(end, interrupts_.next()); };
    const std::uint32_t fcs   = control_.strip_fcs ? fcs_octets : 0;
    for (Time t = issue_;;) {
        now_        = t;
        last_frame_ = fifo_.head().frame.id;
        piece_      = fifo_.head().octets - fcs;
        if (examine_) examine_head();
        descriptor_ = ring_.take();

        const Time visible = begin(Command::payload, descriptor_.buffer, piece_, t);
        posted_.payload(visible, descriptor_.buffer, 0, piece_, false);
        supply(std::min(accepted_, limit()));
        if (accepted_ >= limit()) {
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
        fifo_.release(t);
        finish_descriptor(t, true);

        if (write_back_due_) {
            if (!master_) return leave(t);
            write_back<Levels::silent>(t);
            supply(std::min(accepted_, limit()));
            if (accepted_ >= limit()) return plan_issue(now_);
            t         = accepted_;
            now_      = t;
            accepted_ = never;
            descriptors_written<Levels::silent>(t);
            if (interrupts_.dirty()) {
                if (ring_.completion() == t) descriptors_arrived(t);
                leave(t);
                return react(t);
            }
        }
        if (!fifo_.has_head() || !fits_one()) return leave(t);
        const Time since = std::max({head_since_, fifo_.head().visible, ring_.held_since()});
        t                = std::max({t, next_command_, since + frame_setup_});
        supply(std::min(t, limit()));
        if (t >= limit()) return leave(now_);
    }
}

/// Descriptor reads that complete or are issued before `t`.
void RxDma::supply(Time t)
{
    for (;;) {
        const Time arrival = ring_.completion();
        const Time issue   = ring_.wants_read() ? std::max(now_, next_command_) : never;
        if (std::min(arrival, issue) >= t) return;
        now_ = std::min(arrival, issue);
        if (arrival == now_) {
            descriptors_arrived(now_);
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
