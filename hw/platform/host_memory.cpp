// SPDX-License-Identifier: Apache-2.0
// Host memory on an anonymous mapping: zero pages until touched.
// Never hands out a page twice.
#include "hw/platform/host_memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>

#include "hw/base/input_error.hpp"

namespace overrun {

HostMemory::HostMemory(std::uint64_t octets, std::uint64_t base)
    : base_{base}, size_{(octets + page_octets - 1) / page_octets * page_octets}, granted_(size_ / page_octets)
{
    void* mapping = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) throw InputError(fmt::format("host memory: this system does not give {} octets", size_));
    data_ = static_cast<std::byte*>(mapping);
}

HostMemory::~HostMemory()
{
    munmap(data_, size_);
}

DmaBuffer HostMemory::allocate(std::uint64_t octets)
{
    const std::uint64_t whole = (octets + page_octets - 1) / page_octets * page_octets;
    if (whole > size_ - used_)
        throw InputError(fmt::format("host memory: {} octets wanted, {} of {} left", octets, size_ - used_, size_));
    const DmaBuffer buffer{base_ + used_, octets};
    used_ += whole;
    mark(buffer, true);
    return buffer;
}

void HostMemory::revoke(const DmaBuffer& buffer) noexcept
{
    mark(buffer, false);
}

void HostMemory::mark(const DmaBuffer& buffer, bool grant) noexcept
{
    if (buffer.octets == 0) return;
    const std::uint64_t first = (buffer.address - base_) / page_octets;
    const std::uint64_t last  = (buffer.address - base_ + buffer.octets - 1) / page_octets;
    std::fill(granted_.begin() + static_cast<std::ptrdiff_t>(first),
              granted_.begin() + static_cast<std::ptrdiff_t>(last) + 1, std::uint8_t{grant});

    std::uint64_t page = used_ / page_octets;
    while (page > 0 && granted_[page - 1] != 0) --page;
    newest_ = {base_ + page * page_octets, used_ - page * page_octets};
}

bool HostMemory::granted_by_page(std::uint64_t address, std::uint64_t length) const noexcept
{
    const std::uint64_t first = address - base_;
    const std::uint64_t last  = first + length - 1;
    if (last < first || last >= size_) return false;
    const std::uint64_t end = last / page_octets;
    for (std::uint64_t page = first / page_octets; granted_[page] != 0; ++page)
        if (page == end) return true;
    return false;
}

bool HostMemory::refuse(DmaOperation operation, std::uint64_t address, std::uint64_t length) noexcept
{
    ++refused_count_;
    if (!first_refused_) first_refused_ = RefusedAccess{operation, address, length};
    return false;
}

}  // namespace overrun
