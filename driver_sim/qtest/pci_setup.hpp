// SPDX-License-Identifier: Apache-2.0
// What firmware does for one PCI device: windows into the address space, decoding and bus mastering on.
// It relies on nothing that an earlier owner left behind.
#pragma once

#include <cstdint>

#include "driver_sim/qtest/connection.hpp"

namespace overrun::qtest {

/// The device's place: bus 0, device 4, function 0, behind no bridge.
inline constexpr unsigned      pci_device = 4;
inline constexpr std::uint64_t csr_base   = 0xe000'0000;
inline constexpr unsigned      intx_line  = 20;  ///< of the I/O APIC, for INTA of device 4 on q35

class PciSetup {
public:
    explicit PciSetup(Connection& connection) : connection_{connection} {}

    /// Registers at csr_base, flash behind them, I/O at 0xc000, MSI-X table above; I/O, memory and bus master enabled.
    void map();

    /// Configuration mechanism 1 (PCI local bus specification 3.2.2.3.2). `octets` is 1, 2 or 4, aligned.
    [[nodiscard]] std::uint32_t read(std::uint32_t offset, unsigned octets);
    void                        write(std::uint32_t offset, std::uint32_t value, unsigned octets);

private:
    void select(std::uint32_t offset);

    Connection& connection_;
};

}  // namespace overrun::qtest
