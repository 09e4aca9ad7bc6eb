// SPDX-License-Identifier: Apache-2.0
// The address spaces of the device and their sizes (contract A.1; configuration space of a PCIe function).
#pragma once

#include <cstdint>

namespace overrun {

/// The first four are BAR0 to BAR3.
enum class Space : std::uint8_t {
    csr   = 0,  ///< registers
    flash = 1,  ///< reads 0, ignores writes
    io    = 2,  ///< IOADDR at 0 and IODATA at 4: the registers, indirectly
    msix  = 3,  ///< MSI-X table and pending bits
    config,     ///< PCI configuration space; NicEngine has calls of its own for it
};

/// Size of a space in octets; addresses in it are below.
[[nodiscard]] constexpr std::uint32_t octets_of(Space space) noexcept
{
    switch (space) {
        case Space::csr:
        case Space::flash: return 128 * 1024;
        case Space::io: return 32;
        case Space::msix: return 16 * 1024;
        case Space::config: return 4096;
    }
    return 0;
}

}  // namespace overrun
