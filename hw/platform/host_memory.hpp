// SPDX-License-Identifier: Apache-2.0
// Modelled host memory: an arena behind an IOMMU that admits DMA only to granted windows.
// Never lets an access outside a window through: it is refused, counted and the first one is named.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "hw/engine/dma_port.hpp"

namespace overrun {

inline constexpr std::uint32_t page_octets = 4096;

/// A piece of host memory that a driver may hand to a device.
struct DmaBuffer {
    std::uint64_t address = 0;  ///< as the device sees it
    std::uint64_t octets  = 0;
};

struct RefusedAccess {
    DmaOperation  operation;
    std::uint64_t address;
    std::uint64_t length;
};

class HostMemory {
public:
    /// Above 4 GiB, so that the upper halves of addresses are exercised.
    static constexpr std::uint64_t default_base = 0x1'0000'0000;

    /// @param octets size, rounded up to whole pages. The octets are zero at first; untouched pages cost nothing.
    explicit HostMemory(std::uint64_t octets, std::uint64_t base = default_base);
    ~HostMemory();
    HostMemory(const HostMemory&)            = delete;
    HostMemory& operator=(const HostMemory&) = delete;

    [[nodiscard]] std::uint64_t base() const noexcept { return base_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// Takes whole pages from the arena and grants them to DMA.
    /// @throws InputError when the arena is full
    [[nodiscard]] DmaBuffer allocate(std::uint64_t octets);

    /// Withdraws the grant; the octets stay readable for the host. Arena space is not reused.
    void revoke(const DmaBuffer& buffer) noexcept;

    /// Whether every page of the range is granted. `length` >= 1.
    [[nodiscard]] bool granted(std::uint64_t address, std::uint64_t length) const noexcept
    {
        // Most accesses lie in the pages granted last, which a driver that gives nothing back has in one piece.
        if (length <= newest_.octets && address - newest_.address <= newest_.octets - length) return true;
        return granted_by_page(address, length);
    }

    /// The host's own view of a range. Precondition: inside the arena.
    [[nodiscard]] std::byte* at(std::uint64_t address) noexcept { return data_ + (address - base_); }
    [[nodiscard]] bool       contains(std::uint64_t address, std::uint64_t length) const noexcept
    {
        return address >= base_ && address - base_ <= size_ && length <= size_ - (address - base_);
    }

    /// DMA with the window check; false and counted when refused.
    [[nodiscard]] bool dma_write(std::uint64_t address, std::span<const std::byte> octets) noexcept
    {
        if (!granted(address, octets.size())) return refuse(DmaOperation::write, address, octets.size());
        ++dma_count_;
        std::memcpy(at(address), octets.data(), octets.size());
        return true;
    }
    [[nodiscard]] bool dma_read(std::uint64_t address, std::span<std::byte> octets) noexcept
    {
        if (!granted(address, octets.size())) return refuse(DmaOperation::read, address, octets.size());
        ++dma_count_;
        std::memcpy(octets.data(), at(address), octets.size());
        return true;
    }

    [[nodiscard]] std::uint64_t                refused_count() const noexcept { return refused_count_; }
    [[nodiscard]] std::optional<RefusedAccess> first_refused() const noexcept { return first_refused_; }
    /// DMA accesses let through so far; a test of bring-down compares two readings.
    [[nodiscard]] std::uint64_t dma_count() const noexcept { return dma_count_; }

private:
    [[nodiscard, gnu::noinline]] bool granted_by_page(std::uint64_t address, std::uint64_t length) const noexcept;
    void                              mark(const DmaBuffer& buffer, bool grant) noexcept;
    [[gnu::noinline]] bool refuse(DmaOperation operation, std::uint64_t address, std::uint64_t length) noexcept;

    std::uint64_t                base_;
    std::uint64_t                size_;
    std::uint64_t                used_ = 0;
    std::byte*                   data_;
    std::vector<std::uint8_t>    granted_;  // 1 for each page that DMA may reach
    DmaBuffer                    newest_;   // the granted pages up to the last one taken from the arena
    std::uint64_t                dma_count_     = 0;
    std::uint64_t                refused_count_ = 0;
    std::optional<RefusedAccess> first_refused_;
};

}  // namespace overrun
