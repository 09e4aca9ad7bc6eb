// SPDX-License-Identifier: Apache-2.0
// The firmware of a QEMU machine whose CPU shall do nothing: 64 KiB of `hlt`.
// It touches no device, so that all that happens to one comes from the outside.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace overrun::qtest {

/// An x86 starts at the last 16 octets of its ROM: cli; hlt; jmp to the hlt.
[[nodiscard]] constexpr std::array<std::uint8_t, 65536> halt_rom() noexcept
{
    constexpr std::uint8_t          hlt          = 0xf4;
    constexpr std::size_t           reset_vector = 0xfff0;
    std::array<std::uint8_t, 65536> rom{};
    for (std::uint8_t& octet : rom) octet = hlt;
    rom[reset_vector]     = 0xfa;
    rom[reset_vector + 1] = hlt;
    rom[reset_vector + 2] = 0xeb;
    rom[reset_vector + 3] = 0xfd;
    return rom;
}

}  // namespace overrun::qtest
