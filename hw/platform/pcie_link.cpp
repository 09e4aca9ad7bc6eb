// SPDX-License-Identifier: Apache-2.0
// A link as two pipes with TLP overheads, cut at MPS, MRRS and 4 KiB.
// Never lets a posted write, an interrupt message or a completion pass an earlier posted write (PCIe 2.4.1).
#include "hw/platform/pcie_link.hpp"

#include <algorithm>

#include "hw/base/ring_distance.hpp"

namespace overrun {

PcieLink::PcieLink(const PcieProfile& profile) : profile_{profile}, outstanding_(profile.reads_in_flight, 0)
{
    if (profile.bits_per_second > 0)
        octet_scaled_ = round_up(8 * second * scale, profile.bits_per_second) / profile.bits_per_second;
}

std::uint32_t PcieLink::piece(std::uint64_t address, std::uint32_t left, std::uint32_t limit) noexcept
{
    const auto to_boundary = static_cast<std::uint32_t>(boundary - address % boundary);
    return std::min({left, limit, to_boundary});
}

std::int64_t PcieLink::octets_of_write(std::uint64_t address, std::uint32_t length) const noexcept
{
    std::int64_t octets = length;
    while (length > 0) {
        const std::uint32_t n = piece(address, length, profile_.max_payload);
        octets += profile_.write_overhead;
        address += n;
        length -= n;
    }
    return octets;
}

DmaTimes PcieLink::read(std::uint64_t address, std::uint32_t length, Time t)
{
    DmaTimes times{t, t};
    for (std::uint32_t left = length; left > 0;) {
        const std::uint32_t n    = piece(address, left, profile_.max_read_request);
        Time&               slot = outstanding_[oldest_];
        oldest_                  = ring_next(oldest_, outstanding_.size());

        upstream_free_ = std::max({t, upstream_free_, slot}) + on_link(profile_.read_overhead);

        // Completions are cut at MPS from the request's own address on.
        std::int64_t octets = std::int64_t{n} + profile_.completion_overhead;
        for (std::uint32_t sent = profile_.max_payload; sent < n; sent += profile_.max_payload)
            octets += profile_.completion_overhead;
        const Time ready = upstream_free_ + profile_.read_latency + profile_.read_per_octet * n;
        downstream_free_ = std::max(ready, downstream_free_ + on_link(octets));
        slot             = downstream_free_;

        times.accepted  = upstream_free_;
        times.completed = std::max(times.completed, slot);
        address += n;
        left -= n;
    }
    return times;
}

Time PcieLink::interrupt_arrival(Time t) const noexcept
{
    return std::max(t + profile_.interrupt, last_visible_);
}

Time PcieLink::mmio_completion_arrival(Time t) const noexcept
{
    return std::max(t + profile_.mmio_read_completion, last_visible_);
}

}  // namespace overrun
