// SPDX-License-Identifier: Apache-2.0
// The receive ring as the device sees it, and the descriptors fetched ahead of use (contract D10).
// Contract: nothing is fetched at or beyond the tail, and one read does not cross the end of the ring.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "hw/base/ring_distance.hpp"
#include "hw/base/ring_queue.hpp"
#include "hw/base/time.hpp"
#include "hw/engine/descriptors.hpp"
#include "hw/engine/dma_port.hpp"

namespace overrun {

class DescriptorCache {
public:
    static constexpr std::uint32_t largest = 256;  ///< descriptors the model can be told to cache

    struct Limits {
        std::uint32_t descriptors;  ///< held and in flight together
        std::uint32_t reads_in_flight;
    };

    /// One read of consecutive descriptors.
    struct Read {
        Time          completes;  ///< on a core clock edge
        std::uint32_t first;      ///< ring index
        std::uint32_t count;
    };

    explicit DescriptorCache(Limits limits) : limits_{limits} {}

    /// Drops all fetched descriptors and begins at `head`: after a reset, or a write to the ring registers.
    void set_ring(std::uint64_t base, std::uint32_t size, std::uint32_t head, std::uint32_t tail) noexcept
    {
        base_       = base;
        size_       = size;
        next_       = head;
        held_       = 0;
        in_flight_  = 0;
        wanted_     = 0;
        halted_     = false;
        completion_ = never;
        reads_.clear();
        set_tail(tail);
    }
    void set_tail(std::uint32_t tail) noexcept
    {
        tail_      = tail;
        available_ = 0;
        if (ring_valid() && !halted_) available_ = ring_distance(next_, tail_, size_);
        update_demand();
    }
    void set_thresholds(std::uint32_t prefetch, std::uint32_t host) noexcept
    {
        prefetch_ = prefetch;
        host_     = host;
        update_demand();
    }

    /// Whether descriptors are to be fetched at all.
    void set_enabled(bool enabled) noexcept
    {
        enabled_ = enabled;
        update_demand();
    }

    [[nodiscard]] std::uint32_t ring_size() const noexcept { return size_; }
    /// Whether head and tail lie in the ring; otherwise it counts as empty.
    [[nodiscard]] bool ring_valid() const noexcept { return next_ < size_ && tail_ < size_; }

    /// Descriptors that the driver gave and that no read has asked for yet.
    [[nodiscard]] std::uint32_t available() const noexcept { return available_; }
    [[nodiscard]] std::uint32_t held() const noexcept { return held_; }
    [[nodiscard]] std::uint32_t in_flight() const noexcept { return in_flight_; }
    /// No descriptor anywhere: the condition that RNBC counts (D8).
    [[nodiscard]] bool ring_empty() const noexcept { return held_ + in_flight_ + available() == 0; }

    /// Whether a read may be issued now: a fetch is under way or one may begin.
    [[nodiscard]] bool wants_read() const noexcept { return wants_read_; }

    /// The next read: up to the next 64-octet boundary and the end of the ring. Precondition: wants_read().
    [[nodiscard]] Read next_read() const noexcept
    {
        constexpr std::uint64_t line = 64;
        const auto to_line = static_cast<std::uint32_t>((line - address(next_) % line) / rx_descriptor_octets);
        return {0, next_, std::min({fetch_left(), to_line, size_ - next_})};
    }

    void issued(const Read& read)
    {
        wanted_ = fetch_left() - read.count;
        if (reads_.empty()) completion_ = read.completes;
        reads_.push(read);
        in_flight_ += read.count;
        available_ -= read.count;
        next_ = ring_next(next_, size_, read.count);
        update_demand();
    }

    /// When the oldest read completes; `never` when none is under way.
    [[nodiscard]] Time        completion() const noexcept { return completion_; }
    [[nodiscard]] const Read& oldest_read() const noexcept { return reads_.front(); }

    /// Reads whose completion time is not known yet (`time_unknown`).
    [[nodiscard]] std::uint32_t reads_of_unknown_time() const noexcept
    {
        std::uint32_t count = 0;
        for (std::size_t i = 0; i < reads_.size(); ++i) count += reads_[i].completes >= time_unknown ? 1 : 0;
        return count;
    }
    /// The oldest of them completes at `t` or with the read before it. Precondition: there is one.
    void completed_at(Time t) noexcept
    {
        const std::size_t i = reads_.size() - reads_of_unknown_time();
        reads_[i].completes = i == 0 ? t : std::max(t, reads_[i - 1].completes);
        completion_         = reads_.front().completes;
    }

    /// The oldest read has brought `descriptors`.
    void complete(const std::array<RxDescriptorRead, 4>& descriptors, Time t) noexcept
    {
        const Read read = reads_.front();
        pop_read();
        if (held_ == 0) {
            held_since_ = t;
            first_      = read.first;
        }
        for (std::uint32_t i = 0; i < read.count; ++i) buffers_[(read_ + held_ + i) % largest] = descriptors[i].buffer;
        held_ += read.count;
        update_demand();
    }

    /// Host memory refused the oldest read: the queue stops until the ring is set up again.
    void fault() noexcept
    {
        pop_read();
        wanted_    = 0;
        available_ = 0;
        halted_    = true;
        update_demand();
    }

    struct Descriptor {
        std::uint32_t index;
        std::uint64_t address;
        std::uint64_t buffer;
    };

    /// Uses the oldest held descriptor. Precondition: held() > 0.
    [[nodiscard]] Descriptor take() noexcept
    {
        const Descriptor descriptor{first_, address(first_), oldest_buffer()};
        first_ = ring_next(first_, size_);
        read_  = (read_ + 1) % largest;
        --held_;
        if (held_ < recheck_below_) update_demand();
        return descriptor;
    }
    /// Precondition: held() > 0.
    [[nodiscard]] std::uint64_t oldest_buffer() const noexcept { return buffers_[read_]; }
    [[nodiscard]] Time          held_since() const noexcept { return held_since_; }

    [[nodiscard]] std::uint64_t address(std::uint32_t index) const noexcept
    {
        return base_ + std::uint64_t{index} * rx_descriptor_octets;
    }

private:
    /// Descriptors still to be asked for by the fetch under way, or by the one that may begin now.
    /// A fetch, once begun, takes what fitted of what was available then.
    [[nodiscard]] std::uint32_t fetch_left() const noexcept
    {
        if (wanted_ != 0) return std::min(wanted_, available_);  // the driver may have taken the tail back
        const std::uint32_t ahead = held_ + in_flight_;
        if (ahead >= limits_.descriptors) return 0;
        if (ahead != 0 && (ahead >= prefetch_ || available_ < host_)) return 0;
        return std::min(available_, limits_.descriptors - ahead);
    }

    /// Called after each change: wants_read() is asked far more often than its answer changes.
    void update_demand() noexcept
    {
        wants_read_ = enabled_ && available_ != 0 && reads_.size() < limits_.reads_in_flight && fetch_left() != 0;
        // Taking descriptors changes the answer only below the prefetch threshold, or when none is left.
        recheck_below_ = wants_read_ ? 0 : std::max(1U, prefetch_ > in_flight_ ? prefetch_ - in_flight_ : 0);
    }

    void pop_read() noexcept
    {
        in_flight_ -= reads_.front().count;
        reads_.pop();
        completion_ = reads_.empty() ? never : reads_.front().completes;
    }

    Limits                             limits_;
    std::uint64_t                      base_          = 0;
    std::uint32_t                      size_          = 0;  // descriptors; 0: no ring
    std::uint32_t                      next_          = 0;  // the next to be fetched
    std::uint32_t                      tail_          = 0;
    std::uint32_t                      available_     = 0;      // given by the driver, not yet asked for
    Time                               completion_    = never;  // of the oldest read
    std::uint32_t                      first_         = 0;      // ring index of the oldest held
    std::uint32_t                      held_          = 0;
    std::uint32_t                      in_flight_     = 0;  // descriptors in reads under way
    std::uint32_t                      wanted_        = 0;  // rest of a fetch that has begun
    std::uint32_t                      prefetch_      = 0;  // RXDCTL.PTHRESH
    std::uint32_t                      host_          = 0;  // RXDCTL.HTHRESH
    std::uint32_t                      read_          = 0;  // where the oldest held one's buffer stands
    Time                               held_since_    = 0;
    bool                               halted_        = false;
    bool                               enabled_       = true;
    bool                               wants_read_    = false;
    std::uint32_t                      recheck_below_ = 0;  // held_ below which take() may change it
    RingQueue<Read>                    reads_;
    std::array<std::uint64_t, largest> buffers_{};
};

}  // namespace overrun
