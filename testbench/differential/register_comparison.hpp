// SPDX-License-Identifier: Apache-2.0
// Which bits of a register read the same on both sides, and why the others do not.
// Every register that our engine acts on has a row.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace overrun::differential {

/// Those that the register map does not have.
inline constexpr std::uint32_t reserved = 0;

struct RegisterDeparture {
    std::string_view name;  ///< of the register
    std::uint32_t    bits;  ///< that are not compared, or `reserved`
    std::string_view reason;
};

[[nodiscard]] std::span<const RegisterDeparture> register_departures();

/// Bits of the register at `offset` that are compared.
[[nodiscard]] std::uint32_t compared_bits(std::uint32_t offset);

}  // namespace overrun::differential
