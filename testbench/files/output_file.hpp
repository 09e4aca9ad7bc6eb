// SPDX-License-Identifier: Apache-2.0
// An output file that appears under its name when it is complete, or not at all.
// Contract: commit() replaces a file of that name or fails; without commit() the file stays and nothing else is left.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "testbench/files/stop_flag.hpp"

namespace overrun {

/// Whether a file name means standard output.
[[nodiscard]] inline bool is_standard_output(std::string_view file) noexcept
{
    return file == "-" || file == "/dev/stdout";
}

/// Octets go to a temporary file in the target's directory, which commit() renames. A symbolic link stays and what it
/// points to is replaced; an existing file's permissions are kept. `-` (and `/dev/stdout`) is standard output; it,
/// character devices and FIFOs are written as the buffer fills, so what they got stays without commit() too.
class OutputFile {
public:
    static constexpr std::size_t buffer_octets = std::size_t{1} << 20;

    /// Creates the temporary file, so that whatever forbids writing shows before the work and not after it.
    /// Opening a FIFO waits for its reader, or until `stop`.
    /// @throws InputError naming path and reason: a directory, a missing directory, no permission, ...; Interrupted
    explicit OutputFile(std::string path, StopFlag stop = nullptr);

    /// Without commit(): removes the temporary file.
    ~OutputFile();

    OutputFile(const OutputFile&)            = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Appends. The first failure ends the file: later calls and commit() throw the same again.
    /// @throws InputError naming path and reason when the buffer cannot be emptied, for example on a full disk
    void write(std::string_view octets)
    {
        if (octets.size() > buffer_octets - used_) return write_around_buffer(octets);
        std::memcpy(buffer_.get() + used_, octets.data(), octets.size());
        used_ += octets.size();
    }

    /// Empties the buffer, closes, and gives the file its name. Once; nothing may be written after it.
    /// @throws InputError naming path and reason; the target is then as it was before
    void commit();

    /// For a signal handler whose process ends now: removes what is not committed. What is still written is lost.
    static void remove_unfinished() noexcept;

    /// As it was asked for.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    void              open_directly(const std::string& path, bool fifo, StopFlag stop);
    void              open_temporary(const std::string& target);
    void              write_around_buffer(std::string_view octets);
    void              put(std::string_view octets);
    void              demand_open() const;
    void              abandon() noexcept;
    [[noreturn]] void fail(int error);

    std::string             path_;
    std::string             target_;     ///< what commit() replaces; empty when written directly
    std::string             temporary_;  ///< what it is called until then
    std::string             error_;      ///< the first failure
    int                     descriptor_ = -1;
    std::unique_ptr<char[]> buffer_;
    std::size_t             used_ = 0;  ///< buffer_octets once closed, so that write() needs no test of its own
};

}  // namespace overrun
