// SPDX-License-Identifier: Apache-2.0
// The flag and its handler.
// Never reset: a process that was told to stop stops.
#include "testbench/command/stop_signal.hpp"

#include <csignal>

namespace overrun {

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the handler writes it");

extern "C" void on_signal(int signal)
{
    stop.store(true);
    // The next one has its usual effect.
    std::signal(signal, SIG_DFL);
}

}  // namespace

const std::atomic<bool>& stop_on_signal()
{
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    return stop;
}

}  // namespace overrun
