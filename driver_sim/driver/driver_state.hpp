// SPDX-License-Identifier: Apache-2.0
// What the driver is doing, as waveforms show it.
// Never a part of the driver's logic.
#pragma once

#include <cstdint>

namespace overrun {

enum class DriverState : std::uint8_t { idle, interrupt, poll, stalled, down };

}  // namespace overrun
