// SPDX-License-Identifier: Apache-2.0
// A first pass over a scenario's captures: finds every error in them, and the address that `--mac auto` gives the NIC.
// Never reads a capture in another way than the replay itself: it drains the same ReplaySource.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "hw/frame.hpp"
#include "hw/mac_address.hpp"
#include "testbench/replay_source.hpp"
#include "testbench/scenario.hpp"

namespace overrun {

/// Counts frames by unicast destination. Needs some 50 octets of memory for each different one.
class DestinationCount {
public:
    struct Entry {
        MacAddress    address;
        std::uint64_t frames = 0;
    };

    /// The destination as it is on the wire: octets that were not captured, and padding, are zero. Group addresses do
    /// not count, nor do frames whose body ends inside the destination.
    void count(const Frame& frame);

    /// The most frequent one, of several the first seen; no frames when there was none.
    [[nodiscard]] Entry most_frequent() const noexcept;

private:
    std::unordered_map<std::uint64_t, std::size_t> index_;    // by MacAddress::value()
    std::vector<Entry>                             entries_;  // in order of appearance
    std::uint64_t                                  last_value_ = ~std::uint64_t{0};
    std::size_t                                    last_index_ = 0;
};

/// What the captures hold when they are played as the scenario says.
struct CaptureSummary {
    ReplayCounts  counts;
    std::uint64_t octets = 0;  ///< on the wire, destination address to FCS

    /// The most frequent unicast destination among the frames played; of several the first seen. It may be
    /// 00:00:00:00:00:00. Without any it is default_station_address, and station_frames is 0.
    MacAddress    station        = default_station_address;
    std::uint64_t station_frames = 0;  ///< frames to it
};

/// Plays all captures of `traffic` (its other sources are passed over) without a NIC, one source after the other.
/// Throws every InputError that a replay of them would throw.
[[nodiscard]] CaptureSummary scan_captures(std::span<const TrafficSpec> traffic);

}  // namespace overrun
