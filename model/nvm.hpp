// SPDX-License-Identifier: Apache-2.0
// The NVM image: 64 words, the station address first and a checksum last (contract B.2).
// Never written by the model: EEWR comes with a later stage.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "hw/ethernet/mac_address.hpp"

namespace overrun {

class Nvm {
public:
    static constexpr std::uint32_t words        = 64;
    static constexpr std::uint16_t checksum_sum = 0xbaba;  ///< of all 64 words, modulo 65536

    explicit Nvm(const MacAddress& address);

    /// Empty beyond the image: EERD's DONE stays 0 then.
    [[nodiscard]] std::optional<std::uint16_t> word(std::uint32_t address) const noexcept
    {
        if (address >= words) return std::nullopt;
        return image_[address];
    }
    /// RAL0 and RAH0 as the auto-load leaves them.
    [[nodiscard]] std::uint32_t address_low() const noexcept { return image_[0] | std::uint32_t{image_[1]} << 16U; }
    [[nodiscard]] std::uint32_t address_high() const noexcept
    {
        constexpr std::uint32_t address_valid = 1U << 31U;
        return image_[2] | address_valid;
    }

private:
    std::array<std::uint16_t, words> image_;
};

}  // namespace overrun
