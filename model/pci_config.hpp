// SPDX-License-Identifier: Apache-2.0
// PCI configuration space: header and capability list (contract A.1 and A.2).
// Never enables MSI or MSI-X: their enable bits read 0 until the stages that deliver messages.
#pragma once

#include <array>
#include <cstdint>

#include "hw/ethernet/mac_address.hpp"

namespace overrun {

class PciConfig {
public:
    explicit PciConfig(const MacAddress& address);

    /// @param octets 1, 2 or 4; an access that is not naturally aligned or lies outside reads all ones
    [[nodiscard]] std::uint32_t read(std::uint32_t offset, unsigned octets) const noexcept;

    /// Bits that the mask does not admit stay as they are.
    void write(std::uint32_t offset, std::uint32_t value, unsigned octets) noexcept;

    /// As after power-on.
    void reset();

    [[nodiscard]] bool io_enabled() const noexcept { return (read(command, 2) & 1U) != 0; }
    [[nodiscard]] bool memory_enabled() const noexcept { return (read(command, 2) & 2U) != 0; }
    [[nodiscard]] bool bus_master() const noexcept { return (read(command, 2) & 4U) != 0; }
    [[nodiscard]] bool intx_disabled() const noexcept { return (read(command, 2) & 0x400U) != 0; }
    /// D0 is 0, D3hot is 3.
    [[nodiscard]] unsigned power_state() const noexcept { return read(power_control, 2) & 3U; }

private:
    static constexpr std::uint32_t size          = 4096;
    static constexpr std::uint32_t command       = 0x04;
    static constexpr std::uint32_t power_control = 0xcc;

    void put(std::uint32_t offset, std::uint32_t value, std::uint32_t writable);

    MacAddress                     address_;
    std::array<std::uint8_t, size> value_{};
    std::array<std::uint8_t, size> writable_{};
};

}  // namespace overrun
