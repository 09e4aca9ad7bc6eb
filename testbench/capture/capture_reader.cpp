// SPDX-License-Identifier: Apache-2.0
#include "testbench/capture/capture_reader.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>
#include <stdio_ext.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <limits>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/capture/capture_input.hpp"

namespace overrun {

struct CaptureReader::Stream {
    Stream(const std::string& name, StopFlag stop) : input{name, stop} {}

    CaptureInput       input;
    std::vector<char>  buffer = std::vector<char>(64 * 1024);
    std::exception_ptr failure;
};

namespace {

using FilePointer = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Seconds and nanoseconds as one number; libpcap gives any 64 bits that a broken pcapng holds.
std::int64_t nanoseconds(const timeval& at) noexcept
{
    constexpr std::int64_t per_second = 1'000'000'000;
    std::int64_t           sum        = 0;
    if (__builtin_mul_overflow(std::int64_t{at.tv_sec}, per_second, &sum) ||
        __builtin_add_overflow(sum, std::int64_t{at.tv_usec}, &sum))
        return at.tv_sec < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    return sum;
}

std::string link_type_name(int type)
{
    const char* const name = pcap_datalink_val_to_name(type);
    return name != nullptr ? name : fmt::format("number {}", type);
}

}  // namespace

CaptureReader::CaptureReader(const std::string& name, StopFlag stop)
    : shown_{CaptureInput::shown(name)}, stream_{std::make_unique<Stream>(name, stop)}
{
    cookie_io_functions_t calls{};
    calls.read = [](void* cookie, char* to, std::size_t count) -> ssize_t {
        auto& stream = *static_cast<Stream*>(cookie);
        try {
            return static_cast<ssize_t>(stream.input.read(std::as_writable_bytes(std::span{to, count})));
        } catch (...) {
            stream.failure = std::current_exception();
            errno          = EIO;
            return -1;
        }
    };
    FilePointer file{fopencookie(stream_.get(), "rb", calls), &std::fclose};
    if (!file) throw InputError(fmt::format("{}: no memory to read it", shown_));
    std::setvbuf(file.get(), stream_->buffer.data(), _IOFBF, stream_->buffer.size());
    __fsetlocking(file.get(), FSETLOCKING_BYCALLER);  // one thread reads it; two locks per frame are saved

    std::array<char, PCAP_ERRBUF_SIZE> why{};
    pcap_.reset(pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO, why.data()));
    if (pcap_) static_cast<void>(file.release());  // pcap_close() closes it
    if (stream_->failure) std::rethrow_exception(stream_->failure);
    if (!pcap_) throw InputError(fmt::format("{}: not a readable capture: {}", shown_, why.data()));

    const int type = pcap_datalink(pcap_.get());
    if (type != DLT_EN10MB)
        throw InputError(fmt::format("{}: link type {}; only Ethernet ({}) is read", shown_, link_type_name(type),
                                     link_type_name(DLT_EN10MB)));
}

CaptureReader::~CaptureReader() = default;

void CaptureReader::Close::operator()(pcap* capture) const noexcept
{
    pcap_close(capture);
}

const CaptureRecord* CaptureReader::next()
{
    pcap_pkthdr*  header = nullptr;
    const u_char* octets = nullptr;
    const int     result = pcap_next_ex(pcap_.get(), &header, &octets);
    if (stream_->failure) std::rethrow_exception(stream_->failure);
    if (result == 1) {
        record_.octets       = {reinterpret_cast<const std::byte*>(octets), header->caplen};
        record_.original     = std::max(header->len, header->caplen);
        record_.timestamp_ns = nanoseconds(header->ts);
        ++record_.number;
        return &record_;
    }
    if (result != PCAP_ERROR_BREAK)
        throw InputError(
            fmt::format("{}: reading failed after {} frames: {}", shown_, record_.number, pcap_geterr(pcap_.get())));
    if (record_.number == 0) throw InputError(fmt::format("{}: holds no frames", shown_));
    return nullptr;
}

}  // namespace overrun
