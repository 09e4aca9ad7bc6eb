// SPDX-License-Identifier: Apache-2.0
// Temporary file, rename, and the words for what can go wrong with them.
#include "testbench/files/output_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "hw/base/input_error.hpp"

namespace overrun {

namespace fs = std::filesystem;

namespace {

constexpr int links_followed = 40;   // Linux's own limit for one path
constexpr int names_tried    = 100;  // a killed run may have left files of the same process number

/// Names of temporary files, where a signal handler can see them. A run has at most seven; the handler leaves a file
/// that found no place.
std::array<std::atomic<const char*>, 8> unfinished{};
static_assert(std::atomic<const char*>::is_always_lock_free, "a signal handler reads them");

void show_unfinished(const char* name) noexcept
{
    for (auto& place : unfinished)
        if (const char* none = nullptr; place.compare_exchange_strong(none, name)) return;
}

void hide_unfinished(const char* name) noexcept
{
    for (auto& place : unfinished)
        if (const char* mine = name; place.compare_exchange_strong(mine, nullptr)) return;
}

std::string reason(int error)
{
    return std::generic_category().message(error);
}

std::string cannot_write(const std::string& path, const std::string& why)
{
    return "cannot write '" + path + "': " + why;
}

/// The name behind the symbolic links of `path`, which need not exist.
fs::path behind_links(const std::string& path)
{
    fs::path        name = path;
    std::error_code error;
    for (int i = 0; fs::is_symlink(fs::symlink_status(name, error)); ++i) {
        if (i == links_followed) throw InputError(cannot_write(path, reason(ELOOP)));
        const fs::path to = fs::read_symlink(name, error);
        if (error) throw InputError(cannot_write(path, error.message()));
        name = name.parent_path() / to;
    }
    return name;
}

/// Not derived from the target's name, which may already be as long as a name can be.
std::string temporary_name()
{
    static std::atomic<unsigned> count{0};
    return ".overrun-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".part";
}

}  // namespace

OutputFile::OutputFile(std::string path, StopFlag stop)
    : path_{std::move(path)}, buffer_{std::make_unique_for_overwrite<char[]>(buffer_octets)}
{
    if (path_.empty()) throw InputError("an output file has no name");
    if (is_standard_output(path_)) {
        if (::fcntl(STDOUT_FILENO, F_GETFD) < 0) throw InputError(cannot_write(path_, "standard output is closed"));
        descriptor_ = STDOUT_FILENO;
        return;
    }

    std::error_code       error;
    const fs::file_status status = fs::status(path_, error);
    switch (status.type()) {
        case fs::file_type::none: throw InputError(cannot_write(path_, error.message()));
        case fs::file_type::directory: throw InputError(cannot_write(path_, "it is a directory"));
        case fs::file_type::character: open_directly(path_, false, stop); break;
        case fs::file_type::fifo: open_directly(path_, true, stop); break;
        case fs::file_type::regular:
        case fs::file_type::not_found: open_temporary(behind_links(path_).string()); break;
        default: throw InputError(cannot_write(path_, "it is neither a file nor a character device nor a FIFO"));
    }
}

OutputFile::~OutputFile()
{
    abandon();
}

void OutputFile::open_directly(const std::string& path, bool fifo, StopFlag stop)
{
    constexpr int look_again_ms = 20;
    // Opened for waiting, a FIFO without a reader would keep this process until one comes, stop or not.
    for (;;) {
        descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | (fifo ? O_NONBLOCK : 0));
        if (descriptor_ >= 0 || !fifo || errno != ENXIO) break;
        if (told_to_stop(stop)) throw Interrupted("interrupted while waiting for a reader of '" + path_ + "'");
        static_cast<void>(::poll(nullptr, 0, look_again_ms));
    }
    if (descriptor_ < 0) throw InputError(cannot_write(path_, reason(errno)));
    if (fifo) static_cast<void>(::fcntl(descriptor_, F_SETFL, 0));  // from here on, writing waits
}

void OutputFile::open_temporary(const std::string& target)
{
    struct stat existing {};
    const bool  exists = ::stat(target.c_str(), &existing) == 0;
    // A rename asks for no right to the file that it replaces, but who took that right away meant it.
    if (exists && ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) < 0)
        throw InputError(cannot_write(path_, reason(errno)));

    const fs::path directory = fs::path(target).parent_path();
    target_                  = target;
    for (int i = 0; descriptor_ < 0; ++i) {
        temporary_  = (directory / temporary_name()).string();
        descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ >= 0 || (errno == EEXIST && i < names_tried)) continue;
        if (errno == ENOENT)
            throw InputError(cannot_write(path_, "there is no directory '" + directory.string() + "'"));
        throw InputError(cannot_write(path_, reason(errno)));
    }
    show_unfinished(temporary_.c_str());
    // A file system without permissions may refuse, which harms nothing.
    if (exists) static_cast<void>(::fchmod(descriptor_, existing.st_mode & 07777));
}

void OutputFile::write_around_buffer(std::string_view octets)
{
    demand_open();
    put({buffer_.get(), std::exchange(used_, 0)});
    if (octets.size() > buffer_octets) return put(octets);
    write(octets);
}

void OutputFile::put(std::string_view octets)
{
    // What the program printed before comes before, though it went through a buffer of stdio's.
    if (descriptor_ == STDOUT_FILENO) std::fflush(stdout);
    while (!octets.empty()) {
        const ssize_t written = ::write(descriptor_, octets.data(), octets.size());
        if (written > 0) {
            octets.remove_prefix(static_cast<std::size_t>(written));
        } else if (written < 0 && errno == EAGAIN) {
            // Standard output may have been made non-blocking by whoever shares it.
            pollfd room{descriptor_, POLLOUT, 0};
            static_cast<void>(::poll(&room, 1, -1));
        } else if (written == 0 || errno != EINTR) {
            fail(written == 0 ? EIO : errno);
        }
    }
}

void OutputFile::commit()
{
    demand_open();
    put({buffer_.get(), std::exchange(used_, 0)});
    used_ = buffer_octets;

    const int descriptor = std::exchange(descriptor_, -1);
    // Some file systems tell only here that the disk was full.
    if (descriptor != STDOUT_FILENO && ::close(descriptor) < 0) fail(errno);
    if (!target_.empty() && ::rename(temporary_.c_str(), target_.c_str()) < 0) fail(errno);
    hide_unfinished(temporary_.c_str());
    temporary_.clear();
}

void OutputFile::demand_open() const
{
    if (!error_.empty()) throw InputError(error_);
    if (descriptor_ < 0) throw std::logic_error("OutputFile: nothing may follow commit()");
}

void OutputFile::abandon() noexcept
{
    used_                = buffer_octets;
    const int descriptor = std::exchange(descriptor_, -1);
    if (descriptor >= 0 && descriptor != STDOUT_FILENO) ::close(descriptor);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    hide_unfinished(temporary_.c_str());
    temporary_.clear();
}

void OutputFile::remove_unfinished() noexcept
{
    for (const auto& place : unfinished)
        if (const char* const name = place.load()) ::unlink(name);
}

void OutputFile::fail(int error)
{
    error_ = cannot_write(path_, reason(error));
    abandon();
    throw InputError(error_);
}

}  // namespace overrun
