// SPDX-License-Identifier: Apache-2.0
// Reads the records of one pcap or pcapng capture of Ethernet frames through libpcap, gzip and standard input included.
// It holds one record, and refuses a record of another link type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "testbench/files/stop_flag.hpp"

struct pcap;

namespace overrun {

/// One record as the capture holds it.
struct CaptureRecord {
    std::span<const std::byte> octets;            ///< captured, from the destination address on; valid until next()
    std::uint32_t              original     = 0;  ///< octets that the frame had; never fewer than were captured
    std::int64_t               timestamp_ns = 0;  ///< since the capture's epoch; out of range: the nearest that fits
    std::uint64_t              number       = 0;  ///< in this capture, from 1
};

class CaptureReader {
public:
    /// Opens a capture (see CaptureInput for names and standard input) and reads its header.
    /// @param stop ends the reading, here and in next(): both throw Interrupted
    /// Throws InputError: whatever CaptureInput throws; not a capture; a link type other than Ethernet.
    explicit CaptureReader(const std::string& name, StopFlag stop = nullptr);
    ~CaptureReader();
    CaptureReader(const CaptureReader&)            = delete;
    CaptureReader& operator=(const CaptureReader&) = delete;

    /// The next record, valid until the next call; null at the end of the capture.
    ///
    /// A record that holds more octets than it says the frame had (editing tools write such) counts as whole: the frame
    /// is as long as what is there. A record longer than the capture's own snapshot length is cut to it by libpcap.
    ///
    /// Throws InputError: truncated or corrupt record (with the number of frames before it), corrupt gzip, a capture
    /// that ends without a frame, and what libpcap cannot read: interfaces with different link types or snapshot
    /// lengths in one pcapng.
    [[nodiscard]] const CaptureRecord* next();

    /// What errors call the capture.
    [[nodiscard]] const std::string& shown() const noexcept { return shown_; }

private:
    struct Stream;
    struct Close {
        void operator()(pcap* capture) const noexcept;
    };

    std::string                  shown_;
    std::unique_ptr<Stream>      stream_;  // what libpcap reads from; outlives it
    std::unique_ptr<pcap, Close> pcap_;
    CaptureRecord                record_;
};

}  // namespace overrun
