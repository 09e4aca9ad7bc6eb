// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a flag: the first one winds a run down, the second one kills; neither leaves a file half written.
// Never does anything in the handler that a signal handler may not do.
#pragma once

#include <atomic>

namespace overrun {

/// Installs the handler for SIGINT, SIGTERM and SIGHUP, except those that the caller's caller has chosen to ignore, as
/// nohup does and a shell for what it starts in the background. The flag becomes true with the first of them. The
/// second removes the unfinished output files and has its usual effect.
[[nodiscard]] const std::atomic<bool>& stop_on_signal();

}  // namespace overrun
