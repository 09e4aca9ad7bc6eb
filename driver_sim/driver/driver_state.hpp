// SPDX-License-Identifier: Apache-2.0
// What the driver is doing, as waveforms show it, and the words for it.
#pragma once

#include <cstdint>

#include "hw/base/enum_names.hpp"

namespace overrun {

/// Reported to the probe; no part of the driver's logic.
enum class DriverState : std::uint8_t { idle, interrupt, poll, stalled, down };

inline constexpr auto driver_state_names = enum_names<DriverState>({{DriverState::idle, "idle"},
                                                                    {DriverState::interrupt, "interrupt"},
                                                                    {DriverState::poll, "poll"},
                                                                    {DriverState::stalled, "stalled"},
                                                                    {DriverState::down, "down"}});

}  // namespace overrun
