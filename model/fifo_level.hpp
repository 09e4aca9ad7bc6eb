// SPDX-License-Identifier: Apache-2.0
// The highest level of the receive FIFO, from the frames charged to it and the releases, merged by their times.
// Contract: the result does not depend on how far the frames are told ahead of the releases.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hw/base/ring_queue.hpp"
#include "hw/base/time.hpp"
#include "model/fifo_charge.hpp"

namespace overrun {

/// Frames are told in the order of their times, and so are releases. Frames may be told any number ahead of releases,
/// but a release is told after every beginning and end of a frame that lies before its edge.
class FifoLevel {
public:
    /// A frame that is charged beat by beat.
    struct Arrival {
        Time          start;   ///< of its preamble
        std::uint32_t octets;  ///< on the wire, as far as they are stored
        std::uint32_t cost;    ///< FIFO octets in all
    };

    explicit FifoLevel(const FifoCharge& charge) : charge_{charge} {}

    /// Empty, without a frame that arrives; the peak starts anew.
    void reset() noexcept
    {
        over_.clear();
        oldest_end_   = never;
        level_        = 0;
        peak_         = 0;
        noted_octets_ = 0;
        stop_arrival();
    }

    /// A frame begins. It replaces one that was begun and is not charged at all.
    void begin(const Arrival& arrival) noexcept { arriving_ = arrival; }
    /// No frame arrives any more. What it was charged is told by charged().
    void stop_arrival() noexcept { arriving_.start = never; }

    /// A frame is over on the edge `end`, where it has been charged `arrival.cost`.
    /// @param stays in the FIFO until it is released; otherwise its space is free after this edge
    void charged(const Arrival& arrival, Time end, bool stays)
    {
        if (oldest_end_ == never) oldest_end_ = end;
        Over& over   = over_.append();
        over.arrival = arrival;
        over.end     = end;
        over.stays   = stays;
    }

    /// `octets` of frames that stayed are free on the edge `t`, before what is charged on this edge.
    void released(Time t, std::uint32_t octets) noexcept
    {
        merge_before(t);
        if (oldest_end_ != never) {
            note(t, over_.front().arrival);
        } else if (arriving_.start != never) {
            note(t, arriving_);
        }
        level_ -= octets;
    }

    /// All releases on edges before `t` have been told: what is kept until then can be forgotten.
    void merge_before(Time t) noexcept
    {
        while (oldest_end_ < t) merge_oldest();
    }

    /// The highest level since reset(), when all releases up to the end of the newest frame have been told.
    [[nodiscard]] std::uint32_t peak() const noexcept
    {
        std::uint32_t level = level_, peak = peak_;
        for (std::size_t i = 0; i < over_.size(); ++i) {
            const Over& over = over_[i];
            peak             = std::max(peak, level + over.arrival.cost);
            if (over.stays) level += over.arrival.cost;
        }
        return peak;
    }

private:
    struct Over {
        Arrival arrival;
        Time    end;
        bool    stays;
    };

    void merge_oldest() noexcept
    {
        const Over&         over = over_.take();
        const std::uint32_t full = level_ + over.arrival.cost;
        peak_                    = std::max(peak_, full);
        if (over.stays) level_ = full;
        oldest_end_ = over_.empty() ? never : over_.front().end;
    }

    /// The level before a release at `t`, with the frame that arrives then.
    void note(Time t, const Arrival& arrival) noexcept
    {
        // A frame of the same length that is no further on has been charged no more.
        const Time age = t - arrival.start;
        if (level_ == noted_level_ && arrival.octets == noted_octets_ && age <= noted_age_) return;
        noted_level_  = level_;
        noted_octets_ = arrival.octets;
        noted_age_    = age;
        peak_         = std::max(peak_, level_ + charge_.before(t, arrival.start, arrival.octets, arrival.cost));
    }

    const FifoCharge& charge_;
    RingQueue<Over>   over_;  // frames that are over, while earlier releases may still be told
    Time              oldest_end_ = never;
    Arrival           arriving_{never, 0, 0};
    std::uint32_t     level_ = 0;  // by frames that stay, those of `over_` left out
    std::uint32_t     peak_  = 0;  // up to the last merged frame or release

    std::uint32_t noted_level_  = 0;  // of the last note()
    std::uint32_t noted_octets_ = 0;
    Time          noted_age_    = 0;
};

}  // namespace overrun
