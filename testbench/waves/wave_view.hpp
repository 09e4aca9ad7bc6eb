// SPDX-License-Identifier: Apache-2.0
// What GTKWave shows of a waveform at first sight: a save file, and the names that stand for numbers.
// Never touches a save file that somebody has saved from GTKWave.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hw/base/time.hpp"

namespace overrun {

/// Files beside a waveform: "web.gtkw" and "web.names" for "web.vcd".
struct WaveViewFiles {
    std::string view;
    std::string names;
};

/// @return nothing for a waveform that goes to standard output, into a FIFO or into a device: a viewer needs a file
[[nodiscard]] std::optional<WaveViewFiles> wave_view_files(const std::string& vcd);

/// What there is to see. Times count from time zero.
struct WaveStory {
    Time                from = 0;
    Time                to   = 0;  ///< the waveform's end
    std::optional<Time> first_loss{};
    std::optional<Time> last_loss{};
};

/// The save file: signals in the order of a frame's way, levels as steps, the time line fitted to what happened.
/// @param vcd, files as they are called from here; the save file names them without their folders
[[nodiscard]] std::string wave_view(const std::string& vcd, const WaveViewFiles& files, const WaveStory& story);

/// Words for rx_mac.fate (two hexadecimal digits), driver.state (one) and rx_filter.reason (three binary ones).
[[nodiscard]] std::string wave_names();

/// Whether a save file may be replaced: it is ours, or there is none.
[[nodiscard]] bool may_replace_view(const std::string& view);

}  // namespace overrun
