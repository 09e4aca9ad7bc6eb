// SPDX-License-Identifier: Apache-2.0
// The receive FIFO as contract D7 and the design's receive path say it, beat by beat, with every edge written out.
// Times and edges are computed here from bits per second.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "hw/base/time.hpp"

namespace overrun::laws {

struct FifoShape {
    std::uint32_t capacity = 0;
    std::uint32_t overhead = 16;
    std::uint32_t line     = 8;
    std::int64_t  rate     = 1'000'000'000;  ///< bits per second
    Time          period   = 8'000;
};

/// What the FIFO does with one frame.
struct FifoOutcome {
    std::optional<Time> refused;   ///< on which edge
    Time                end  = 0;  ///< the edge of the last beat
    std::uint32_t       used = 0;  ///< by complete frames, after the end
    std::uint32_t       peak = 0;  ///< since the beginning
};

class FifoReference {
public:
    explicit FifoReference(const FifoShape& shape) : shape_{shape} {}

    /// The space of the oldest frame still stored is free on edge `t`. Calls come in order of time, and before the
    /// first frame that ends later.
    void release_at(Time t) { releases_.push_back(t); }

    /// A frame of `octets` whose first preamble octet starts at `start`; frames come in order.
    /// @param keep it stays when it has room; otherwise it is rewound at its end
    /// @param charged false: it is not received at all
    [[nodiscard]] FifoOutcome frame(Time start, std::uint32_t octets, bool keep, bool charged = true)
    {
        constexpr std::uint32_t preamble = 8, beat = 8;
        FifoOutcome             outcome;
        std::uint32_t           arriving = 0;
        const auto              charge   = [&](std::uint32_t up_to_octet, std::uint32_t amount) {
            const Time t = edge(start, preamble + up_to_octet);
            release(t);  // on one edge: release first, then charge
            if (outcome.refused || !charged) return;
            if (used_ + arriving + amount > shape_.capacity) {
                outcome.refused = t;
                arriving        = 0;
            } else {
                arriving += amount;
                peak_ = std::max(peak_, used_ + arriving);
            }
        };
        charge(1, shape_.overhead);
        for (std::uint32_t octet = beat; octet < octets + beat; octet += beat)
            charge(std::min(octet, octets), shape_.line);
        outcome.end = edge(start, preamble + octets);
        if (keep && charged && !outcome.refused) {
            stored_.push_back(arriving);
            used_ += arriving;
        }
        outcome.used = used_;
        outcome.peak = peak_;
        return outcome;
    }

private:
    [[nodiscard]] Time edge(Time start, std::int64_t octets) const
    {
        const Time t = start + (octets * 8 * second + shape_.rate - 1) / shape_.rate;
        return (t + shape_.period - 1) / shape_.period * shape_.period;
    }

    void release(Time t)
    {
        for (; !releases_.empty() && releases_.front() <= t; releases_.pop_front()) {
            used_ -= stored_.front();
            stored_.pop_front();
        }
    }

    FifoShape                 shape_;
    std::uint32_t             used_ = 0;
    std::uint32_t             peak_ = 0;
    std::deque<std::uint32_t> stored_;
    std::deque<Time>          releases_;
};

}  // namespace overrun::laws
