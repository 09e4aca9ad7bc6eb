// SPDX-License-Identifier: Apache-2.0
// The part of a run that a waveform shows, and how a user writes it.
#pragma once

#include <string_view>

#include "hw/base/time.hpp"

namespace overrun {

/// From time zero of the scenario; from < to.
struct WaveWindow {
    Time from = 0;
    Time to   = never;
};

/// @param text "A:B", two times with units, of which one may be left out: "1ms:2ms", "1ms:", ":2ms"
/// @throws InputError without the option's name
[[nodiscard]] WaveWindow parse_wave_window(std::string_view text);

}  // namespace overrun
