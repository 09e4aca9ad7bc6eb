// SPDX-License-Identifier: Apache-2.0
#include "testbench/capture/capture_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "testbench/capture/capture_errors.hpp"
#include "testbench/capture/capture_magic.hpp"
#include "testbench/capture/rereadable_file.hpp"
#include "testbench/capture/spool.hpp"

namespace overrun {

using namespace capture_errors;

namespace {

using File   = std::shared_ptr<const RereadableFile>;
using Octets = std::span<const std::byte>;

File open_file(const std::string& name, StopFlag stop, const std::string& shown)
{
    // Asked first: opening a named pipe a second time would wait for a writer that never comes.
    if (File spooled = find_spooled(name)) return spooled;

    const bool standard_input = name == "-";
    // Without waiting for a pipe's writer: that wait is that of spool(), which a stop ends.
    const int descriptor =
        standard_input ? ::dup(STDIN_FILENO) : ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) fail_with_errno(shown, "cannot be opened", errno);
    const off_t begin = standard_input ? std::max<off_t>(::lseek(descriptor, 0, SEEK_CUR), 0) : 0;
    auto        file  = std::make_shared<const RereadableFile>(descriptor, static_cast<std::uint64_t>(begin));

    struct stat status {};
    if (::fstat(descriptor, &status) != 0) fail_with_errno(shown, "cannot be opened", errno);
    if (S_ISDIR(status.st_mode)) fail(shown, "is a directory, not a capture");
    if (S_ISREG(status.st_mode)) return file;
    if (::isatty(descriptor) == 1) fail(shown, "is a terminal; a capture is read from a file or a pipe");
    return spool(name, descriptor, stop, shown);
}

}  // namespace

CaptureInput::CaptureInput(const std::string& name, StopFlag stop)
    : shown_{shown(name)}, stop_{stop}, file_{open_file(name, stop, shown_)}
{
    std::array<std::byte, capture_magic_octets> first{};
    const std::size_t                           n = read_file(first);
    check_capture_magic(Octets{first}.first(n), shown_);
    position_ = 0;
    if (Gunzip::is_gzip(Octets{first}.first(n)))
        gunzip_ = std::make_unique<Gunzip>([this](std::span<std::byte> into) { return read_file(into); }, shown_);
}

bool CaptureInput::may_hold(const std::string& name)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(name, error)) return false;  // opening a pipe would wait
    std::ifstream                          file{name, std::ios::binary};
    std::array<char, capture_magic_octets> first{};
    file.read(first.data(), first.size());
    return may_be_a_capture(std::as_bytes(std::span{first}.first(static_cast<std::size_t>(file.gcount()))));
}

std::size_t CaptureInput::read(std::span<std::byte> into)
{
    return gunzip_ ? gunzip_->read(into) : read_file(into);
}

std::size_t CaptureInput::read_file(std::span<std::byte> into)
{
    for (;;) {
        stop_here(stop_, shown_);
        const auto    offset = static_cast<off_t>(file_->begin() + position_);
        const ssize_t n      = ::pread(file_->descriptor(), into.data(), into.size(), offset);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail_with_errno(shown_, "cannot be read", errno);
        position_ += static_cast<std::uint64_t>(n);
        return static_cast<std::size_t>(n);
    }
}

}  // namespace overrun
