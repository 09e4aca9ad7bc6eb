// SPDX-License-Identifier: Apache-2.0
// Cost model of a PCIe link: pure arithmetic on when each direction is free.
// Never moves an octet and never knows SystemC: the same object serves every mode.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "hw/engine/dma_port.hpp"
#include "hw/platform/platform_profile.hpp"

namespace overrun {

class PcieLink {
public:
    explicit PcieLink(const PcieProfile& profile);

    /// Books a DMA access of the device. Issue times do not fall.
    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length, Time t)
    {
        return operation == DmaOperation::write ? write(address, length, t) : read(address, length, t);
    }

    /// When an interrupt message sent at `t` reaches the CPU: never before the writes posted ahead of it are visible.
    [[nodiscard]] Time interrupt_arrival(Time t) const noexcept;

    /// When a completion that leaves the device at `t` reaches the CPU: it never passes the device's posted writes.
    [[nodiscard]] Time mmio_completion_arrival(Time t) const noexcept;

    [[nodiscard]] Time mmio_write_arrival(Time t) const noexcept { return t + profile_.mmio_write; }
    /// A read takes at least as long as a write, for it never passes one that was posted before it (PCIe 2.4.1).
    [[nodiscard]] Time mmio_read_arrival(Time t) const noexcept
    {
        return t + std::max(profile_.mmio_read_request, profile_.mmio_write);
    }

    [[nodiscard]] const PcieProfile& profile() const noexcept { return profile_; }

private:
    static constexpr std::uint32_t boundary = 4096;  // that no TLP crosses (PCIe 2.2.7)
    static constexpr unsigned scale_bits    = 20;  // so that a time is a product and a shift, not a division per access
    static constexpr std::int64_t scale     = 1 << scale_bits;

    [[nodiscard]] Time on_link(std::int64_t octets) const noexcept
    {
        return (octets * octet_scaled_ + scale - 1) >> scale_bits;
    }
    [[nodiscard]] DmaTimes write(std::uint64_t address, std::uint32_t length, Time t) noexcept
    {
        std::int64_t octets = std::int64_t{length} + profile_.write_overhead;
        if (length > profile_.max_payload || address % boundary + length > boundary)
            octets = octets_of_write(address, length);
        upstream_free_ = std::max(t, upstream_free_) + on_link(octets);
        last_visible_  = std::max(last_visible_, upstream_free_ + profile_.write_latency);
        return {upstream_free_, last_visible_};
    }
    /// With the overhead of every TLP it takes.
    [[nodiscard, gnu::noinline]] std::int64_t octets_of_write(std::uint64_t address,
                                                              std::uint32_t length) const noexcept;
    [[nodiscard, gnu::noinline]] DmaTimes     read(std::uint64_t address, std::uint32_t length, Time t);
    /// Octets up to the next boundary that a TLP may not cross.
    [[nodiscard]] static std::uint32_t piece(std::uint64_t address, std::uint32_t left, std::uint32_t limit) noexcept;

    PcieProfile       profile_;
    std::int64_t      octet_scaled_    = 0;  // duration of an octet in 2^-20 ps, rounded up
    Time              upstream_free_   = 0;  // device to host: writes and read requests
    Time              downstream_free_ = 0;  // host to device: completions
    Time              last_visible_    = 0;  // when the last posted write is visible
    std::vector<Time> outstanding_;          // ring of completion times of reads under way
    std::size_t       oldest_ = 0;
};

}  // namespace overrun
