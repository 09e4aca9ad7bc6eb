// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a flag: the first one winds a run down, the second one kills.
// Never does anything in the handler that a signal handler may not do.
#pragma once

#include <atomic>

namespace overrun {

/// Installs the handler for SIGINT and SIGTERM. The flag becomes true with the first of them.
[[nodiscard]] const std::atomic<bool>& stop_on_signal();

}  // namespace overrun
