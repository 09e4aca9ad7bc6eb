// SPDX-License-Identifier: Apache-2.0
// Bursts of frames back to back, with the same gap between any two bursts.
// It allocates nothing after construction.
#pragma once

#include <cstdint>

#include "hw/engine/frame_source.hpp"
#include "hw/ethernet/wire_rate.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/source_frames.hpp"

namespace overrun {

/// The first burst starts at epoch + start. A frame's slot is preamble, frame and inter-frame gap; the next frame of a
/// burst starts where the slot ends, and the next burst `gap` after the end of the last frame's slot. A last burst may
/// be shorter, where the count is not a multiple.
class BurstSource final : public FrameSource {
public:
    /// @param spec with burst >= 1
    /// @param epoch absolute time of the scenario's time zero
    /// @param station where frames go unless the traffic names a destination
    /// @param seed decides which frames are broken by chance
    BurstSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch, std::uint64_t seed);

    [[nodiscard]] Offer next() override;
    void                release(FrameId) noexcept override {}

private:
    SourceFrames  frames_;
    WireRate      rate_;
    std::uint64_t burst_;
    Time          gap_;
    Time          next_;          // start of the next frame, if its burst has begun
    std::uint64_t in_burst_ = 0;  // frames of this burst that were given
};

}  // namespace overrun
