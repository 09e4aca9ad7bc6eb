// SPDX-License-Identifier: Apache-2.0
#include "testbench/capture/capture_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>

#include "hw/base/input_error.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

static_assert(std::endian::native == std::endian::little, "the numbers are written as they lie in memory");

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t snapshot      = 262'144;
constexpr std::uint16_t ethernet      = 1;
constexpr std::int64_t  second_ns     = 1'000'000'000;
constexpr std::size_t   longest_value = 65'535;

template <class T>
void put(std::string& text, T value)
{
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
std::string_view octets_of(const T& value)
{
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

void pad(std::string& text)
{
    text.append(-text.size() % 4, '\0');
}

std::uint64_t not_before_1970(std::int64_t timestamp_ns)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(timestamp_ns, 0));
}

void put_octets(std::string& text, const CaptureFrame& frame)
{
    text.append(reinterpret_cast<const char*>(frame.octets.data()), frame.octets.size());
    text.append(frame.padding, '\0');
}

std::uint32_t length_of(const CaptureFrame& frame)
{
    return static_cast<std::uint32_t>(frame.octets.size()) + frame.padding;
}

}  // namespace

CaptureFormat capture_format(const std::string& file)
{
    std::error_code       error;
    const fs::file_status status = fs::status(file, error);
    if (is_standard_output(file) || (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)))
        return CaptureFormat::pcap;
    if (file.ends_with(".pcapng")) return CaptureFormat::pcapng;
    if (file.ends_with(".pcap")) return CaptureFormat::pcap;
    throw InputError(fmt::format("{} ends in no format; .pcap or .pcapng is wanted", in_quotes(file)));
}

CaptureWriter::CaptureWriter(OutputFile& file, CaptureFormat format, const CaptureInterface& interface)
    : file_{file}, format_{format}
{
    if (format_ == CaptureFormat::pcap) {
        put(text_, std::uint32_t{0xa1b2'3c4d});  // nanoseconds
        put(text_, std::uint16_t{2});
        put(text_, std::uint16_t{4});
        put(text_, std::uint64_t{0});
        put(text_, snapshot);
        put(text_, std::uint32_t{ethernet});
        file_.write(text_);
        return;
    }
    constexpr std::uint32_t section_header = 0x0a0d'0d0a, interface_description = 1;
    put(text_, std::uint32_t{0x1a2b'3c4d});
    put(text_, std::uint16_t{1});
    put(text_, std::uint16_t{0});
    put(text_, std::int64_t{-1});  // the section's length is not told
    option(4, "Overrun " OVERRUN_VERSION);
    option(0, {});
    block(section_header);

    put(text_, ethernet);
    put(text_, std::uint16_t{0});
    put(text_, snapshot);
    option(2, interface.name);
    option(3, interface.description);
    option(8, octets_of(static_cast<std::uint64_t>(interface.bits_per_second)));
    option(9, std::string_view{"\x09", 1});  // if_tsresol: nanoseconds
    option(15, interface.hardware);
    option(0, {});
    block(interface_description);
}

void CaptureWriter::write(const CaptureFrame& frame)
{
    format_ == CaptureFormat::pcap ? put_pcap(frame) : put_pcapng(frame);
}

void CaptureWriter::put_pcap(const CaptureFrame& frame)
{
    const std::uint64_t at = not_before_1970(frame.timestamp_ns);
    text_.clear();
    put(text_, static_cast<std::uint32_t>(at / second_ns));
    put(text_, static_cast<std::uint32_t>(at % second_ns));
    put(text_, length_of(frame));
    put(text_, length_of(frame));
    put_octets(text_, frame);
    file_.write(text_);
}

void CaptureWriter::put_pcapng(const CaptureFrame& frame)
{
    constexpr std::uint32_t enhanced_block = 6;
    const std::uint64_t     at             = not_before_1970(frame.timestamp_ns);
    put(text_, std::uint32_t{0});
    put(text_, static_cast<std::uint32_t>(at >> 32U));
    put(text_, static_cast<std::uint32_t>(at));
    put(text_, length_of(frame));
    put(text_, length_of(frame));
    put_octets(text_, frame);
    pad(text_);
    if (!frame.comment.empty()) option(1, frame.comment);
    option(2, octets_of(capture_flag::inbound | frame.fcs_octets << 5U | frame.flags));
    if (frame.lost_before != 0) option(4, octets_of(frame.lost_before));
    option(5, octets_of(frame.id));
    option(0, {});
    block(enhanced_block);
}

void CaptureWriter::finish(const CaptureTotals& totals)
{
    if (format_ == CaptureFormat::pcap) return;
    constexpr std::uint32_t interface_statistics = 5;
    const std::uint64_t     at                   = not_before_1970(totals.timestamp_ns);
    put(text_, std::uint32_t{0});
    put(text_, static_cast<std::uint32_t>(at >> 32U));
    put(text_, static_cast<std::uint32_t>(at));
    if (!totals.comment.empty()) option(1, totals.comment);
    option(4, octets_of(totals.received));
    option(5, octets_of(totals.dropped));
    option(8, octets_of(totals.delivered));
    option(0, {});
    block(interface_statistics);
}

void CaptureWriter::option(std::uint16_t code, std::string_view value)
{
    value = value.substr(0, longest_value);
    put(text_, code);
    put(text_, static_cast<std::uint16_t>(value.size()));
    text_.append(value);
    pad(text_);
}

/// Sends what was put together as the body of a block.
void CaptureWriter::block(std::uint32_t type)
{
    const auto  length = static_cast<std::uint32_t>(text_.size()) + 12;
    std::string head;
    put(head, type);
    put(head, length);
    file_.write(head);
    file_.write(text_);
    file_.write(octets_of(length));
    text_.clear();
}

}  // namespace overrun
