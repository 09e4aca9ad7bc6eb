// SPDX-License-Identifier: Apache-2.0
// The frames that were received, from the end of each on the wire until its last descriptor is visible to the host.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hw/base/ring_queue.hpp"
#include "hw/base/time.hpp"
#include "hw/ethernet/frame.hpp"

namespace overrun {

/// A complete frame on its way to host memory.
struct StoredFrame {
    Frame         frame;
    Time          visible   = 0;      ///< when the FIFO's output can show it
    std::uint32_t octets    = 0;      ///< as received, cut to what the device keeps, FCS included
    std::uint32_t charged   = 0;      ///< FIFO octets
    std::uint32_t status    = 0;      ///< of its last descriptor, extended format: PIF, and errors with RCTL.SBP
    bool          control   = false;  ///< a MAC control frame that RCTL.PMCF lets through
    bool          faulted   = false;  ///< host memory refused a part of it
    bool          discarded = false;  ///< a reset hit it; only what was posted before still arrives
};

/// In the order of their ends: first those that have left the FIFO, then those that wait in it.
class RxFrames {
public:
    /// A new last frame, holding what its place held before, to be filled in whole.
    [[nodiscard]] StoredFrame& append() { return frames_.append(); }

    // Frames in the FIFO.

    /// A frame waits for the DMA.
    [[nodiscard]] bool has_head() const noexcept { return frames_.end() != head_; }
    /// The first that waits. Precondition: has_head().
    [[nodiscard]] StoredFrame&       head() noexcept { return frames_.numbered(head_); }
    [[nodiscard]] const StoredFrame& head() const noexcept { return frames_.numbered(head_); }
    /// The last one received. Precondition: size() > 0.
    [[nodiscard]] const StoredFrame& newest() const noexcept { return frames_.back(); }
    [[nodiscard]] std::size_t        waiting() const noexcept { return frames_.end() - head_; }
    /// The head has left the FIFO.
    void leave_fifo() noexcept { ++head_; }

    // Frames are kept beyond that, until their octets are in host memory.

    /// The number of head(). A frame keeps its number until it is retired.
    [[nodiscard]] std::size_t  head_number() const noexcept { return head_; }
    [[nodiscard]] StoredFrame& numbered(std::size_t number) noexcept { return frames_.numbered(number); }
    /// The oldest of all. Precondition: size() > 0.
    [[nodiscard]] StoredFrame& oldest() noexcept { return frames_.front(); }
    /// The oldest one's last descriptor is visible to the host.
    void retire_oldest() noexcept { frames_.pop(); }
    /// Frames that have left the FIFO.
    [[nodiscard]] std::size_t in_dma() const noexcept { return head_ - frames_.first(); }

    /// All of them, from the oldest on.
    [[nodiscard]] std::size_t        size() const noexcept { return frames_.size(); }
    [[nodiscard]] StoredFrame&       operator[](std::size_t i) noexcept { return frames_[i]; }
    [[nodiscard]] const StoredFrame& operator[](std::size_t i) const noexcept { return frames_[i]; }

    /// Drops all but the `kept` oldest, which count as having left the FIFO.
    void drop_newer(std::size_t kept) noexcept
    {
        while (frames_.size() > kept) frames_.pop_back();
        head_ = frames_.end();
    }

private:
    RingQueue<StoredFrame> frames_;
    std::size_t            head_ = 0;  // number of the first that waits
};

}  // namespace overrun
