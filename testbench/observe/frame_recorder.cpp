// SPDX-License-Identifier: Apache-2.0
#include "testbench/observe/frame_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "testbench/text/number_text.hpp"

namespace overrun {

// A fate's link errors are written as they are.
static_assert(link_error::crc == capture_flag::crc && link_error::too_long == capture_flag::too_long &&
              link_error::too_short == capture_flag::too_short && link_error::unaligned == capture_flag::unaligned &&
              link_error::no_sfd == capture_flag::no_sfd && link_error::symbol == capture_flag::symbol);

void FrameRecorder::over(FrameId id, Fate fate, Time start, Time time)
{
    if (run_over_) return;
    if (lost_ != nullptr && is_loss(fate)) write_lost(id, fate, start, time);
    while (first_ + states_.size() <= id) states_.push(State::in_flight);
    states_[id - first_] = is_loss(fate) ? State::lost : State::over;
    for (; !states_.empty() && states_.front() != State::in_flight; ++first_) {
        if (states_.front() == State::lost) ++gap_;
        states_.pop();
    }
    if (start_.tap != nullptr) start_.tap->done(first_ - 1);
}

void FrameRecorder::frame(std::span<const std::byte> octets, Time)
{
    if (run_over_ || delivered_ == nullptr) return;
    const auto next = start_.ledger->next_in_ring();
    // The octets of a frame that host memory refused are those of an older one.
    if (!next || next->id == Ledger::InRing::ended) return;
    delivered_->write({.timestamp_ns = timestamp(next->start),
                       .octets       = octets,
                       .fcs_octets   = start_.delivered_fcs_octets,
                       .id           = next->id,
                       .lost_before  = std::exchange(gap_, 0)});
}

void FrameRecorder::run_ended(const RunSnapshot& view)
{
    end_ns_   = timestamp(view.at);
    run_over_ = true;
    if (start_.tap != nullptr) start_.tap->stop();
}

std::int64_t FrameRecorder::timestamp(Time t) const
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(start_.time_zero_ns(), (t - start_.origin) / nanosecond, &sum))
        return std::numeric_limits<std::int64_t>::max();
    return sum;
}

void FrameRecorder::write_lost(FrameId id, Fate fate, Time start, Time time)
{
    const Frame&        frame  = start_.tap->frame(id);
    const std::uint32_t stored = std::min(frame.stored, frame.body());
    const FateInfo&     info   = info_of(fate);
    lost_->write({.timestamp_ns = timestamp(start),
                  .octets       = frame.stored_octets().first(stored),
                  .padding      = frame.body() - stored,
                  .fcs_octets   = frame.fcs == Fcs::stored && frame.length >= fcs_octets ? fcs_octets : 0,
                  .flags        = info.link_errors,
                  .id           = id,
                  .comment      = fmt::format("{} ({}): {} Frame {} of the run, certain {} after time zero.", info.name,
                                              info.stage, info.text, id, time_text(time - start_.origin))});
}

}  // namespace overrun
