// SPDX-License-Identifier: Apache-2.0
// The frames of a made source, one after the other: all of one length, and broken ones where the scenario asks.
// It allocates nothing after construction, and does not decide when a frame starts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hw/engine/frame_source.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/source_errors.hpp"

namespace overrun {

class SourceFrames {
public:
    /// @param station where frames go unless the traffic names a destination
    /// @param seed decides which frames are broken by chance
    /// @param start of every frame, for whoever does not give each its own
    SourceFrames(const TrafficSpec& spec, const MacAddress& station, std::uint64_t seed, Time start = 0);

    /// The next frame; none after the last one. Its octets stay as long as this object.
    [[nodiscard]] Offer next()
    {
        if (given_ == count_) return Offer::none();
        ++given_;
        return errors_.none() ? plain_ : broken(errors_.of(given_));
    }

    [[nodiscard]] std::uint64_t given() const noexcept { return given_; }

private:
    [[nodiscard, gnu::noinline]] Offer broken(const FrameErrors& errors) const;

    std::vector<std::byte> body_;   // without FCS, of the longest frame
    Offer                  plain_;  // of every frame without an error
    // By FrameErrors::Length: length on the wire, and the octets of a frame whose FCS is wrong.
    std::array<std::uint32_t, 3>          lengths_;
    std::array<std::vector<std::byte>, 3> wrong_;
    SourceErrors                          errors_;
    std::uint64_t                         count_;
    std::uint64_t                         given_ = 0;
};

}  // namespace overrun
