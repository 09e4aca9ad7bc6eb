// SPDX-License-Identifier: Apache-2.0
// The part of a guest's memory that a driver uses: above 4 GiB for the device, ordinary memory for us.
// Both sides map the same pages.
#pragma once

#include <cstddef>
#include <cstdint>

#include "driver_sim/qtest/memory_file.hpp"
#include "hw/platform/host_memory.hpp"

namespace overrun::qtest {

class GuestMemory {
public:
    /// Half of the guest's memory lies below 4 GiB, where nothing uses it; QEMU wants no less there.
    static constexpr std::uint64_t half_octets = std::uint64_t{64} << 20U;
    static constexpr std::uint64_t base        = HostMemory::default_base;

    GuestMemory();
    ~GuestMemory();
    GuestMemory(const GuestMemory&)            = delete;
    GuestMemory& operator=(const GuestMemory&) = delete;

    [[nodiscard]] const MemoryFile& file() const noexcept { return file_; }

    /// Whole pages, zero.
    /// @throws QemuError when there are no more
    [[nodiscard]] DmaBuffer allocate(std::uint64_t octets);
    /// All pages are free and zero again.
    void clear();

    /// Precondition: base <= address < base + half_octets
    [[nodiscard]] std::byte* at(std::uint64_t address) noexcept { return data_ + (address - base); }

private:
    MemoryFile    file_;
    std::byte*    data_;
    std::uint64_t used_ = 0;
};

}  // namespace overrun::qtest
