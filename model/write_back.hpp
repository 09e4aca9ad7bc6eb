// SPDX-License-Identifier: Apache-2.0
// Write-back of finished descriptors: which ones wait for others, when they are due, and where they go (contract D12).
#pragma once

#include <cstdint>
#include <utility>

#include "hw/engine/descriptors.hpp"
#include "model/descriptor_cache.hpp"
#include "model/host_writes.hpp"

namespace overrun {

class DescriptorWriteBack {
public:
    /// @param descriptors RXDCTL.WTHRESH
    void set_threshold(std::uint32_t descriptors) noexcept { threshold_ = descriptors; }
    /// So many descriptors wait that they are written back.
    [[nodiscard]] bool reached(std::uint32_t waiting) const noexcept { return waiting >= threshold_; }

    /// The ring registers were written.
    /// @param in_use a payload is on its way to a descriptor of the ring before
    void ring_changed(bool in_use) noexcept { ring_is_new_ = in_use; }

    /// A descriptor is finished.
    /// @param first none waits yet
    /// @param last of its frame
    /// @param causes of its frame if it is the last: SRPD and ACK, due after the write-back
    void finish(const DescriptorCache::Descriptor& descriptor, bool first, bool last, std::uint32_t causes) noexcept
    {
        if (first) address_ = descriptor.address;
        causes_ |= causes;
        unannounced_ = last;
    }

    /// Whether the descriptors that wait may wait for the one after `newest`. The threshold has an effect only while
    /// the delay timer is in use, and a write-back stays in one line of 64 octets and does not cross the ring's end.
    /// @param waiting how many there are, `newest` included
    [[nodiscard]] bool may_wait(const DescriptorCache::Descriptor& newest, std::uint32_t waiting, bool delays,
                                const DescriptorCache& ring) const noexcept
    {
        return delays && !reached(waiting) && causes_ == 0 &&
               (newest.address / rx_descriptor_octets + 1) % HostWrites::most_together != 0 &&
               newest.index + 1 != ring.ring_size() && !ring_is_new_ && !ring.ring_empty();
    }
    /// It was decided for the newest one; those that follow belong to the new ring.
    void decided() noexcept { ring_is_new_ = false; }

    /// They are written back as soon as the write channel is free.
    void               make_due() noexcept { due_ = true; }
    [[nodiscard]] bool due() const noexcept { return due_; }

    /// `together` descriptors are on their way to address().
    void begin(std::uint32_t together) noexcept
    {
        together_ = together;
        due_      = false;
    }
    /// Of the first that waits or is under way.
    [[nodiscard]] std::uint64_t address() const noexcept { return address_; }
    /// Descriptors under way.
    [[nodiscard]] std::uint32_t together() const noexcept { return together_; }

    /// The newest descriptor ends a frame that the interrupt timers do not know of: true once.
    [[nodiscard]] bool take_announcement() noexcept { return std::exchange(unannounced_, false); }
    /// Causes of the frames that are finished.
    [[nodiscard]] std::uint32_t causes() const noexcept { return causes_; }
    [[nodiscard]] std::uint32_t take_causes() noexcept { return std::exchange(causes_, 0); }

    /// A reset: nothing is due any more.
    void reset() noexcept
    {
        due_    = false;
        causes_ = 0;
    }

private:
    std::uint32_t threshold_   = 1;
    std::uint64_t address_     = 0;
    std::uint32_t together_    = 0;
    std::uint32_t causes_      = 0;
    bool          due_         = false;
    bool          ring_is_new_ = false;  // set up while a payload goes to a descriptor of the one before
    bool          unannounced_ = false;
};

}  // namespace overrun
