// SPDX-License-Identifier: Apache-2.0
// A first pass over a scenario's captures: finds every error in them, and the address that `--mac auto` gives the NIC.
#pragma once

#include <cstdint>
#include <span>

#include "hw/ethernet/mac_address.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/replay_source.hpp"

namespace overrun {

/// What the captures hold when they are played as the scenario says.
struct CaptureSummary {
    ReplayCounts  counts;
    std::uint64_t octets = 0;  ///< on the wire, destination address to FCS

    /// The most frequent unicast destination among the frames played; of several the first seen. It may be
    /// 00:00:00:00:00:00. Without any it is default_station_address, and station_frames is 0.
    MacAddress    station        = default_station_address;
    std::uint64_t station_frames = 0;     ///< frames to it
    bool          exact          = true;  ///< false: there were too many addresses to count, see DestinationCount
};

/// Plays all captures of `traffic` (its other sources are passed over) without a NIC, one source after the other.
/// Throws every InputError that a replay of them would throw, and Interrupted when told to stop.
[[nodiscard]] CaptureSummary scan_captures(std::span<const TrafficSpec> traffic, StopFlag stop = nullptr);

}  // namespace overrun
