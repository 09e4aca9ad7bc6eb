// SPDX-License-Identifier: Apache-2.0
// What a platform costs: the PCIe link and the host CPU, read from hw/platform/profiles/*.toml.
// Never holds a figure without a source: each key in a profile stands beside its source or the word "assumption".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hw/base/time.hpp"

namespace overrun {

/// The PCIe link between device and host memory. All zero: a link that costs nothing.
struct PcieProfile {
    std::int64_t  bits_per_second      = 0;    ///< at TLP level, after line coding and DLLPs; 0: infinite
    std::uint32_t max_payload          = 256;  ///< MPS, octets in one write or completion
    std::uint32_t max_read_request     = 512;  ///< MRRS, octets in one read request
    std::uint32_t reads_in_flight      = 32;   ///< read requests outstanding at once
    std::uint32_t write_overhead       = 0;  ///< octets of framing, sequence number, header and LCRC in a memory write
    std::uint32_t read_overhead        = 0;  ///< ... in a read request
    std::uint32_t completion_overhead  = 0;  ///< ... in a completion with data
    Time          write_latency        = 0;  ///< from the last octet on the link to visible in host memory
    Time          read_latency         = 0;  ///< from a request's departure to its first octet back
    Time          read_per_octet       = 0;  ///< added to read_latency for each octet of a request
    Time          mmio_write           = 0;  ///< from the CPU's store to the device
    Time          mmio_read_request    = 0;  ///< from the CPU's load to the device
    Time          mmio_read_completion = 0;  ///< from the device to the CPU's register
    Time          interrupt            = 0;  ///< from the device's message to the CPU
};

/// Time that the host CPU spends.
struct HostProfile {
    Time mmio_write_cpu  = 0;  ///< CPU time of a posted store
    Time interrupt_entry = 0;  ///< from the interrupt's arrival to the handler's first instruction
    Time interrupt_exit  = 0;
    Time softirq         = 0;  ///< from the handler's end to the poll's start
    Time driver_frame    = 0;  ///< driver work for one frame, buffer allocation not included
    Time buffer_alloc    = 0;  ///< allocation of one buffer
};

struct PlatformProfile {
    std::string name;
    std::string text;
    PcieProfile pcie;
    HostProfile host;
};

/// @param name_or_file a built-in name, or the path of a TOML file in the same form
/// @throws InputError naming the file, the key, the value and what is allowed
[[nodiscard]] PlatformProfile load_platform_profile(const std::string& name_or_file);

[[nodiscard]] std::vector<std::string> builtin_platform_profiles();

}  // namespace overrun
