// SPDX-License-Identifier: Apache-2.0
#include "testbench/capture/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "testbench/capture/capture_errors.hpp"
#include "testbench/capture/capture_magic.hpp"

namespace overrun {

using namespace capture_errors;

namespace {

using File   = std::shared_ptr<const RereadableFile>;
using Octets = std::span<const std::byte>;

/// At least one octet of an input that may let us wait for it, 0 at its end.
std::size_t read_once(int descriptor, std::span<std::byte> into, StopFlag stop, const std::string& shown)
{
    constexpr int look_again_ms = 100;  // a signal between the look and the wait does not end the wait
    for (;;) {
        stop_here(stop, shown);
        pollfd    input{descriptor, POLLIN, 0};
        const int ready = ::poll(&input, 1, look_again_ms);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        const ssize_t n = ::read(descriptor, into.data(), into.size());
        if (n >= 0) return static_cast<std::size_t>(n);
        if (errno != EINTR && errno != EAGAIN) fail_with_errno(shown, "cannot be read", errno);
    }
}

/// A file without a name, in a folder where there is room for a capture.
class NamelessFile {
public:
    /// Throws InputError when there is no such folder.
    explicit NamelessFile(const std::string& shown) : shown_{shown}
    {
        const char* const wanted = std::getenv("TMPDIR");
        const bool        chosen = wanted != nullptr && *wanted != '\0';
        folder_                  = chosen ? wanted : "/var/tmp";
        descriptor_              = open();
        if (descriptor_ < 0 && !chosen) {
            folder_     = "/tmp";
            descriptor_ = open();
        }
        if (descriptor_ < 0) fail_here(errno);
    }

    /// The caller closes it.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    void write(Octets octets) const
    {
        while (!octets.empty()) {
            const ssize_t n = ::write(descriptor_, octets.data(), octets.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail_here(errno);
            octets = octets.subspan(static_cast<std::size_t>(n));
        }
    }

private:
    [[nodiscard]] int open() const
    {
        std::string name       = folder_ + "/overrun-XXXXXX";
        const int   descriptor = ::mkostemp(name.data(), O_CLOEXEC);
        if (descriptor >= 0) ::unlink(name.c_str());
        return descriptor;
    }

    [[noreturn]] void fail_here(int error) const
    {
        fail(shown_, fmt::format("cannot be kept in a temporary file in {}: {}; TMPDIR names another folder", folder_,
                                 std::strerror(error)));
    }

    std::string shown_;
    std::string folder_;
    int         descriptor_ = -1;
};

File copy_of(int from, StopFlag stop, const std::string& shown)
{
    std::vector<std::byte> piece(64 * 1024);
    std::size_t            held = 0;
    while (held < capture_magic_octets) {
        const std::size_t n = read_once(from, std::span{piece}.subspan(held), stop, shown);
        if (n == 0) break;
        held += n;
    }
    check_capture_magic(Octets{piece}.first(std::min(held, capture_magic_octets)), shown);

    const NamelessFile copy{shown};
    auto               file = std::make_shared<const RereadableFile>(copy.descriptor(), 0);
    for (; held > 0; held = read_once(from, piece, stop, shown)) copy.write(Octets{piece}.first(held));
    return file;
}

/// The copies that this process made, by name.
class Spools {
public:
    [[nodiscard]] File find(const std::string& name)
    {
        const std::lock_guard lock{mutex_};
        const auto            known = files_.find(name);
        return known == files_.end() ? nullptr : known->second;
    }

    [[nodiscard]] File add(const std::string& name, int from, StopFlag stop, const std::string& shown)
    {
        const std::lock_guard lock{mutex_};
        return files_.insert_or_assign(name, copy_of(from, stop, shown)).first->second;
    }

private:
    std::mutex                  mutex_;
    std::map<std::string, File> files_;
};

Spools& spools()
{
    static Spools of_this_process;
    return of_this_process;
}

}  // namespace

File find_spooled(const std::string& name)
{
    return spools().find(name);
}

File spool(const std::string& name, int from, StopFlag stop, const std::string& shown)
{
    return spools().add(name, from, stop, shown);
}

}  // namespace overrun
