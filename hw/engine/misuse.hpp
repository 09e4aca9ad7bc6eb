// SPDX-License-Identifier: Apache-2.0
// What a driver does wrong and the device forgives, and how often it did.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace overrun {

/// Each is counted and has a name; none ends a run.
enum class Misuse : std::uint8_t {
    unmapped_read,  ///< a register offset that the device does not have
    unmapped_write,
    unimplemented_read,  ///< a register of the map that this engine does not act on
    unimplemented_write,
    unaligned_access,           ///< not an aligned dword: reads 0, writes are ignored
    tail_beyond_ring,           ///< RDT >= ring size: the ring counts as empty
    head_beyond_ring,           ///< RDH >= ring size: the ring counts as empty
    ring_changed_while_active,  ///< RDBA, RDLEN or RDH written with EN = 1 and RDH != RDT
    null_buffer,                ///< a descriptor with buffer address 0
    reserved_buffer_size,       ///< RCTL.BSEX with BSIZE 00
    descriptor_fault,  ///< host memory refused a descriptor read: the queue stops until the ring is set up again
    write_fault,       ///< host memory refused a payload or descriptor write
    no_bus_master,     ///< DMA was due while PCI Command.BusMaster was 0
    late_access,       ///< an access earlier than engine time (law 5)
    count,
};

[[nodiscard]] std::string_view name_of(Misuse misuse) noexcept;

using MisuseCounts = std::array<std::uint64_t, static_cast<std::size_t>(Misuse::count)>;

}  // namespace overrun
