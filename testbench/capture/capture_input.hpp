// SPDX-License-Identifier: Apache-2.0
// The octets of a capture file from its beginning, as often as wanted, gzip undone.
// It holds a few buffers in memory: what can be read only once goes through an unlinked temporary file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "testbench/capture/gunzip.hpp"
#include "testbench/files/stop_flag.hpp"

namespace overrun {

class RereadableFile;

class CaptureInput {
public:
    /// Opens a capture; gzip is told by its first two octets, whatever the file's name.
    ///
    /// `-` is standard input. Standard input, pipes and devices can be read only once, but a replay reads its captures
    /// twice (a first pass finds every error, and the station's address). So the first use copies all of it into a
    /// temporary file of the process, and later uses of the same name read that; standard input that is a file needs
    /// no copy. The temporary file is in the folder that TMPDIR names, else in /var/tmp, which unlike /tmp is on a
    /// disk.
    ///
    /// @param stop ends the wait for a pipe's writer, the copying, and each read()
    /// Throws InputError: no such file, no permission, a directory, a terminal, nothing in it, not a capture, no room
    /// for the copy. Throws Interrupted.
    explicit CaptureInput(const std::string& name, StopFlag stop = nullptr);
    CaptureInput(const CaptureInput&)            = delete;
    CaptureInput& operator=(const CaptureInput&) = delete;

    /// Fills the span as far as it can; fewer octets may come, 0 only at the end. Throws InputError and Interrupted.
    [[nodiscard]] std::size_t read(std::span<std::byte> into);

    /// Whether a file begins as a capture does; false when it is none or cannot be read.
    [[nodiscard]] static bool may_hold(const std::string& name);

    /// What errors call the input: the file's name, or "standard input".
    [[nodiscard]] static std::string shown(const std::string& name) { return name == "-" ? "standard input" : name; }

private:
    std::string                           shown_;
    StopFlag                              stop_;
    std::shared_ptr<const RereadableFile> file_;
    std::uint64_t                         position_ = 0;
    std::unique_ptr<Gunzip>               gunzip_;  // none when the file is plain

    [[nodiscard]] std::size_t read_file(std::span<std::byte> into);
};

}  // namespace overrun
