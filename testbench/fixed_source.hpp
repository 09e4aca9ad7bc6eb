// SPDX-License-Identifier: Apache-2.0
// Frames of one length at a fixed rate, all alike.
// Never allocates after construction: every frame shows the same octets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hw/frame_source.hpp"
#include "hw/wire_rate.hpp"
#include "testbench/scenario.hpp"

namespace overrun {

class FixedSource final : public FrameSource {
public:
    /// @param epoch absolute time of the scenario's time zero
    /// @param station where frames go unless the traffic names a destination
    FixedSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch);

    [[nodiscard]] Offer next() override;
    void                release(FrameId) noexcept override {}

private:
    /// From the first frame to frame `index`; rounded down to a picosecond, without drift.
    [[nodiscard]] Time after(std::uint64_t index) const noexcept;

    std::vector<std::byte> body_;   // without FCS
    Offer                  offer_;  // of every frame, but for its start
    std::uint64_t          count_;
    std::uint64_t          given_ = 0;
    Time                   first_;
    // Frame i starts i * numerator / denominator after the first; 0: as soon as the wire is free.
    std::uint64_t numerator_   = 0;
    std::uint64_t denominator_ = 1;
};

}  // namespace overrun
