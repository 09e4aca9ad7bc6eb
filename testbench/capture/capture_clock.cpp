// SPDX-License-Identifier: Apache-2.0
#include "testbench/capture/capture_clock.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "hw/base/input_error.hpp"

namespace overrun {

namespace {

constexpr std::uint64_t million = 1'000'000;

__extension__ using Wide = unsigned __int128;  // picoseconds at the slowest speed need more than 64 bits

}  // namespace

CaptureClock::CaptureClock(double speed, std::optional<Time> max_gap)
    : max_gap_ns_{std::numeric_limits<std::uint64_t>::max()}
{
    if (!(speed >= slowest && speed <= fastest))
        throw InputError(fmt::format("speed {} of a replay: 0.000001 to 1000000000 is allowed", speed));
    speed_millionths_ = static_cast<std::uint64_t>(std::llround(speed * static_cast<double>(million)));
    if (!max_gap) return;
    if (*max_gap < 0) throw InputError(fmt::format("max_gap {} ps of a replay: 0 or more is allowed", *max_gap));
    max_gap_ns_ = static_cast<std::uint64_t>(*max_gap / nanosecond + (*max_gap % nanosecond != 0 ? 1 : 0));
}

Time CaptureClock::at(std::int64_t timestamp_ns) noexcept
{
    if (!started_) {
        latest_  = timestamp_ns;
        started_ = true;
    } else if (timestamp_ns < latest_) {
        ++backwards_;
    } else {
        // Unsigned, because the whole range of timestamps is one bit wider than a signed number.
        std::uint64_t gap = static_cast<std::uint64_t>(timestamp_ns) - static_cast<std::uint64_t>(latest_);
        if (gap > max_gap_ns_) {
            gap = max_gap_ns_;
            ++shortened_;
        }
        if (__builtin_add_overflow(elapsed_ns_, gap, &elapsed_ns_))
            elapsed_ns_ = std::numeric_limits<std::uint64_t>::max();
        latest_ = timestamp_ns;
    }
    return scaled();
}

Time CaptureClock::scaled() const noexcept
{
    constexpr auto longest_ps = static_cast<std::uint64_t>(longest);
    constexpr auto per_ns     = static_cast<std::uint64_t>(nanosecond);
    if (speed_millionths_ == million) {
        if (elapsed_ns_ > longest_ps / per_ns) return never;
        return static_cast<Time>(elapsed_ns_ * per_ns);
    }
    const Wide ps = (Wide{elapsed_ns_} * per_ns * million + speed_millionths_ - 1) / speed_millionths_;
    if (ps > longest_ps) return never;
    return static_cast<Time>(ps);
}

}  // namespace overrun
