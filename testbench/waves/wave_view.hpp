// SPDX-License-Identifier: Apache-2.0
// What GTKWave shows of a waveform at first sight: a save file, and the names that stand for numbers.
// Contract: a save file that a user has saved from GTKWave is left as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hw/base/time.hpp"
#include "testbench/ledger/ledger.hpp"
#include "testbench/waves/wave_window.hpp"

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

/// @param simulated the length of the run
/// @param overruns  frames lost to an overrun, with times from time zero
[[nodiscard]] WaveStory wave_story(const WaveWindow& window, Time simulated, const FateRecord& overruns);

/// The save file: signals in the order of a frame's way, levels as steps, the time line fitted to what happened.
/// @param vcd, files as they are called from here; the save file names them without their folders
[[nodiscard]] std::string wave_view(const std::string& vcd, const WaveViewFiles& files, const WaveStory& story);

/// Words for the values of signals, each behind the digits that GTKWave shows of the value.
[[nodiscard]] std::string wave_names();

/// Whether a save file may be replaced: it is ours, or there is none.
[[nodiscard]] bool may_replace_view(const std::string& view);

}  // namespace overrun
