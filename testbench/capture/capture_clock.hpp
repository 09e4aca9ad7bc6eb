// SPDX-License-Identifier: Apache-2.0
// Turns a capture's timestamps into times since its first frame: gaps shortened, speed applied, never backwards.
// Times do not drift: the gaps are summed in whole nanoseconds and divided by the speed once, at the end.
#pragma once

#include <cstdint>
#include <optional>

#include "hw/base/time.hpp"

namespace overrun {

class CaptureClock {
public:
    /// Speeds are kept in millionths, so that 0.1 is exactly a tenth.
    static constexpr double slowest = 1e-6;
    static constexpr double fastest = 1e9;

    /// Longest replay. Time reaches 106 days; the rest is room for the simulation after the last frame.
    static constexpr Time longest = 100 * 86'400 * second;

    /// @param speed divides every gap; throws InputError outside slowest..fastest
    /// @param max_gap a longer gap between two timestamps counts as this one (before the speed divides it), rounded up
    ///        to a nanosecond; throws InputError when negative
    CaptureClock(double speed, std::optional<Time> max_gap);

    /// Time of a frame since the first frame, `never` when it is beyond `longest`. A timestamp before the latest one so
    /// far counts as the latest one. Rounded up to a picosecond.
    [[nodiscard]] Time at(std::int64_t timestamp_ns) noexcept;

    /// The next timestamp begins a new capture: its frame follows without a gap.
    void new_capture() noexcept { started_ = false; }

    [[nodiscard]] std::uint64_t backwards() const noexcept { return backwards_; }
    [[nodiscard]] std::uint64_t shortened() const noexcept { return shortened_; }

private:
    [[nodiscard]] Time scaled() const noexcept;

    std::uint64_t speed_millionths_ = 1'000'000;
    std::uint64_t max_gap_ns_;
    std::int64_t  latest_     = 0;      // timestamp, of this capture
    bool          started_    = false;  // this capture has had a timestamp
    std::uint64_t elapsed_ns_ = 0;      // from the first frame to `latest_`, at speed 1
    std::uint64_t backwards_  = 0;
    std::uint64_t shortened_  = 0;
};

}  // namespace overrun
