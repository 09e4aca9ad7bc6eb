// SPDX-License-Identifier: Apache-2.0
// Writes captures for tests, octet by octet after the file formats' own documents, broken ones included.
// libpcap is under test, so it is not used: pcap is draft-ietf-opsawg-pcap, pcapng is draft-ietf-opsawg-pcapng.
#pragma once

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "hw/base/input_error.hpp"

namespace overrun::test {

using Octets = std::vector<std::byte>;

enum class CaptureFormat { pcap_microseconds, pcap_nanoseconds, pcapng };

struct TestRecord {
    std::int64_t  timestamp_ns = 0;
    Octets        octets;
    std::uint32_t original = 0;

    friend bool operator==(const TestRecord&, const TestRecord&) = default;
};

/// A record of all its octets.
[[nodiscard]] inline TestRecord whole(std::int64_t timestamp_ns, Octets octets)
{
    const auto original = static_cast<std::uint32_t>(octets.size());
    return {timestamp_ns, std::move(octets), original};
}

/// `count` octets, different from each other and for each seed: destination 02:00:00:00:00:seed first, as far as it
/// fits.
[[nodiscard]] inline Octets frame_octets(std::size_t count, unsigned seed = 1)
{
    Octets octets(count);
    for (std::size_t i = 0; i < count; ++i) octets[i] = static_cast<std::byte>((i * 7 + seed * 13 + 1) & 0xffU);
    for (std::size_t i = 0; i < 6 && i < count; ++i)
        octets[i] = static_cast<std::byte>(i == 0 ? 2U : (i == 5 ? seed : 0U));
    return octets;
}

/// The body with its right FCS behind it (zlib's CRC-32, least significant octet first).
[[nodiscard]] inline Octets with_fcs(Octets body)
{
    auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    for (int i = 0; i < 4; ++i, crc >>= 8U) body.push_back(static_cast<std::byte>(crc & 0xffU));
    return body;
}

class CaptureWriter {
public:
    explicit CaptureWriter(CaptureFormat format = CaptureFormat::pcap_nanoseconds,
                           std::endian order = std::endian::little, std::uint16_t link_type = 1,
                           std::uint32_t snapshot = 262144)
        : format_{format}, order_{order}
    {
        if (format == CaptureFormat::pcapng) {
            block(0x0a0d0d0a, {{0x1a2b3c4d, 4}, {1, 2}, {0, 2}, {~std::uint64_t{0}, 8}});
            // The option: if_tsresol (9), one octet, 10^-9, padded; then the end of options.
            block(1, {{link_type, 2}, {0, 2}, {snapshot, 4}, {9, 2}, {1, 2}, {9, 1}, {0, 3}, {0, 4}});
        } else {
            number(format == CaptureFormat::pcap_nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4);
            number(2, 2), number(4, 2), number(0, 4), number(0, 4), number(snapshot, 4), number(link_type, 4);
        }
    }

    CaptureWriter& add(const TestRecord& record)
    {
        const auto captured = static_cast<std::uint32_t>(record.octets.size());
        const auto time     = static_cast<std::uint64_t>(record.timestamp_ns);
        if (format_ == CaptureFormat::pcapng) {
            block(6, {{0, 4}, {time >> 32U, 4}, {time & 0xffffffffU, 4}, {captured, 4}, {record.original, 4}},
                  record.octets);
        } else {
            const std::uint64_t fraction = time % 1'000'000'000;
            number(time / 1'000'000'000, 4);
            number(format_ == CaptureFormat::pcap_nanoseconds ? fraction : fraction / 1000, 4);
            number(captured, 4), number(record.original, 4);
            append(record.octets);
        }
        return *this;
    }

    CaptureWriter& add(const std::vector<TestRecord>& records)
    {
        for (const TestRecord& record : records) add(record);
        return *this;
    }

    [[nodiscard]] const Octets& octets() const { return out_; }

private:
    struct Field {
        std::uint64_t value;
        unsigned      size;
    };

    void number(std::uint64_t value, unsigned size)
    {
        for (unsigned i = 0; i < size; ++i) {
            const unsigned place = order_ == std::endian::little ? i : size - 1 - i;
            out_.push_back(static_cast<std::byte>(value >> (8 * place) & 0xffU));
        }
    }

    void append(const Octets& octets) { out_.insert(out_.end(), octets.begin(), octets.end()); }

    void block(std::uint32_t type, const std::vector<Field>& fields, const Octets& octets = {})
    {
        std::uint64_t total = 12 + (octets.size() + 3) / 4 * 4;
        for (const Field& field : fields) total += field.size;
        number(type, 4), number(total, 4);
        for (const Field& field : fields) number(field.value, field.size);
        append(octets);
        number(0, static_cast<unsigned>((4 - octets.size() % 4) % 4));
        number(total, 4);
    }

    CaptureFormat format_;
    std::endian   order_;
    Octets        out_;
};

/// One gzip member.
[[nodiscard]] inline Octets gzip(const Octets& plain)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    Octets out(deflateBound(&stream, static_cast<uLong>(plain.size())));
    stream.next_in   = reinterpret_cast<z_const Bytef*>(const_cast<std::byte*>(plain.data()));
    stream.avail_in  = static_cast<uInt>(plain.size());
    stream.next_out  = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// A file of a test, gone with it.
class TemporaryFile {
public:
    explicit TemporaryFile(const Octets& content)
        : path_{(std::filesystem::temp_directory_path() / "overrun-XXXXXX").string()}
    {
        const int        descriptor = ::mkstemp(path_.data());
        std::FILE* const file       = descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb");
        if (file == nullptr) throw std::runtime_error("no temporary file for a test");
        if (!content.empty()) std::fwrite(content.data(), 1, content.size(), file);
        std::fclose(file);
    }
    explicit TemporaryFile(const CaptureWriter& writer) : TemporaryFile{writer.octets()} {}
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(const TemporaryFile&)            = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// What the InputError says that `call` throws; empty when it throws none.
template <class Call>
[[nodiscard]] std::string input_error_of(Call&& call)
{
    try {
        call();
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

[[nodiscard]] inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace overrun::test
