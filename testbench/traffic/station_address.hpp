// SPDX-License-Identifier: Apache-2.0
// A first pass over a scenario's captures: finds every error in them, and the address that `--mac auto` gives the NIC.
// It reads a capture through the same ReplaySource as the replay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/mac_address.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/replay_source.hpp"

namespace overrun {

/// Counts frames by unicast destination, in bounded memory.
///
/// Of more than `most` different addresses the rare ones are forgotten: when there is no room for another, the median
/// of the weights is taken from all, and who has none left goes (J. Misra and D. Gries, "Finding repeated elements",
/// 1982, with the median in place of 1). At least half of the weights lose that much, so missing() is at most 2 / most
/// of the frames; and an address with more than missing() frames is always kept.
class DestinationCount {
public:
    struct Entry {
        MacAddress    address;
        std::uint64_t frames = 0;  ///< those since it was kept: at most missing() fewer than there were
    };

    /// Some ten MiB. A capture of a station that floods its network with addresses has millions.
    static constexpr std::size_t most_kept = std::size_t{1} << 17U;

    explicit DestinationCount(std::size_t most = most_kept) : most_{most} {}

    /// The destination as it is on the wire: octets that were not captured, and padding, are zero. Group addresses do
    /// not count, nor do frames whose body ends inside the destination.
    void count(const Frame& frame);

    /// The most frequent one, of several the first seen; no frames when there was none.
    [[nodiscard]] Entry most_frequent() const noexcept;

    /// At most so many frames of one address were not counted; 0 when every count is exact.
    [[nodiscard]] std::uint64_t missing() const noexcept { return missing_; }

    /// Addresses kept now.
    [[nodiscard]] std::size_t kept() const noexcept { return entries_.size(); }

private:
    struct Kept {
        Entry         entry;
        std::uint64_t weight = 0;  // its frames less what was taken from all
    };

    void forget_rare_ones();

    std::size_t                                    most_;
    std::uint64_t                                  missing_ = 0;
    std::unordered_map<std::uint64_t, std::size_t> index_;    // by MacAddress::value()
    std::vector<Kept>                              entries_;  // in order of appearance
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
    std::uint64_t station_frames = 0;     ///< frames to it
    bool          exact          = true;  ///< false: there were too many addresses to count, see DestinationCount
};

/// Plays all captures of `traffic` (its other sources are passed over) without a NIC, one source after the other.
/// Throws every InputError that a replay of them would throw, and Interrupted when told to stop.
[[nodiscard]] CaptureSummary scan_captures(std::span<const TrafficSpec> traffic, StopFlag stop = nullptr);

}  // namespace overrun
