// SPDX-License-Identifier: Apache-2.0
// A readable file and where the capture begins in it.
#pragma once

#include <unistd.h>

#include <cstdint>

namespace overrun {

/// Owns its descriptor. Readers keep positions of their own, because several may share it.
class RereadableFile {
public:
    RereadableFile(int descriptor, std::uint64_t begin) : descriptor_{descriptor}, begin_{begin} {}
    ~RereadableFile() { ::close(descriptor_); }
    RereadableFile(const RereadableFile&)            = delete;
    RereadableFile& operator=(const RereadableFile&) = delete;

    [[nodiscard]] int           descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::uint64_t begin() const noexcept { return begin_; }

private:
    int           descriptor_;
    std::uint64_t begin_;
};

}  // namespace overrun
