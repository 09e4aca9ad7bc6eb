// SPDX-License-Identifier: Apache-2.0
// Captures of what became of frames: those that the driver delivered, and those that were lost.
// Contract: a frame that was still on its way when the run ended is in neither.
#pragma once

#include <string>

#include "driver_sim/driver/frame_consumer.hpp"
#include "hw/base/ring_queue.hpp"
#include "testbench/capture/capture_writer.hpp"
#include "testbench/observe/observer.hpp"

namespace overrun {

/// Every frame has the time at which its first preamble octet was on the wire: on the clock of the first capture that
/// is replayed, else since 1970 as time zero. A delivered frame has the octets that the driver delivered, in the order
/// of delivery, and the number of frames lost since the one before; a lost one has what was on the wire (the FCS only
/// where the source brought it), in the order in which the losses were certain, and a comment that begins with its
/// fate.
class FrameRecorder final : public Observer, public FateSink, public FrameConsumer {
public:
    /// @param delivered, lost where frames go; may be null. With `lost`, RunHooks::keep_frames is needed
    FrameRecorder(CaptureWriter* delivered, CaptureWriter* lost) : delivered_{delivered}, lost_{lost} {}

    [[nodiscard]] ProbeKinds kinds() const override { return 0; }
    [[nodiscard]] FateSink*  fates() override { return this; }
    void                     run_begins(const RunStart& start) override { start_ = start; }
    void                     event(const ProbeEvent&) override {}
    void                     committed(Time) override {}
    void                     over(FrameId id, Fate fate, Time start, Time time) override;
    void                     run_ended(const RunSnapshot& view) override;

    /// When the run ended, in nanoseconds since 1970 as the captures count them.
    [[nodiscard]] std::int64_t end_ns() const noexcept { return end_ns_; }

    /// What the driver delivers, before it reports it taken.
    void frame(std::span<const std::byte> octets, Time delivered) override;

private:
    enum class State : std::uint8_t { in_flight, over, lost };

    [[nodiscard]] std::int64_t timestamp(Time t) const;
    void                       write_lost(FrameId id, Fate fate, Time start, Time time);

    CaptureWriter*   delivered_;
    CaptureWriter*   lost_;
    RunStart         start_;
    RingQueue<State> states_;  // of the frames from first_ up to the newest that is over
    FrameId          first_    = 1;
    std::uint64_t    gap_      = 0;  // frames lost since the last one delivered
    std::int64_t     end_ns_   = 0;
    bool             run_over_ = false;
};

}  // namespace overrun
