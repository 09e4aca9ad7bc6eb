// SPDX-License-Identifier: Apache-2.0
// Follows frames by their ids, as the ledger does, and writes each when its fate is known.
// Never asks for a frame's octets after its end.
#include "testbench/observe/frame_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "testbench/text/number_text.hpp"

namespace overrun {

namespace {

std::uint32_t flags_of(Fate fate) noexcept
{
    using namespace capture_flag;
    switch (fate) {
        case Fate::crc_error: return crc;
        case Fate::align_error: return crc | unaligned;
        case Fate::rx_error: return symbol;
        case Fate::runt: return capture_flag::too_short;
        case Fate::fragment: return capture_flag::too_short | crc;
        case Fate::too_short: return capture_flag::too_short;
        case Fate::oversize: return too_long;
        case Fate::jabber: return too_long | crc;
        case Fate::no_sfd: return capture_flag::no_sfd;
        default: return 0;
    }
}

}  // namespace

void FrameRecorder::event(const ProbeEvent& event)
{
    if (over_) return;
    switch (event.kind) {
        case ProbeKind::offered: entries_.push({event.time, State::in_flight}); break;
        case ProbeKind::ended: end(event.id, static_cast<Fate>(event.value), event.time); break;
        case ProbeKind::written_back:
            if (event.value != 0) end(event.id, Fate::dma_fault, event.time);
            // A descriptor that host memory refused is none that the driver will find.
            if (event.value != 2) in_ring_.push(event.value == 0 ? event.id : 0);
            break;
        case ProbeKind::taken: {
            if (in_ring_.empty()) break;  // the ledger reports that
            const FrameId id = in_ring_.front();
            in_ring_.pop();
            if (id != 0) end(id, static_cast<Fate>(event.value), event.time);
            break;
        }
        default: break;
    }
}

void FrameRecorder::frame(std::span<const std::byte> octets, Time)
{
    if (over_ || delivered_ == nullptr || in_ring_.empty()) return;
    const FrameId id = in_ring_.front();
    delivered_->write({.timestamp_ns = timestamp(entries_[id - first_].start),
                       .octets       = octets,
                       .fcs_octets   = basis_.delivered_fcs_octets,
                       .id           = id,
                       .lost_before  = std::exchange(gap_, 0)});
}

void FrameRecorder::run_ended(const RunView& view)
{
    end_ns_ = timestamp(view.at);
    over_   = true;
    if (basis_.tap != nullptr) basis_.tap->stop();
}

std::int64_t FrameRecorder::timestamp(Time t) const
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(basis_.time_zero_ns(), (t - basis_.origin) / nanosecond, &sum))
        return std::numeric_limits<std::int64_t>::max();
    return sum;
}

void FrameRecorder::end(FrameId id, Fate fate, Time t)
{
    if (lost_ != nullptr && is_loss(fate)) write_lost(id, fate, t);
    entries_[id - first_].state = is_loss(fate) ? State::lost : State::over;
    for (; !entries_.empty() && entries_.front().state != State::in_flight; ++first_) {
        if (entries_.front().state == State::lost) ++gap_;
        entries_.pop();
    }
    if (basis_.tap != nullptr) basis_.tap->done(first_ - 1);
}

void FrameRecorder::write_lost(FrameId id, Fate fate, Time t)
{
    const Frame&        frame  = basis_.tap->frame(id);
    const std::uint32_t stored = std::min(frame.stored, frame.body());
    const FateInfo&     info   = fate_table[static_cast<std::size_t>(fate)];
    lost_->write({.timestamp_ns = timestamp(frame.start),
                  .octets       = frame.stored_octets().first(stored),
                  .padding      = frame.body() - stored,
                  .fcs_octets   = frame.fcs == Fcs::stored && frame.length >= fcs_octets ? fcs_octets : 0,
                  .flags        = flags_of(fate),
                  .id           = id,
                  .comment      = fmt::format("{} ({}): {} Frame {} of the run, certain {} after time zero.", info.name,
                                              info.stage, info.text, id, time_text(t - basis_.origin))});
}

}  // namespace overrun
