// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/replay_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "hw/base/input_error.hpp"
#include "hw/ethernet/fcs.hpp"

namespace overrun {

namespace {

constexpr std::uint32_t minimum_body = minimum_frame - fcs_octets;

bool has_fcs(const CaptureRecord& record, FcsMode mode)
{
    switch (mode) {
        case FcsMode::absent: return false;
        case FcsMode::present: return record.original > fcs_octets;
        case FcsMode::automatic: break;
    }
    return record.octets.size() == record.original && record.original >= minimum_frame && fcs_is_right(record.octets);
}

}  // namespace

ReplayCounts& ReplayCounts::operator+=(const ReplayCounts& more) noexcept
{
    frames += more.frames;
    padded += more.padded;
    fcs_present += more.fcs_present;
    fcs_absent += more.fcs_absent;
    truncated += more.truncated;
    skipped += more.skipped;
    timestamps_backwards += more.timestamps_backwards;
    gaps_shortened += more.gaps_shortened;
    return *this;
}

ReplaySource::ReplaySource(TrafficSpec spec, Time epoch, StopFlag stop)
    : spec_{std::move(spec)}, stop_{stop}, first_start_{epoch + spec_.start}, clock_{spec_.speed, spec_.max_gap}
{
    if (spec_.files.empty()) throw InputError("a replay needs a capture: no file is named");
    for (const std::string& file : spec_.files) reader_.emplace(file, stop_);
    reader_.reset();
}

Offer ReplaySource::next()
{
    while (!spec_.limit || counts_.frames < *spec_.limit) {
        const CaptureRecord* const record = next_record();
        if (record == nullptr) break;
        if (!left_out(*record)) return offer_of(*record);
    }
    return Offer::none();
}

ReplayCounts ReplaySource::counts() const noexcept
{
    ReplayCounts counts = counts_;
    counts.timestamps_backwards += clock_.backwards();
    counts.gaps_shortened += clock_.shortened();
    return counts;
}

const CaptureRecord* ReplaySource::next_record()
{
    for (;;) {
        if (reader_) {
            if (const CaptureRecord* const record = reader_->next()) return record;
            reader_.reset();
            clock_.new_capture();
        }
        if (next_file_ == spec_.files.size() && !next_pass()) return nullptr;
        reader_.emplace(spec_.files[next_file_++], stop_);
    }
}

bool ReplaySource::next_pass()
{
    if (pass_frames_ == 0 || passes_ + 1 >= spec_.loop) return false;
    ++passes_;
    const auto gaps = static_cast<Time>(pass_frames_ - 1);
    const Time gap  = gaps == 0 ? 0 : last_ / gaps;
    pass_begin_ += last_;
    // Beyond the longest replay every frame is, so it does not matter how far.
    pass_begin_ = gap > CaptureClock::longest - pass_begin_ ? CaptureClock::longest + 1 : pass_begin_ + gap;
    counts_.timestamps_backwards += clock_.backwards();
    counts_.gaps_shortened += clock_.shortened();
    clock_       = CaptureClock{spec_.speed, spec_.max_gap};
    last_        = 0;
    pass_frames_ = 0;
    next_file_   = 0;
    return true;
}

bool ReplaySource::left_out(const CaptureRecord& record)
{
    const std::size_t captured = record.octets.size();
    if (captured < record.original) {
        ++counts_.truncated;
        if (spec_.truncated == TruncatedMode::skip) {
            ++counts_.skipped;
            return true;
        }
        if (spec_.truncated == TruncatedMode::error)
            throw InputError(
                fmt::format("{}: frame {} is truncated, {} of {} octets are captured; truncated frames are "
                            "played only with pad, and left out with skip",
                            reader_->shown(), record.number, captured, record.original));
    }
    if (record.original > longest_frame)
        throw InputError(fmt::format("{}: frame {} has {} octets; at most {} are allowed", reader_->shown(),
                                     record.number, record.original, longest_frame));
    return false;
}

Offer ReplaySource::offer_of(const CaptureRecord& record)
{
    Offer  offer{Offer::Kind::frame, {}, 0};
    Frame& frame = offer.frame;

    const auto captured = static_cast<std::uint32_t>(record.octets.size());
    frame.stored        = captured;
    if (has_fcs(record, spec_.fcs)) {
        frame.length = record.original;
        if (captured == record.original)
            frame.fcs = Fcs::stored;
        else
            frame.stored = std::min(captured, record.original - fcs_octets);
    } else {
        if (record.original < minimum_body) ++counts_.padded;
        frame.length = std::max(record.original, minimum_body) + fcs_octets;
    }
    ++(frame.fcs == Fcs::stored ? counts_.fcs_present : counts_.fcs_absent);
    frame.octets = arena_.keep(record.octets.first(frame.stored), ++counts_.frames);
    frame.start  = start_of(record);
    if (!time_zero_ns_) time_zero_ns_ = std::max<std::int64_t>(record.timestamp_ns, 0) - spec_.start / nanosecond;
    bits_ += std::uint64_t{8} * record.original;
    ++pass_frames_;
    return offer;
}

/// `never` when that is beyond CaptureClock::longest.
Time ReplaySource::since_first(const CaptureRecord& record)
{
    __extension__ using Wide = unsigned __int128;
    if (spec_.rate || spec_.bit_rate) {
        const Wide before = spec_.rate ? Wide{counts_.frames - 1} : Wide{bits_};
        const Wide since =
            before * static_cast<std::uint64_t>(second) / spec_.rate.value_or(spec_.bit_rate.value_or(1));
        return since > static_cast<std::uint64_t>(CaptureClock::longest) ? never : static_cast<Time>(since);
    }
    last_ = clock_.at(record.timestamp_ns);
    return last_ > CaptureClock::longest - pass_begin_ ? never : pass_begin_ + last_;
}

Time ReplaySource::start_of(const CaptureRecord& record)
{
    if (spec_.pacing == CapturePacing::topspeed) return first_start_;
    const Time since = since_first(record);
    if (since <= CaptureClock::longest - first_start_) return first_start_ + since;
    throw InputError(
        fmt::format("{}: frame {} would start after more than {} days of simulated time; a higher speed or "
                    "rate, or max_gap, shortens the replay",
                    reader_->shown(), record.number, CaptureClock::longest / (86'400 * second)));
}

}  // namespace overrun
