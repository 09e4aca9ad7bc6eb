// SPDX-License-Identifier: Apache-2.0
// All statistics of both sides since they were last read, and what the frames found in the ring say of them.
// A difference is forgiven only when the frames explain it to the unit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "testbench/differential/forgiveness.hpp"

namespace overrun::differential {

/// What was delivered and dropped since the counters were last read.
class FrameTally {
public:
    /// @param stored octets in memory, without FCS
    /// @param header the frame's first six octets
    void delivered(std::uint32_t stored, std::span<const std::byte> header, bool stripped, bool by_hash, bool oversize);

    std::uint64_t                frames             = 0;
    std::uint64_t                oversize           = 0;  ///< stored because of SBP
    std::uint64_t                oversize_octets    = 0;
    std::uint64_t                oversize_broadcast = 0;
    std::uint64_t                oversize_multicast = 0;
    std::uint64_t                oversize_dropped   = 0;  ///< put on the wire with SBP = 0
    std::uint64_t                hashed             = 0;
    std::uint64_t                stripped           = 0;  ///< none of them oversize
    std::array<std::uint64_t, 6> buckets_with_fcs{};  ///< PRC64 to PRC1522 by length on the wire, none of them oversize
    std::array<std::uint64_t, 6> buckets_stored{};    ///< by length in memory
    bool                         starved = false;     ///< frames have waited for descriptors
};

/// The offsets to read, in the order in which the values are to be given.
[[nodiscard]] const std::vector<std::uint32_t>& counter_offsets();

/// @throws Difference naming the counter and both values
void compare_counters(std::span<const std::uint32_t> ours, std::span<const std::uint32_t> theirs,
                      const FrameTally& tally, Forgiveness& forgiveness);

}  // namespace overrun::differential
