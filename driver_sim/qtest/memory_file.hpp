// SPDX-License-Identifier: Apache-2.0
// A file that exists in memory only, which a child can open through its descriptor.
// It leaves nothing behind in a file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace overrun::qtest {

class MemoryFile {
public:
    /// @param octets size; all zero, and untouched pages cost nothing
    /// @throws QemuError when the system refuses
    MemoryFile(const char* name, std::uint64_t octets);
    ~MemoryFile();
    MemoryFile(const MemoryFile&)            = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// By which a process that inherited the descriptor opens the file.
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

    /// Replaces the content from the start on.
    void                      write(std::span<const std::uint8_t> octets);
    [[nodiscard]] std::string read() const;

private:
    int descriptor_;
};

}  // namespace overrun::qtest
