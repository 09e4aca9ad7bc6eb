// SPDX-License-Identifier: Apache-2.0
// Opening, spooling and positioned reading of capture files.
// Every reader keeps its own file position.
#include "testbench/capture/capture_input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string_view>
#include <system_error>
#include <vector>

#include "hw/base/input_error.hpp"

namespace overrun {

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

namespace {

using File   = std::shared_ptr<const RereadableFile>;
using Octets = std::span<const std::byte>;

constexpr std::size_t first_octets = 8;

[[noreturn]] void fail(const std::string& shown, std::string_view why)
{
    throw InputError(fmt::format("{}: {}", shown, why));
}

[[noreturn]] void fail_with_errno(const std::string& shown, std::string_view what, int error)
{
    fail(shown, fmt::format("{}: {}", what, std::strerror(error)));
}

bool starts_with(Octets octets, std::string_view magic)
{
    return octets.size() >= magic.size() && std::memcmp(octets.data(), magic.data(), magic.size()) == 0;
}

/// Whether libpcap may know the file, or gzip holds it; what it is exactly is libpcap's to say.
bool may_be_a_capture(Octets first)
{
    using namespace std::string_view_literals;
    constexpr std::array magics{"\xa1\xb2\xc3\xd4"sv, "\xd4\xc3\xb2\xa1"sv, "\xa1\xb2\x3c\x4d"sv,
                                "\x4d\x3c\xb2\xa1"sv, "\xa1\xb2\xcd\x34"sv, "\x34\xcd\xb2\xa1"sv,
                                "\xa1\xe2\xcb\x12"sv, "\x12\xcb\xe2\xa1"sv, "\x0a\x0d\x0d\x0a"sv};
    return Gunzip::is_gzip(first) ||
           std::any_of(magics.begin(), magics.end(), [&](std::string_view magic) { return starts_with(first, magic); });
}

void check_first_octets(Octets first, const std::string& shown)
{
    using namespace std::string_view_literals;
    if (first.empty()) fail(shown, "not a capture: it is empty");
    if (may_be_a_capture(first)) return;
    struct Packed {
        std::string_view magic;
        std::string_view name;
    };
    constexpr std::array others{Packed{"\x28\xb5\x2f\xfd"sv, "zstd"sv}, Packed{"\xfd\x37\x7a\x58\x5a\x00"sv, "xz"sv},
                                Packed{"BZh"sv, "bzip2"sv}, Packed{"\x04\x22\x4d\x18"sv, "lz4"sv},
                                Packed{"PK\x03\x04"sv, "zip"sv}};
    for (const Packed& other : others)
        if (starts_with(first, other.magic))
            fail(shown, fmt::format("packed with {}; pcap, pcapng and gzip of them are read", other.name));
    const bool scenario = shown.ends_with(".toml");
    fail(shown, fmt::format("not a capture: pcap, pcapng and gzip of them are read{}",
                            scenario ? "; scenarios are for `overrun run`" : ""));
}

void stop_here(StopFlag stop, const std::string& shown)
{
    if (told_to_stop(stop)) throw Interrupted(fmt::format("interrupted while reading {}", shown));
}

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

/// Copies what can be read only once. What is no capture is refused at once, so that an endless input ends here.
File spool(int from, StopFlag stop, const std::string& shown)
{
    std::vector<std::byte> piece(64 * 1024);
    std::size_t            held = 0;
    while (held < first_octets) {
        const std::size_t n = read_once(from, std::span{piece}.subspan(held), stop, shown);
        if (n == 0) break;
        held += n;
    }
    check_first_octets(Octets{piece}.first(std::min(held, first_octets)), shown);

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
        return files_.insert_or_assign(name, spool(from, stop, shown)).first->second;
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

File open_file(const std::string& name, StopFlag stop, const std::string& shown)
{
    // Asked first: opening a named pipe a second time would wait for a writer that never comes.
    if (File spooled = spools().find(name)) return spooled;

    const bool standard_input = name == "-";
    // Without waiting for a pipe's writer: that wait is read_once()'s, which a stop ends.
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
    return spools().add(name, descriptor, stop, shown);
}

}  // namespace

CaptureInput::CaptureInput(const std::string& name, StopFlag stop)
    : shown_{shown(name)}, stop_{stop}, file_{open_file(name, stop, shown_)}
{
    std::array<std::byte, first_octets> first{};
    const std::size_t                   n = read_file(first);
    check_first_octets(Octets{first}.first(n), shown_);
    position_ = 0;
    if (Gunzip::is_gzip(Octets{first}.first(n)))
        gunzip_ = std::make_unique<Gunzip>([this](std::span<std::byte> into) { return read_file(into); }, shown_);
}

bool CaptureInput::may_hold(const std::string& name)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(name, error)) return false;  // opening a pipe would wait
    std::ifstream                  file{name, std::ios::binary};
    std::array<char, first_octets> first{};
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
