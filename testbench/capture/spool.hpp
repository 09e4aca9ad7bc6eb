// SPDX-License-Identifier: Apache-2.0
// Copies of inputs that can be read only once, for as long as the process lives.
#pragma once

#include <memory>
#include <string>

#include "testbench/capture/rereadable_file.hpp"
#include "testbench/files/stop_flag.hpp"

namespace overrun {

/// The copy that this process made of the input of that name; null when there is none.
[[nodiscard]] std::shared_ptr<const RereadableFile> find_spooled(const std::string& name);

/// Copies an input whole into a temporary file without a name. An input that is no capture is refused at its first
/// octets, so that an endless one ends.
/// @param from a descriptor that is ready to be read
/// @param shown what errors call the input
/// @throws InputError: not a capture, not readable, no room. Throws Interrupted
[[nodiscard]] std::shared_ptr<const RereadableFile> spool(const std::string& name, int from, StopFlag stop,
                                                          const std::string& shown);

}  // namespace overrun
