// SPDX-License-Identifier: Apache-2.0
// Frames of one length as a Poisson process: the gaps between starts are exponential and independent.
// It allocates nothing after construction, and start times do not fall.
#pragma once

#include <cstdint>

#include "hw/engine/frame_source.hpp"
#include "hw/ethernet/wire_rate.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/source_frames.hpp"
#include "testbench/traffic/source_random.hpp"

namespace overrun {

/// The first frame starts at epoch + start, later ones by the process. Two may start closer together than the wire
/// carries them; the wire moves the second to where it is free, so what arrives is what an M/D/1 queue sends on.
class PoissonSource final : public FrameSource {
public:
    /// @param spec with rate or load, the mean of the process
    /// @param epoch absolute time of the scenario's time zero
    /// @param station where frames go unless the traffic names a destination
    PoissonSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch, std::uint64_t seed);

    [[nodiscard]] Offer next() override;
    void                release(FrameId) noexcept override {}

private:
    __extension__ using Wide = unsigned __int128;

    static constexpr unsigned time_bits = 24;  // fraction bits of a picosecond

    SourceFrames frames_;
    RandomStream gaps_;
    Time         first_;
    Wide         mean_;         // of the gaps; below 2^78, and 2^46 at most multiplies it
    Wide         elapsed_ = 0;  // from the first frame to the next one
};

}  // namespace overrun
