// SPDX-License-Identifier: Apache-2.0
// Which destination address is the most frequent one, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/mac_address.hpp"

namespace overrun {

/// Counts frames by unicast destination, in bounded memory.
///
/// Of more than `most` different addresses the rare ones are forgotten: when there is no room for another, the median
/// of the weights is taken from all, and an address with none left is dropped (J. Misra and D. Gries, "Finding repeated
/// elements", 1982, with the median in place of 1). At least half of the weights lose that much, so missing() is at
/// most 2 / most of the frames; and an address with more than missing() frames is always kept.
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

}  // namespace overrun
