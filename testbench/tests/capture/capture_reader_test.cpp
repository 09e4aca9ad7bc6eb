// SPDX-License-Identifier: Apache-2.0
// The capture reader against captures written octet by octet: every format, every way in, every way to be broken.
// Expected frames come from the octets that the test wrote, not from libpcap.
#include "testbench/capture/capture_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

constexpr std::array formats{CaptureFormat::pcap_microseconds, CaptureFormat::pcap_nanoseconds, CaptureFormat::pcapng};
constexpr std::array orders{std::endian::little, std::endian::big};

/// Whole microseconds, so that all formats can hold them.
std::vector<TestRecord> some_records()
{
    std::vector<TestRecord> records;
    std::int64_t            time = 1'700'000'000'999'998'000;  // the seconds change soon
    for (const std::size_t length : {60U, 61U, 62U, 63U, 64U, 1514U, 1U, 0U, 9000U})
        records.push_back(whole(time += 1'000, frame_octets(length, static_cast<unsigned>(records.size()))));
    records.push_back({time + 5'000, frame_octets(96), 1514});
    return records;
}

std::vector<TestRecord> read_all(const std::string& name)
{
    CaptureReader           reader{name};
    std::vector<TestRecord> records;
    while (const CaptureRecord* const record = reader.next()) {
        records.push_back({record->timestamp_ns, {record->octets.begin(), record->octets.end()}, record->original});
        if (record->number != records.size()) throw std::logic_error("frame numbers are not 1, 2, 3, ...");
    }
    return records;
}

std::string error_of(const Octets& content)
{
    const TemporaryFile file{content};
    std::string         error = input_error_of([&] { static_cast<void>(read_all(file.path())); });
    if (!error.empty()) CHECK(error.rfind(file.path() + ": ", 0) == 0);
    CHECK(error.find('\n') == std::string::npos);
    return error;
}

/// A named pipe, and a thread that writes `content` into it once.
class Pipe {
public:
    explicit Pipe(Octets content) : path_{directory_template()}
    {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no directory for a test");
        directory_ = path_;
        path_ += "/pipe";
        if (::mkfifo(path_.c_str(), 0600) != 0) throw std::runtime_error("no pipe for a test");
        writer_ = std::thread{[path = path_, octets = std::move(content)] {
            std::FILE* const file = std::fopen(path.c_str(), "wb");
            std::fwrite(octets.data(), 1, octets.size(), file);
            std::fclose(file);
        }};
    }
    ~Pipe()
    {
        writer_.join();
        std::filesystem::remove_all(directory_);
    }
    Pipe(const Pipe&)            = delete;
    Pipe& operator=(const Pipe&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    static std::string directory_template()
    {
        return (std::filesystem::temp_directory_path() / "overrun-XXXXXX").string();
    }

    std::string path_;
    std::string directory_;
    std::thread writer_;
};

}  // namespace

TEST_CASE("every format, byte order and way in gives the same frames")
{
    const std::vector<TestRecord> records = some_records();
    for (const CaptureFormat format : formats) {
        for (const std::endian order : orders) {
            CAPTURE(static_cast<int>(format), order == std::endian::little);
            const Octets plain  = CaptureWriter{format, order}.add(records).octets();
            const Octets packed = gzip(plain);
            CHECK(read_all(TemporaryFile{plain}.path()) == records);
            CHECK(read_all(TemporaryFile{packed}.path()) == records);
            for (const Octets& content : {plain, packed}) {
                const Pipe pipe{content};
                CHECK(read_all(pipe.path()) == records);
                CHECK(read_all(pipe.path()) == records);  // from the copy
            }
        }
    }
}

TEST_CASE("the comparison of frames sees one octet, one nanosecond and one original length")
{
    const std::vector<TestRecord> records = some_records();
    std::vector<TestRecord>       octet = records, time = records, length = records;
    octet[5].octets[1513] ^= std::byte{1};
    ++time[3].timestamp_ns;
    ++length.back().original;
    for (const auto& broken : {octet, time, length})
        CHECK_FALSE(read_all(TemporaryFile{CaptureWriter{}.add(broken)}.path()) == records);
}

TEST_CASE("pcap and pcapng keep nanoseconds, the microsecond format what it has")
{
    const TestRecord odd = whole(1'700'000'000'123'456'789, frame_octets(60));
    const auto       at  = [&](CaptureFormat format) {
        return read_all(TemporaryFile{CaptureWriter{format}.add(odd)}.path()).at(0).timestamp_ns;
    };
    CHECK(at(CaptureFormat::pcap_nanoseconds) == 1'700'000'000'123'456'789);
    CHECK(at(CaptureFormat::pcapng) == 1'700'000'000'123'456'789);
    CHECK(at(CaptureFormat::pcap_microseconds) == 1'700'000'000'123'456'000);
}

TEST_CASE("standard input is read as often as wanted, from where it stands")
{
    const std::vector<TestRecord> records = some_records();
    const Octets                  plain   = CaptureWriter{}.add(records).octets();
    const int                     saved   = ::dup(STDIN_FILENO);

    Octets behind_other_data{std::byte{'x'}, std::byte{'\n'}};
    behind_other_data.insert(behind_other_data.end(), plain.begin(), plain.end());
    const TemporaryFile file{behind_other_data};
    const int           descriptor = ::open(file.path().c_str(), O_RDONLY);
    REQUIRE(::lseek(descriptor, 2, SEEK_SET) == 2);
    REQUIRE(::dup2(descriptor, STDIN_FILENO) == STDIN_FILENO);
    ::close(descriptor);
    CHECK(read_all("-") == records);
    CHECK(read_all("-") == records);

    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    REQUIRE(::dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    ::close(ends[0]);
    std::thread writer{[&] {
        // In small pieces: a short read is not the end.
        for (std::size_t i = 0; i < plain.size(); i += 3)
            if (::write(ends[1], plain.data() + i, std::min<std::size_t>(3, plain.size() - i)) < 0) break;
        ::close(ends[1]);
    }};
    CHECK(read_all("-") == records);
    writer.join();
    CHECK(read_all("-") == records);

    ::dup2(saved, STDIN_FILENO);
    ::close(saved);
}

TEST_CASE("an endless input that is no capture is refused at once")
{
    CHECK(contains(input_error_of([] { CaptureReader{"/dev/zero"}; }), "/dev/zero: not a capture"));
    CHECK(contains(input_error_of([] { CaptureReader{"/dev/null"}; }), "/dev/null: not a capture: it is empty"));
}

TEST_CASE("a stop ends the wait for a pipe, the copying of it, and the reading of a file")
{
    const Octets      octets = CaptureWriter{}.add(some_records()).octets();
    std::atomic<bool> stop{false};
    const auto        interruption_of = [&stop](const std::string& name) -> std::string {
        try {
            CaptureReader reader{name, &stop};
            while (reader.next() != nullptr) {}
        } catch (const Interrupted& interrupted) {
            return interrupted.what();
        }
        return "was read to its end";
    };

    const TemporaryFile file{octets};
    CHECK(interruption_of(file.path()) == "was read to its end");
    stop = true;
    CHECK(interruption_of(file.path()) == "interrupted while reading " + file.path());

    const std::string pipe = file.path() + ".pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    SECTION("nobody writes")
    {
        CHECK(interruption_of(pipe) == "interrupted while reading " + pipe);
    }
    SECTION("the writer neither writes on nor goes")
    {
        stop = false;
        std::thread writer{[&] {
            const int descriptor = ::open(pipe.c_str(), O_WRONLY);
            if (::write(descriptor, octets.data(), octets.size()) < 0) return;
            int unread = 1;  // until the reader has taken everything, and so waits for more
            while (::ioctl(descriptor, FIONREAD, &unread) == 0 && unread > 0) std::this_thread::yield();
            stop = true;
            pollfd end{descriptor, 0, 0};
            while ((end.revents & POLLERR) == 0) ::poll(&end, 1, -1);  // until the reader has gone
            ::close(descriptor);
        }};
        CHECK(interruption_of(pipe) == "interrupted while reading " + pipe);
        writer.join();
    }
    ::unlink(pipe.c_str());
}

TEST_CASE("gzip members follow each other, and zeros may follow the last")
{
    const std::vector<TestRecord> records = some_records();
    const Octets                  plain   = CaptureWriter{}.add(records).octets();
    Octets                        packed;
    for (std::size_t i = 0; i < plain.size(); i += 1000) {
        const auto   from   = plain.begin() + static_cast<std::ptrdiff_t>(i);
        const auto   to     = plain.begin() + static_cast<std::ptrdiff_t>(std::min(plain.size(), i + 1000));
        const Octets member = gzip({from, to});
        packed.insert(packed.end(), member.begin(), member.end());
    }
    packed.resize(packed.size() + 1024);
    CHECK(read_all(TemporaryFile{packed}.path()) == records);

    packed.insert(packed.end(), 2, std::byte{'!'});  // what may be a member with a broken header is no padding
    CHECK(contains(error_of(packed), "corrupt gzip"));
}

TEST_CASE("a file that cannot be a capture is named with what it is")
{
    CHECK(input_error_of([] { CaptureReader{"no/such/file.pcap"}; }) ==
          "no/such/file.pcap: cannot be opened: No such file or directory");
    const std::string directory = std::filesystem::temp_directory_path().string();
    CHECK(input_error_of([&] { CaptureReader{directory}; }) == directory + ": is a directory, not a capture");

    const auto text = [](const std::string& s) {
        const auto octets = std::as_bytes(std::span{s});
        return Octets{octets.begin(), octets.end()};
    };
    CHECK(contains(error_of({}), "not a capture: it is empty"));
    CHECK(contains(error_of(text("a")), "not a capture"));
    CHECK(contains(error_of(text("name = \"slow\"\n")), "not a capture: pcap, pcapng and gzip of them are read"));
    CHECK(contains(error_of(text("\x28\xb5\x2f\xfd and so on")), "packed with zstd"));
    CHECK(contains(error_of(gzip(text("name = \"slow\"\n"))), "not a readable capture: "));
    CHECK(contains(error_of(gzip({})), "not a readable capture: "));

    Octets version_9 = CaptureWriter{}.octets();
    version_9[4]     = std::byte{9};
    CHECK(contains(error_of(version_9), "not a readable capture: "));
}

TEST_CASE("another link type is named")
{
    for (const CaptureFormat format : formats) {
        CHECK(contains(error_of(CaptureWriter{format, std::endian::little, 105}.add(some_records()).octets()),
                       "link type IEEE802_11; only Ethernet (EN10MB) is read"));
        CHECK(contains(error_of(CaptureWriter{format, std::endian::big, 113}.add(some_records()).octets()),
                       "link type LINUX_SLL; only"));
    }
}

TEST_CASE("a capture without frames is an error")
{
    for (const CaptureFormat format : formats)
        CHECK(contains(error_of(CaptureWriter{format}.octets()), "holds no frames"));
}

TEST_CASE("a capture cut anywhere but between two frames says after how many frames it broke")
{
    for (const CaptureFormat format : formats) {
        CaptureWriter              writer{format};
        std::map<std::size_t, int> whole_at;  // size of the file -> frames in it
        whole_at[writer.octets().size()] = 0;
        for (int i = 1; i <= 3; ++i) whole_at[writer.add(whole(i, frame_octets(20))).octets().size()] = i;
        const Octets& all    = writer.octets();
        int           frames = 0;
        for (std::size_t size = whole_at.begin()->first; size <= all.size(); ++size) {
            CAPTURE(static_cast<int>(format), size);
            const std::string error = error_of({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size)});
            const auto        known = whole_at.find(size);
            if (known == whole_at.end()) {
                CHECK(contains(error, "reading failed after " + std::to_string(frames) + " frames: "));
            } else {
                frames = known->second;
                CHECK((frames == 0 ? contains(error, "holds no frames") : error.empty()));
            }
        }
    }
}

TEST_CASE("truncated gzip is an error wherever it ends")
{
    const Octets packed = gzip(CaptureWriter{}.add(some_records()).octets());
    for (std::size_t size = 2; size < packed.size(); ++size) {
        CAPTURE(size);
        REQUIRE(
            contains(error_of({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size)}), "truncated gzip"));
    }
}

TEST_CASE("a flipped bit in gzip's data or check is an error")
{
    const Octets   packed      = gzip(CaptureWriter{}.add(some_records()).octets());
    constexpr auto header_size = std::size_t{10};  // RFC 1952: no optional fields, and nothing checks the header
    int            unnoticed   = 0;
    for (std::size_t i = header_size; i < packed.size(); ++i) {
        CAPTURE(i);
        Octets broken = packed;
        broken[i] ^= static_cast<std::byte>(1U << (i % 8));
        if (!error_of(broken).empty()) continue;
        ++unnoticed;
        CHECK(i == packed.size() - 9);  // the bits that fill up the last octet before the check mean nothing
    }
    CHECK(unnoticed <= 1);
}

TEST_CASE("a record with more octets than it says the frame had counts as whole")
{
    const TestRecord odd{1, frame_octets(80), 60};
    CHECK(read_all(TemporaryFile{CaptureWriter{}.add(odd)}.path()) == std::vector{whole(1, frame_octets(80))});
}

TEST_CASE("times beyond 63 bits of nanoseconds become the last one")
{
    const TestRecord last = whole(-1, frame_octets(60));  // as pcapng's unsigned 64 bits: the year 2554
    CHECK(read_all(TemporaryFile{CaptureWriter{CaptureFormat::pcapng}.add(last)}.path()).at(0).timestamp_ns ==
          std::numeric_limits<std::int64_t>::max());
}
