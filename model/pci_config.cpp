// SPDX-License-Identifier: Apache-2.0
// Configuration space as octets with a write mask beside each.
// Never acts on a write: the engine looks at what changed.
#include "model/pci_config.hpp"

namespace overrun {

PciConfig::PciConfig(const MacAddress& address) : address_{address}
{
    reset();
}

void PciConfig::put(std::uint32_t offset, std::uint32_t value, std::uint32_t writable)
{
    for (std::uint32_t i = 0; i < 4; ++i) {
        value_[offset + i]    = static_cast<std::uint8_t>(value >> (8 * i));
        writable_[offset + i] = static_cast<std::uint8_t>(writable >> (8 * i));
    }
}

void PciConfig::reset()
{
    value_.fill(0);
    writable_.fill(0);
    put(0x00, 0x10d3'8086, 0);
    put(0x04, 0x0010'0000, 0x0000'0547);  // IO, memory, bus master, parity, SERR, INTx disable
    put(0x08, 0x0200'0000, 0);
    put(0x0c, 0x0000'0010, 0x0000'00ff);
    put(0x10, 0x0000'0000, 0xfffe'0000);  // registers, 128 KiB
    put(0x14, 0x0000'0000, 0xfffe'0000);  // flash, 128 KiB
    put(0x18, 0x0000'0001, 0xffff'ffe0);  // I/O, 32 octets
    put(0x1c, 0x0000'0000, 0xffff'c000);  // MSI-X, 16 KiB
    put(0x2c, 0x0000'8086, 0);
    put(0x34, 0x0000'00c8, 0);
    put(0x3c, 0x0000'0100, 0x0000'00ff);  // INTA; interrupt line
    put(0xc8, 0x0022'd001, 0);            // power management
    put(0xcc, 0x0000'0000, 0x0000'0103);  // power state, PME enable
    put(0xd0, 0x0080'e005, 0);            // MSI
    put(0xd4, 0x0000'0000, 0xffff'fffc);
    put(0xd8, 0x0000'0000, 0xffff'ffff);
    put(0xdc, 0x0000'0000, 0x0000'ffff);
    put(0xe0, 0x0091'a010, 0);            // PCI Express
    put(0xe8, 0x0000'2810, 0x0000'ffff);  // device control
    put(0xec, 0x0001'1c11, 0);            // link capabilities: 2.5 GT/s, one lane
    put(0xf0, 0x1011'0000, 0x0000'01ff);  // link status: 2.5 GT/s, one lane
    put(0xa0, 0x0004'0011, 0);            // MSI-X: five vectors
    put(0xa4, 0x0000'0003, 0);
    put(0xa8, 0x0000'2003, 0);
    put(0x100, 0x1401'0001, 0);  // advanced error reporting
    put(0x140, 0x0001'0003, 0);  // device serial number
    const auto& mac = address_.octets;
    put(0x144, 0xff00'0000U | std::uint32_t{mac[3]} << 16U | std::uint32_t{mac[4]} << 8U | mac[5], 0);
    put(0x148, std::uint32_t{mac[0]} << 24U | std::uint32_t{mac[1]} << 16U | std::uint32_t{mac[2]} << 8U | 0xffU, 0);
}

std::uint32_t PciConfig::read(std::uint32_t offset, unsigned octets) const noexcept
{
    if (offset % octets != 0 || offset + octets > size) return 0xffff'ffffU >> (32U - 8U * octets);
    std::uint32_t value = 0;
    for (unsigned i = octets; i-- > 0;) value = value << 8U | value_[offset + i];
    return value;
}

void PciConfig::write(std::uint32_t offset, std::uint32_t value, unsigned octets) noexcept
{
    if (offset % octets != 0 || offset + octets > size) return;
    for (unsigned i = 0; i < octets; ++i) {
        const std::uint8_t mask = writable_[offset + i];
        const auto         byte = static_cast<std::uint8_t>(value >> (8 * i));
        value_[offset + i]      = static_cast<std::uint8_t>((value_[offset + i] & ~mask) | (byte & mask));
    }
}

}  // namespace overrun
