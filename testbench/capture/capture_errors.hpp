// SPDX-License-Identifier: Apache-2.0
// How reading a capture ends early: errors that name the capture, and a stop.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <string>
#include <string_view>

#include "hw/base/input_error.hpp"
#include "testbench/files/stop_flag.hpp"

namespace overrun::capture_errors {

[[noreturn]] inline void fail(const std::string& shown, std::string_view why)
{
    throw InputError(fmt::format("{}: {}", shown, why));
}

[[noreturn]] inline void fail_with_errno(const std::string& shown, std::string_view what, int error)
{
    fail(shown, fmt::format("{}: {}", what, std::strerror(error)));
}

inline void stop_here(StopFlag stop, const std::string& shown)
{
    if (told_to_stop(stop)) throw Interrupted(fmt::format("interrupted while reading {}", shown));
}

}  // namespace overrun::capture_errors
