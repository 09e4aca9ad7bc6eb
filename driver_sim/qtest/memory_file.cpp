// SPDX-License-Identifier: Apache-2.0
// memfd_create and what goes with it.
#include "driver_sim/qtest/memory_file.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "driver_sim/qtest/qemu_error.hpp"

namespace overrun::qtest {

MemoryFile::MemoryFile(const char* name, std::uint64_t octets) : descriptor_{::memfd_create(name, MFD_CLOEXEC)}
{
    if (descriptor_ >= 0 && ::ftruncate(descriptor_, static_cast<off_t>(octets)) == 0) return;
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw QemuError(fmt::format("cannot make a memory file of {} octets: {}", octets, std::strerror(error)));
}

MemoryFile::~MemoryFile()
{
    ::close(descriptor_);
}

void MemoryFile::write(std::span<const std::uint8_t> octets)
{
    if (::pwrite(descriptor_, octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
        throw QemuError(fmt::format("cannot fill a memory file: {}", std::strerror(errno)));
}

std::string MemoryFile::read() const
{
    std::string text(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
    const auto  got = ::pread(descriptor_, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

}  // namespace overrun::qtest
