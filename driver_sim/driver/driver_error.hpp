// SPDX-License-Identifier: Apache-2.0
// Why the bring-up of a device failed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace overrun {

/// A value, because hardware can do this to a driver.
enum class DriverError : std::uint8_t { no_device, master_stuck, nvm_timeout, nvm_checksum, bad_address, no_link };

[[nodiscard]] constexpr std::string_view text_of(DriverError error) noexcept
{
    constexpr std::array<std::string_view, 6> texts{
        "no 82574L answers in configuration space",
        "STATUS.GIO_MASTER_ENABLE did not fall after CTRL.GIO_MASTER_DISABLE",
        "EERD.DONE did not rise",
        "the NVM's 64 words do not add up to BABA",
        "the NVM's address is a group address",
        "STATUS.LU did not rise",
    };
    return texts[static_cast<std::size_t>(error)];
}

}  // namespace overrun
