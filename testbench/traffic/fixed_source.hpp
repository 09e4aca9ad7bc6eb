// SPDX-License-Identifier: Apache-2.0
// Frames of one length at a fixed rate.
// It allocates nothing after construction.
#pragma once

#include <cstdint>

#include "hw/engine/frame_source.hpp"
#include "hw/ethernet/wire_rate.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/source_frames.hpp"

namespace overrun {

class FixedSource final : public FrameSource {
public:
    /// @param epoch absolute time of the scenario's time zero
    /// @param station where frames go unless the traffic names a destination
    /// @param seed decides which frames are broken by chance
    FixedSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch, std::uint64_t seed = 0);

    [[nodiscard]] Offer next() override;
    void                release(FrameId) noexcept override {}

private:
    SourceFrames  frames_;
    bool          back_to_back_;
    Time          after_ = 0;     // from the first frame to the next one, rounded down to a picosecond
    Time          whole_;         // picoseconds from one frame to the next,
    std::uint64_t rest_;          // and these over denominator_
    std::uint64_t fraction_ = 0;  // what after_ is rounded down by, over denominator_
    std::uint64_t denominator_;
};

}  // namespace overrun
