// SPDX-License-Identifier: Apache-2.0
// The four timers of the receive interrupt: RDTR and RADV delay RXT0, RAID delays ACK, ITR spaces interrupts (B.4).
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "hw/base/time.hpp"

namespace overrun {

/// Holds deadlines and durations. Interrupts decides when a timer starts and what its end means.
class InterruptTimers {
public:
    /// Which delay timer has ended. Of several at once, the first in this order counts.
    enum class Ended : std::uint8_t { none, delay, absolute, acknowledge };

    explicit InterruptTimers(CoreClock clock) noexcept : clock_{clock} {}

    /// Registers at 0, nothing runs.
    void reset() noexcept { *this = InterruptTimers{clock_}; }

    // Registers.

    /// @param delay, absolute RDTR and RADV in units of 1.024 us; 0: no delay, no bound
    void set_delays(std::uint32_t delay, std::uint32_t absolute) noexcept
    {
        // They start on edges, so they expire on edges.
        frame_delay_    = clock_.edge(delay_unit * delay);
        absolute_delay_ = clock_.edge(delay_unit * absolute);
    }
    /// @param delay RAID in units of 1.024 us; 0: no delay
    void set_acknowledge_delay(std::uint32_t delay) noexcept { acknowledge_delay_ = delay_unit * delay; }
    /// @param interval ITR in units of 256 ns; 0: off. An interval that runs keeps its length.
    void set_throttle(std::uint32_t interval) noexcept { interval_ = throttle_unit * interval; }

    /// RDTR is in use.
    [[nodiscard]] bool delays_frames() const noexcept { return frame_delay_ != 0; }
    /// RAID is in use. It counts only beside RDTR.
    [[nodiscard]] bool delays_acknowledgements() const noexcept { return frame_delay_ != 0 && acknowledge_delay_ != 0; }

    // RDTR, RADV, RAID.

    /// RDTR starts anew; RADV starts if it does not run.
    void start(Time t) noexcept
    {
        const Time before = std::exchange(delay_due_, t + frame_delay_);
        if (absolute_due_ == never && absolute_delay_ != 0) absolute_due_ = t + absolute_delay_;
        // RDTR ran already and was not the earliest deadline, so the minimum is unchanged.
        if (before == never || next_ == before) find_next();
    }
    /// RAID starts if it does not run.
    void start_acknowledge(Time t) noexcept
    {
        if (acknowledge_due_ == never) acknowledge_due_ = clock_.edge(t + acknowledge_delay_);
        find_next();
    }
    /// Stops all three.
    /// @return whether RAID ran: ACK is to be raised now
    bool stop() noexcept
    {
        const bool acknowledge = acknowledge_due_ != never;
        acknowledge_due_       = never;
        delay_due_             = never;
        absolute_due_          = never;
        find_next();
        return acknowledge;
    }
    /// RDTR or RADV runs.
    [[nodiscard]] bool frame_timer_runs() const noexcept { return delay_due_ != never || absolute_due_ != never; }
    /// A timer whose end is due at `t`. It runs until stop().
    [[nodiscard]] Ended ended(Time t) const noexcept
    {
        if (delay_due_ <= t) return Ended::delay;
        if (absolute_due_ <= t) return Ended::absolute;
        return acknowledge_due_ <= t ? Ended::acknowledge : Ended::none;
    }
    /// Nothing ends before this that runs at `now` or is started by a frame from `now` on.
    [[nodiscard]] Time first_end(Time now) const noexcept
    {
        return std::min(next_, now + (absolute_delay_ != 0 ? std::min(frame_delay_, absolute_delay_) : frame_delay_));
    }

    // ITR.

    /// The line rises.
    void start_interval(Time t) noexcept { earliest_rise_ = clock_.edge(t + interval_); }
    /// The end of the newest interval: the line does not rise before.
    [[nodiscard]] Time earliest_rise() const noexcept { return earliest_rise_; }
    /// @param cause an unmasked cause waits for the end of the interval, which is therefore a deadline
    void set_held(bool cause) noexcept
    {
        held_until_ = cause ? earliest_rise_ : never;
        find_next();
    }
    /// A cause that waited may raise the line at `t`.
    [[nodiscard]] bool interval_ended(Time t) const noexcept { return held_until_ <= t; }

    /// The earliest deadline.
    [[nodiscard]] Time next() const noexcept { return next_; }
    /// As ProbeKind::interrupt_timers says.
    [[nodiscard]] std::uint32_t running(Time t) const noexcept
    {
        return (delay_due_ != never ? 1U : 0U) | (absolute_due_ != never ? 2U : 0U) | (t < earliest_rise_ ? 4U : 0U);
    }

private:
    static constexpr Time delay_unit    = 1024 * nanosecond;
    static constexpr Time throttle_unit = 256 * nanosecond;

    // Nested std::min: g++ compiles std::min({a, b, c, d}) to a loop.
    void find_next() noexcept
    {
        next_ = std::min(std::min(delay_due_, absolute_due_), std::min(acknowledge_due_, held_until_));
    }

    CoreClock clock_;
    Time      interval_          = 0;
    Time      frame_delay_       = 0;
    Time      absolute_delay_    = 0;
    Time      acknowledge_delay_ = 0;
    Time      acknowledge_due_   = never;
    Time      delay_due_         = never;
    Time      absolute_due_      = never;
    Time      earliest_rise_     = 0;
    Time      held_until_        = never;
    Time      next_              = never;
};

}  // namespace overrun
