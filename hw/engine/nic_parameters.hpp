// SPDX-License-Identifier: Apache-2.0
// One source of every figure that the contract leaves open ([C] and [M]) and of the pipeline's timing.
// Never read from a file here: scenarios override members by name through the table in testbench.
#pragma once

#include <cstdint>

#include "hw/base/time.hpp"
#include "hw/ethernet/mac_address.hpp"

namespace overrun {

/// When RNBC counts (contract D8; both unproven).
enum class RnbcRule : std::uint8_t {
    at_head,       ///< once for each frame that reaches the head of the FIFO and finds the ring empty
    at_reception,  ///< each frame whose ring is empty at the frame's end
};

struct NicParameters {
    std::int64_t wire_rate   = 1'000'000'000;            ///< bits per second
    MacAddress   nvm_address = default_station_address;  ///< words 0 to 2 of the NVM

    // Contract facts that no public text decides.
    std::uint32_t fifo_overhead                 = 16;     ///< octets charged at a frame's first octet (D7 [C])
    std::uint32_t fifo_line                     = 8;      ///< octets charged for each begun beat (D7 [C])
    std::uint32_t fifo_build_kib                = 64;     ///< deepest FIFO that RXA can ask for
    std::uint32_t packet_buffer_kib             = 40;     ///< PBS: what RXA and TXA share (B.1)
    std::uint32_t max_standard_frame            = 1522;   ///< with LPE = 0, tagged or not (D6 [D])
    std::uint32_t max_long_frame                = 16384;  ///< with LPE = 1 (B.7 [C])
    std::uint32_t descriptor_cache              = 64;     ///< descriptors held per queue (D10 [M])
    std::uint32_t reads_in_flight               = 4;      ///< descriptor reads under way at once
    RnbcRule      rnbc_rule                     = RnbcRule::at_head;
    bool          tpr_counts_rejected_broadcast = false;  ///< B.7 [D, later parts]

    // Pipeline, in core clock cycles.
    std::uint32_t csr_read_cycles = 2;   ///< from a read's arrival to the value's departure
    std::uint32_t rx_mac_cycles   = 2;   ///< from a frame's last beat to its appearance at the FIFO's head
    std::uint32_t rx_dma_cycles   = 2;   ///< from head and descriptor both present to the first write's issue
    std::uint32_t dma_beat_octets = 16;  ///< width of the DMA data path

    // Times.
    Time reset_time   = 1 * microsecond;  ///< CTRL.RST clears itself after this (B.0)
    Time nvm_load     = 1 * millisecond;  ///< EECD.AUTO_RD is 0 for this long after a reset; Linux allows 10 ms
    Time link_up_time = 0;                ///< from SLU = 1 to STATUS.LU = 1 (B.3)

    [[nodiscard]] constexpr CoreClock clock() const noexcept { return CoreClock::for_wire_rate(wire_rate); }
};

}  // namespace overrun
