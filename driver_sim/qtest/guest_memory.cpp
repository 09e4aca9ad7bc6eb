// SPDX-License-Identifier: Apache-2.0
// Mapping and handing out of guest pages.
#include "driver_sim/qtest/guest_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/falloc.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "driver_sim/qtest/qemu_error.hpp"

namespace overrun::qtest {

GuestMemory::GuestMemory() : file_{"overrun-guest-memory", 2 * half_octets}
{
    void* mapped = ::mmap(nullptr, half_octets, PROT_READ | PROT_WRITE, MAP_SHARED, file_.descriptor(), half_octets);
    if (mapped == MAP_FAILED) throw QemuError(fmt::format("cannot map guest memory: {}", std::strerror(errno)));
    data_ = static_cast<std::byte*>(mapped);
}

GuestMemory::~GuestMemory()
{
    ::munmap(data_, half_octets);
}

DmaBuffer GuestMemory::allocate(std::uint64_t octets)
{
    const std::uint64_t size = (octets + page_octets - 1) / page_octets * page_octets;
    if (size > half_octets - used_)
        throw QemuError(fmt::format("guest memory: {} octets asked for, {} left", octets, half_octets - used_));
    const DmaBuffer buffer{base + used_, size};
    used_ += size;
    return buffer;
}

void GuestMemory::clear()
{
    constexpr int keep_size = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    if (used_ != 0 && ::fallocate(file_.descriptor(), keep_size, half_octets, static_cast<off_t>(used_)) != 0)
        std::memset(data_, 0, used_);
    used_ = 0;
}

}  // namespace overrun::qtest
