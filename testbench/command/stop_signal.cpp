// SPDX-License-Identifier: Apache-2.0
// The flag and its handler.
// Never reset: a process that was told to stop stops.
#include "testbench/command/stop_signal.hpp"

#include <csignal>

#include "testbench/files/output_file.hpp"

namespace overrun {

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the handler writes it");

extern "C" void on_signal(int signal)
{
    if (!stop.exchange(true)) return;
    OutputFile::remove_unfinished();
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // takes effect when the handler returns
}

}  // namespace

const std::atomic<bool>& stop_on_signal()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        if (std::signal(signal, on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
    return stop;
}

}  // namespace overrun
