// SPDX-License-Identifier: Apache-2.0
// Writes a capture: classic pcap or pcapng, Ethernet, nanoseconds (draft-ietf-opsawg-pcap and -pcapng).
// libpcap writes no pcapng, so it is not used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "testbench/files/output_file.hpp"

namespace overrun {

enum class CaptureFormat : std::uint8_t { pcap, pcapng };

/// By the name's end: .pcap or .pcapng; standard output, FIFOs and devices get pcap.
/// @throws InputError for another name, without the option's
[[nodiscard]] CaptureFormat capture_format(const std::string& file);

/// One frame. What stands below `octets` is for pcapng; classic pcap has no place for it.
struct CaptureFrame {
    std::int64_t               timestamp_ns = 0;  ///< since 1970; what lies before is written as 1970
    std::span<const std::byte> octets{};
    std::uint32_t              padding     = 0;  ///< zeros that follow the octets
    std::uint32_t              fcs_octets  = 0;  ///< how many of the last octets are the FCS
    std::uint32_t              flags       = 0;  ///< of epb_flags: the link layer's errors, bits 24 to 31
    std::uint64_t              id          = 0;  ///< epb_packetid
    std::uint64_t              lost_before = 0;  ///< epb_dropcount: since the one before
    std::string                comment{};
};

/// epb_flags: what was wrong with a frame.
namespace capture_flag {
inline constexpr std::uint32_t inbound   = 1U;
inline constexpr std::uint32_t crc       = 1U << 24U;
inline constexpr std::uint32_t too_long  = 1U << 25U;
inline constexpr std::uint32_t too_short = 1U << 26U;
inline constexpr std::uint32_t unaligned = 1U << 28U;
inline constexpr std::uint32_t no_sfd    = 1U << 29U;
inline constexpr std::uint32_t symbol    = 1U << 31U;
}  // namespace capture_flag

/// The interface that the frames came from, for pcapng.
struct CaptureInterface {
    std::string  name;
    std::string  description;
    std::string  hardware;
    std::int64_t bits_per_second = 0;
};

/// What an Interface Statistics Block says at the end, for pcapng.
struct CaptureTotals {
    std::int64_t  timestamp_ns = 0;
    std::uint64_t received     = 0;  ///< isb_ifrecv: began on the wire
    std::uint64_t dropped      = 0;  ///< isb_ifdrop: no room in the FIFO
    std::uint64_t delivered    = 0;  ///< isb_usrdeliv
    std::string   comment{};
};

class CaptureWriter {
public:
    /// Writes the header.
    /// @param file outlives this; commit() stays with its owner
    CaptureWriter(OutputFile& file, CaptureFormat format, const CaptureInterface& interface);

    void write(const CaptureFrame& frame);
    /// Nothing may follow.
    void finish(const CaptureTotals& totals);

private:
    void put_pcap(const CaptureFrame& frame);
    void put_pcapng(const CaptureFrame& frame);
    void option(std::uint16_t code, std::string_view value);
    void block(std::uint32_t type);

    OutputFile&   file_;
    CaptureFormat format_;
    std::string   text_;  ///< of the block that is put together
};

}  // namespace overrun
