// SPDX-License-Identifier: Apache-2.0
// What the driver is doing, as waveforms show it.
// Never a part of the driver's logic.
#pragma once

#include <cstdint>

#include "hw/base/enum_names.hpp"

namespace overrun {

enum class DriverState : std::uint8_t { idle, interrupt, poll, stalled, down };

inline constexpr auto driver_state_names = enum_names<DriverState>({{DriverState::idle, "idle"},
                                                                    {DriverState::interrupt, "interrupt"},
                                                                    {DriverState::poll, "poll"},
                                                                    {DriverState::stalled, "stalled"},
                                                                    {DriverState::down, "down"}});

}  // namespace overrun
