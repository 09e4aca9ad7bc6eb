// SPDX-License-Identifier: Apache-2.0
// Configuration space through the ports CF8 and CFC.
#include "driver_sim/qtest/pci_setup.hpp"

#include <fmt/format.h>

namespace overrun::qtest {

namespace {

constexpr char width(unsigned octets) noexcept
{
    return octets == 1 ? 'b' : octets == 2 ? 'w' : 'l';
}

}  // namespace

void PciSetup::map()
{
    write(0x10, static_cast<std::uint32_t>(csr_base), 4);
    write(0x14, static_cast<std::uint32_t>(csr_base) + 0x2'0000, 4);
    write(0x18, 0xc001, 4);
    write(0x1c, static_cast<std::uint32_t>(csr_base) + 0x4'0000, 4);
    constexpr std::uint32_t io_memory_master = 7;
    write(0x04, io_memory_master, 2);
    connection_.settle();
}

void PciSetup::select(std::uint32_t offset)
{
    constexpr std::uint32_t enable = 0x8000'0000;
    connection_.post(fmt::format("outl 0xcf8 {:#x}", enable | pci_device << 11U | (offset & 0xfcU)));
}

std::uint32_t PciSetup::read(std::uint32_t offset, unsigned octets)
{
    select(offset);
    return static_cast<std::uint32_t>(
        connection_.ask(fmt::format("in{} {:#x}", width(octets), 0xcfcU + (offset & 3U))));
}

void PciSetup::write(std::uint32_t offset, std::uint32_t value, unsigned octets)
{
    select(offset);
    connection_.post(fmt::format("out{} {:#x} {:#x}", width(octets), 0xcfcU + (offset & 3U), value));
}

}  // namespace overrun::qtest
