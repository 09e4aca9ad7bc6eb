// SPDX-License-Identifier: Apache-2.0
// Holds output files to "whole or not at all", with the file system as the witness.
// All files are in a folder of its own, except the devices in /dev.
#include "testbench/files/output_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>

#include "hw/base/input_error.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/temporary_folder.hpp"

using namespace overrun;
namespace fs = std::filesystem;

namespace {

void fill(const std::string& path, const std::string& text)
{
    std::ofstream{path, std::ios::binary} << text;
}

/// What the InputError says, or nothing when there is none.
template <class Call>
std::optional<std::string> refusal(Call call)
{
    try {
        call();
    } catch (const InputError& error) {
        return error.what();
    }
    return std::nullopt;
}

std::string opening(const std::string& path)
{
    return refusal([&] { OutputFile file{path}; }).value_or("was opened");
}

/// Runs `call` without root's power to write anywhere; false when this process cannot give it up.
template <class Call>
bool without_privileges(Call call)
{
    const uid_t before = ::geteuid();
    if (before == 0 && ::seteuid(65534) < 0) return false;
    call();
    return before != 0 || ::seteuid(0) == 0;
}

/// Standard output goes to `descriptor`, which this closes, as long as this lives.
class Redirection {
public:
    explicit Redirection(int descriptor)
    {
        std::fflush(stdout);
        saved_ = ::dup(STDOUT_FILENO);
        ::dup2(descriptor, STDOUT_FILENO);
        ::close(descriptor);
    }
    ~Redirection()
    {
        std::fflush(stdout);
        ::dup2(saved_, STDOUT_FILENO);
        ::close(saved_);
    }
    Redirection(const Redirection&)            = delete;
    Redirection& operator=(const Redirection&) = delete;

private:
    int saved_ = -1;
};

}  // namespace

TEST_CASE("an output file appears at commit, whole")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of("wave.vcd");
    {
        OutputFile file{path};
        file.write("one ");
        file.write("");
        file.write("two");
        CHECK_FALSE(fs::exists(path));
        file.commit();
        CHECK(content(path) == "one two");
        CHECK_THROWS_AS(file.write("x"), std::logic_error);
        CHECK_THROWS_AS(file.commit(), std::logic_error);
    }
    CHECK(content(path) == "one two");
    CHECK(directory.entries() == 1);
}

TEST_CASE("an output file that is not committed leaves nothing behind")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of("wave.vcd");
    {
        OutputFile file{path};
        file.write(std::string(3 * OutputFile::buffer_octets, 'x'));
        CHECK(directory.entries() == 1);
    }
    CHECK(directory.entries() == 0);
}

TEST_CASE("an existing file stays as it is until commit")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of("wave.vcd");
    fill(path, "old");
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    {
        OutputFile file{path};
        file.write(std::string(2 * OutputFile::buffer_octets, 'x'));
    }
    CHECK(content(path) == "old");

    OutputFile file{path};
    file.write("new");
    CHECK(content(path) == "old");
    file.commit();
    CHECK(content(path) == "new");
    CHECK(fs::status(path).permissions() == fs::perms{0640});
    CHECK(directory.entries() == 1);
}

TEST_CASE("a new output file has the permissions that the user's mask leaves")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of("wave.vcd");
    const mode_t          mask = ::umask(027);
    OutputFile            file{path};
    ::umask(mask);
    file.commit();
    CHECK(fs::status(path).permissions() == fs::perms{0640});
}

TEST_CASE("pieces of any size arrive in order")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of("pieces");
    std::string           expected;
    OutputFile            file{path};
    const std::size_t     n = OutputFile::buffer_octets;
    for (const std::size_t size : {n - 1, std::size_t{1}, std::size_t{1}, n, n + 1, std::size_t{5}, 3 * n, n / 2, n}) {
        const std::string piece(size, static_cast<char>('a' + expected.size() % 23));
        file.write(piece);
        expected += piece;
    }
    file.commit();
    CHECK((content(path) == expected));
}

TEST_CASE("a symbolic link stays and what it points to is replaced")
{
    const TemporaryFolder directory;
    fs::create_directory(directory.of("inner"));
    const std::string link = directory.of("link");
    const std::string real = directory.of("inner/real");
    fs::create_symlink("inner/real", link);

    for (const char* text : {"the link dangles", "the link leads to a file"}) {
        OutputFile file{link};
        file.write(text);
        file.commit();
        CHECK(fs::is_symlink(link));
        CHECK(fs::is_regular_file(fs::symlink_status(real)));
        CHECK(content(real) == text);
    }

    fs::create_symlink("loop", directory.of("loop"));
    CHECK(opening(directory.of("loop")).find("cannot write '" + directory.of("loop") + "'") == 0);
}

TEST_CASE("what cannot be written is refused before the work, with path and reason")
{
    const TemporaryFolder directory;
    fill(directory.of("file"), "old");

    const std::string there = directory.of("");
    CHECK(opening(there) == "cannot write '" + there + "': it is a directory");

    const std::string missing = directory.of("missing/wave.vcd");
    CHECK(opening(missing) ==
          "cannot write '" + missing + "': there is no directory '" + directory.of("missing") + "'");

    const std::string under_file = directory.of("file/wave.vcd");
    CHECK(opening(under_file) == "cannot write '" + under_file + "': Not a directory");

    const std::string long_name = directory.of(std::string(300, 'n'));
    CHECK(opening(long_name) == "cannot write '" + long_name + "': File name too long");

    CHECK(opening("") == "an output file has no name");
    CHECK(content(directory.of("file")) == "old");
    CHECK(directory.entries() == 1);
}

TEST_CASE("the longest name that the file system allows is written")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of(std::string(255, 'n'));
    OutputFile            file{path};
    file.write("text");
    file.commit();
    CHECK(content(path) == "text");
}

TEST_CASE("a missing permission is refused before the work")
{
    const TemporaryFolder directory;
    const std::string     closed = directory.of("closed");
    const std::string     inside = closed + "/wave.vcd";
    const std::string     fixed  = directory.of("fixed.vcd");
    fs::create_directory(closed);
    fs::permissions(closed, fs::perms{0555});
    fill(fixed, "old");
    fs::permissions(fixed, fs::perms{0444});
    fs::permissions(directory.of(""), fs::perms{0777});

    std::string in_directory;
    std::string over_file;
    if (!without_privileges([&] {
            in_directory = opening(inside);
            over_file    = opening(fixed);
        })) {
        WARN("not checked: this process cannot give up root's rights");
        return;
    }
    CHECK(in_directory == "cannot write '" + inside + "': Permission denied");
    CHECK(over_file == "cannot write '" + fixed + "': Permission denied");
    CHECK(content(fixed) == "old");
}

TEST_CASE("a full disk fails at commit, and the file does not appear")
{
    SECTION("a device without room")
    {
        OutputFile file{"/dev/full"};
        file.write("text");
        const auto message = refusal([&] { file.commit(); });
        CHECK(message == "cannot write '/dev/full': No space left on device");
        CHECK(refusal([&] { file.write("x"); }) == message);
        CHECK(refusal([&] { file.commit(); }) == message);
    }
    SECTION("a limit on the size of files")
    {
        const TemporaryFolder directory;
        const std::string     path = directory.of("wave.vcd");
        fill(path, "old");
        rlimit before{};
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        const rlimit lower{4096, before.rlim_max};
        const auto   handler = std::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &lower) == 0);
        std::optional<std::string> at_commit;
        std::optional<std::string> at_write;
        {
            OutputFile file{path};
            file.write(std::string(5000, 'x'));
            at_commit = refusal([&] { file.commit(); });
            OutputFile other{path};
            at_write = refusal([&] { other.write(std::string(2 * OutputFile::buffer_octets, 'x')); });
        }
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        CHECK(at_commit == "cannot write '" + path + "': File too large");
        CHECK(at_write == "cannot write '" + path + "': File too large");
        CHECK(content(path) == "old");
        CHECK(directory.entries() == 1);
    }
    SECTION("the target has become a directory")
    {
        const TemporaryFolder directory;
        const std::string     path = directory.of("wave.vcd");
        OutputFile            file{path};
        fs::create_directory(path);
        CHECK(refusal([&] { file.commit(); }) == "cannot write '" + path + "': Is a directory");
        CHECK(directory.entries() == 1);
    }
}

TEST_CASE("a FIFO and a character device are written directly")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of("fifo");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::string       got;
    std::thread       reader{[&] {
        std::ifstream fifo{path, std::ios::binary};
        got.assign(std::istreambuf_iterator<char>{fifo}, {});
    }};
    const std::string big(2 * OutputFile::buffer_octets, 'x');
    {
        OutputFile file{path};
        file.write(big);
        file.write("end");
        file.commit();
    }
    reader.join();
    CHECK((got == big + "end"));
    CHECK(fs::is_fifo(path));
    CHECK(directory.entries() == 1);

    OutputFile null{"/dev/null"};
    null.write(big);
    null.commit();
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a dash is standard output, after what was printed before")
{
    const TemporaryFolder directory;
    const std::string     path = directory.of("captured");
    const auto            name = GENERATE("-", "/dev/stdout");
    {
        const Redirection redirection{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600)};
        OutputFile        file{name};
        std::fputs("first, ", stdout);
        file.write("second");
        file.commit();
        std::fputs(", third", stdout);
    }
    CHECK(content(path) == "first, second, third");
    CHECK(directory.entries() == 1);
}

TEST_CASE("standard output may be non-blocking")
{
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    REQUIRE(::fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    std::string                got;
    std::thread                reader{[&] {
        // So late that the pipe fills first; if not, the test only shows less.
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        std::array<char, 65536> piece{};
        for (ssize_t n = 0; (n = ::read(ends[0], piece.data(), piece.size())) > 0;)
            got.append(piece.data(), static_cast<std::size_t>(n));
    }};
    const std::string big(2 * OutputFile::buffer_octets, 'x');
    std::optional<std::string> message;
    {
        const Redirection redirection{ends[1]};
        message = refusal([&] {
            OutputFile file{"-"};
            file.write(big);
            file.commit();
        });
    }
    reader.join();
    ::close(ends[0]);
    CHECK_FALSE(message);
    CHECK((got == big));
}
