// SPDX-License-Identifier: Apache-2.0
// What ends the reading of a capture, or the wait for one, when the user says so.
// A stop is no fault of the input: the command exits 130.
#pragma once

#include <atomic>
#include <stdexcept>

namespace overrun {

/// The message is one line and says what was going on.
class Interrupted : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Set from outside, by a signal handler for example. Null: nobody ever says stop.
using StopFlag = const std::atomic<bool>*;

[[nodiscard]] inline bool told_to_stop(StopFlag stop) noexcept
{
    return stop != nullptr && stop->load(std::memory_order_relaxed);
}

}  // namespace overrun
