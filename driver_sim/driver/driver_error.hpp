// SPDX-License-Identifier: Apache-2.0
// Why the bring-up of a device failed.
#pragma once

#include <cstdint>
#include <string_view>

#include "hw/base/enum_names.hpp"

namespace overrun {

/// A value, because hardware can do this to a driver.
enum class DriverError : std::uint8_t { no_device, master_stuck, nvm_timeout, nvm_checksum, bad_address, no_link };

inline constexpr auto driver_error_texts = enum_names<DriverError>({
    {DriverError::no_device, "no 82574L answers in configuration space"},
    {DriverError::master_stuck, "STATUS.GIO_MASTER_ENABLE did not fall after CTRL.GIO_MASTER_DISABLE"},
    {DriverError::nvm_timeout, "EERD.DONE did not rise"},
    {DriverError::nvm_checksum, "the NVM's 64 words do not add up to BABA"},
    {DriverError::bad_address, "the NVM's address is a group address"},
    {DriverError::no_link, "STATUS.LU did not rise"},
});

[[nodiscard]] constexpr std::string_view text_of(DriverError error) noexcept
{
    return driver_error_texts[error];
}

}  // namespace overrun
