// SPDX-License-Identifier: Apache-2.0
// Plays captures as frames on the wire: one after the other, as one sequence, at the captures' times, at a rate or at
// once, as often as asked.
// Contract: start times do not fall, and octets stay as they are once a frame is handed out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "hw/engine/frame_source.hpp"
#include "testbench/capture/capture_clock.hpp"
#include "testbench/capture/capture_reader.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/frame_arena.hpp"

namespace overrun {

/// What a replay did to the captures' frames.
struct ReplayCounts {
    std::uint64_t frames               = 0;  ///< handed out: fcs_present + fcs_absent
    std::uint64_t padded               = 0;  ///< shorter than 60 octets without FCS, padded to 60
    std::uint64_t fcs_present          = 0;  ///< carried their FCS
    std::uint64_t fcs_absent           = 0;  ///< got the right FCS appended
    std::uint64_t truncated            = 0;  ///< records with fewer octets than the frame had, played or not
    std::uint64_t skipped              = 0;  ///< truncated records that were left out
    std::uint64_t timestamps_backwards = 0;  ///< frames with a timestamp before the latest one so far
    std::uint64_t gaps_shortened       = 0;  ///< gaps longer than max_gap

    ReplayCounts& operator+=(const ReplayCounts& more) noexcept;
};

/// A capture's record becomes a frame by these rules.
///
/// FCS. `absent`: no record ends in an FCS. `present`: every record of more than four octets does; what the record
/// holds is what was on the wire, so the FCS may be wrong and the frame shorter than 64 octets, and neither is mended.
/// `auto`, record by record: it does when it is whole, has 64 octets or more, and its last four are the right FCS of
/// the rest. Captures mostly have no FCS, and a sender's own frames have none even where received ones do.
///
/// Length on the wire. With FCS: the original length. Without: padded with zeros to 60 octets where shorter (IEEE 802.3
/// clause 4.2.8), and the right FCS appended, four octets. So a record of few octets, or none, is a frame of 64.
///
/// Truncated records (snapshot length). `pad`: what was not captured is zeros, and the right FCS of that is appended,
/// because the sender's covers octets that nobody has; with `present` the original length counts the FCS already.
/// `skip`: left out, whatever their length. `error`: an InputError.
///
/// Time. The first frame played starts at epoch + start. Later ones keep their distance in timestamps from it, after
/// max_gap and speed (see CaptureClock); a following capture's first frame has the start time of the previous capture's
/// last frame, and the wire moves it to where it is free. A timestamp that goes backwards counts as the latest one so
/// far. With `topspeed` all start at epoch + start. With `rate` frame i of N starts (i - 1) / rate after the first one,
/// and with `bit_rate` when that rate has carried the frames before it, each as long as the capture says (original
/// length, without preamble and gap; both rounded down to a picosecond). The wire keeps frames apart.
///
/// Loop. All files together are played so many times. With timestamps, the first frame of a later pass starts the mean
/// gap of a pass after the last frame of the one before it: the time from first to last frame over one less than the
/// number of frames, rounded down, and 0 for a single frame. So the mean rate is that of one pass. A pass without a
/// frame is the last one.
class ReplaySource final : public FrameSource {
public:
    /// Longest frame of a capture, FCS included where the record has it.
    static constexpr std::uint32_t longest_frame = 16384;

    /// Opens every capture of `spec` once, so that a missing or foreign file is known before the first frame.
    /// @param epoch absolute time of the scenario's time zero
    /// @param stop makes this and next() throw Interrupted. A run goes without: it winds down, it does not break off.
    /// Throws InputError as CaptureReader and CaptureClock do.
    ReplaySource(TrafficSpec spec, Time epoch, StopFlag stop = nullptr);

    /// Throws InputError that names the capture: what CaptureReader::next() throws, a frame longer than longest_frame,
    /// a truncated one where that is an error, a start time beyond CaptureClock::longest. With a limit, nothing behind
    /// the last frame played is read.
    [[nodiscard]] Offer next() override;

    /// Frames of this source are counted from 1 in the order of next(); a wire that carries this source alone gives
    /// them the same ids.
    void release(FrameId last) noexcept override { arena_.release(last); }

    [[nodiscard]] ReplayCounts counts() const noexcept;

    /// What the capture's clock showed at the scenario's time zero, in nanoseconds since 1970, so that the first frame
    /// played keeps its timestamp; empty before that frame.
    [[nodiscard]] std::optional<std::int64_t> time_zero_ns() const noexcept { return time_zero_ns_; }

private:
    [[nodiscard]] const CaptureRecord* next_record();
    [[nodiscard]] bool                 left_out(const CaptureRecord& record);
    [[nodiscard]] Offer                offer_of(const CaptureRecord& record);
    [[nodiscard]] Time                 start_of(const CaptureRecord& record);
    [[nodiscard]] Time                 since_first(const CaptureRecord& record);
    [[nodiscard]] bool                 next_pass();

    TrafficSpec                  spec_;
    StopFlag                     stop_;
    Time                         first_start_;
    CaptureClock                 clock_;
    FrameArena                   arena_;
    std::optional<CaptureReader> reader_;
    std::size_t                  next_file_ = 0;
    ReplayCounts                 counts_;
    std::optional<std::int64_t>  time_zero_ns_;
    std::uint64_t                bits_        = 0;  // of the frames handed out, as captured
    std::uint64_t                passes_      = 0;  // that are over
    std::uint64_t                pass_frames_ = 0;  // handed out in this pass
    Time                         pass_begin_  = 0;  // since the first frame
    Time                         last_        = 0;  // start of the last frame, since the pass began
};

}  // namespace overrun
