// SPDX-License-Identifier: Apache-2.0
// Interrupt causes, mask, delay timers, throttle and the INTx line (contract B.4).
// Never asserts the line for a masked cause, nor twice within one throttle interval.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "hw/engine/nic_engine.hpp"
#include "hw/registers/82574l.hpp"
#include "model/statistics.hpp"

namespace overrun {

class Interrupts {
public:
    Interrupts(InterruptSink& sink, Statistics& statistics, Probe probe, CoreClock clock)
        : sink_{sink}, statistics_{statistics}, probe_{probe}, clock_{clock}
    {
    }

    void reset(Time t);

    // Causes.

    /// A cause that nothing delays. It takes a delayed RXT0 with it, stops the delay timers, and descriptors that wait
    /// are written back (B.4, D12).
    [[gnu::noinline]] void raise(std::uint32_t causes) noexcept
    {
        if (timers_run()) {
            stop_timers();
            frames_told();
        }
        flush_ = waiting_;
        causes_ |= causes;
        dirty_ = true;
    }

    /// RDTR is in use: RXT0 is delayed, and descriptors may wait.
    [[nodiscard]] bool delays() const noexcept { return frame_delay_ != 0; }

    /// A descriptor is finished and waits to be written back with others.
    /// @param frame it ends a frame
    void descriptor_waits(Time t, bool frame) noexcept
    {
        waiting_ = true;
        if (frame) start_timers(t);
    }
    /// The write channel has accepted all descriptors that waited.
    /// @param frame one of them ends a frame that nobody has been told of
    void written_back(Time t, bool frame) noexcept
    {
        waiting_ = false;
        if (owed_) {
            owed_ = false;
            frames_told();
        } else if (frame && frame_delay_ != 0) {
            start_timers(t);
        } else if (frame) {
            frames_told();
        }
    }

    /// Frames with causes of their own, SRPD and ACK, were written back. RAID delays ACK while RDTR delays RXT0.
    [[gnu::noinline]] void raise_of_frames(Time t, std::uint32_t causes) noexcept
    {
        if (delays() && acknowledge_delay_ != 0 && causes == reg::ICR::ACK.mask()) {
            if (acknowledge_due_ == never) acknowledge_due_ = clock_.edge(t + acknowledge_delay_);
            find_due();
        } else {
            raise(causes);
        }
    }

    // Registers.

    [[nodiscard]] std::uint32_t causes() const noexcept
    {
        return causes_ | ((causes_ & mask_) != 0 ? reg::ICR::INT_ASSERTED.mask() : 0);
    }
    [[nodiscard]] std::uint32_t mask() const noexcept { return mask_; }
    [[nodiscard]] std::uint32_t read_causes() noexcept;
    void                        write_causes(std::uint32_t value) noexcept;
    void                        set_causes(std::uint32_t value) noexcept { raise(value & settable); }
    void                        set_mask(std::uint32_t value) noexcept
    {
        mask_ |= value & settable;
        dirty_ = true;
    }
    void clear_mask(std::uint32_t value) noexcept
    {
        mask_ &= ~value;
        dirty_ = true;
    }
    void set_auto_mask(bool enabled, std::uint32_t auto_mask) noexcept
    {
        auto_mask_enabled_ = enabled;
        auto_mask_         = auto_mask;
    }
    /// @param units of 256 ns; 0: off
    void set_throttle(std::uint32_t units) noexcept
    {
        interval_ = Time{units} * 256 * nanosecond;
        dirty_    = true;
    }
    /// @param delay, absolute in units of 1.024 us; 0: no delay, no bound
    void set_delays(std::uint32_t delay, std::uint32_t absolute) noexcept
    {
        // They start on edges, so they expire on edges.
        frame_delay_    = clock_.edge(Time{delay} * 1024 * nanosecond);
        absolute_delay_ = clock_.edge(Time{absolute} * 1024 * nanosecond);
        if (delay == 0 && waiting_) flush_ = dirty_ = true;
    }
    /// @param delay in units of 1.024 us; 0: an acknowledgement is told at once
    void set_acknowledge_delay(std::uint32_t delay) noexcept { acknowledge_delay_ = Time{delay} * 1024 * nanosecond; }
    /// RDTR.FPD.
    void flush_delay() noexcept
    {
        if (timers_run() || waiting_) raise(0);
    }
    /// PCI Command bit 10.
    void set_pin_disabled(bool disabled) noexcept
    {
        pin_disabled_ = disabled;
        dirty_        = true;
    }

    // Time.

    [[nodiscard]] Time next() const noexcept { return due_; }
    /// Timers that are due at `t`.
    void expire(Time t) noexcept;
    /// Something has changed that the line, or who holds descriptors back, has to follow.
    [[nodiscard]] bool dirty() const noexcept { return dirty_; }
    /// Whether descriptors that wait are to be written back. Asked once.
    [[nodiscard]] bool take_flush() noexcept { return std::exchange(flush_, false); }
    /// Drives the line after everything else at `t`.
    void evaluate(Time t)
    {
        if (dirty_) drive(t);
    }
    /// Whether the line rose since the last take_rise().
    [[nodiscard]] bool rose() const noexcept { return rose_; }
    [[nodiscard]] bool take_rise() noexcept { return std::exchange(rose_, false); }

    void set_probe(Probe probe) noexcept { probe_ = probe; }
    /// Line, causes and timers, as events at `t`.
    void report_levels(ProbeSink& sink, Time t) const
    {
        sink.event({ProbeKind::interrupt, t, 0, line_ ? 1U : 0U, causes()});
        sink.event({ProbeKind::interrupt_timers, t, 0, running_timers(t), static_cast<std::uint64_t>(earliest_rise_)});
    }

    [[nodiscard]] bool line() const noexcept { return line_; }
    [[nodiscard]] bool can_rise() const noexcept { return !line_ && !pin_disabled_ && mask_ != 0; }
    /// Before this no frame that is written back from `now` on makes the line rise, nor does a timer.
    [[nodiscard]] Time frames_are_quiet_until(Time now) const noexcept
    {
        if (!can_rise()) return never;
        if (!delays() || owed_) return now;
        return std::min(due_, now + (absolute_delay_ != 0 ? std::min(frame_delay_, absolute_delay_) : frame_delay_));
    }
    /// An unmasked cause is set.
    [[nodiscard]] bool pending() const noexcept { return (causes_ & mask_) != 0; }
    [[nodiscard]] Time earliest_rise() const noexcept { return earliest_rise_; }

private:
    /// What ICS can set and IMS can enable: bits 0 to 18 and 20 to 24 (B.4). INT_ASSERTED follows from the others.
    static constexpr std::uint32_t settable = 0x01f7'ffffU;

    [[nodiscard]] bool timers_run() const noexcept { return delay_due_ != never || absolute_due_ != never; }
    /// What they delayed is told, or by the caller.
    void stop_timers() noexcept
    {
        if (acknowledge_due_ != never) causes_ |= reg::ICR::ACK.mask();
        acknowledge_due_ = never;
        delay_due_       = never;
        absolute_due_    = never;
        find_due();
    }
    void start_timers(Time t) noexcept
    {
        const Time before = std::exchange(delay_due_, t + frame_delay_);
        if (absolute_due_ == never && absolute_delay_ != 0) absolute_due_ = t + absolute_delay_;
        // Started anew behind the bound, it moves nothing.
        if (before == never || due_ == before) find_due();
    }
    /// As ProbeKind::interrupt_timers says.
    [[nodiscard]] std::uint32_t running_timers(Time t) const noexcept
    {
        return (delay_due_ != never ? 1U : 0U) | (absolute_due_ != never ? 2U : 0U) | (t < earliest_rise_ ? 4U : 0U);
    }
    /// RXT0, which never comes before the descriptors that it stands for (D13).
    void frames_told() noexcept
    {
        owed_ = waiting_;
        if (waiting_ || (causes_ & reg::ICR::RXT0.mask()) != 0) return;
        causes_ |= reg::ICR::RXT0.mask();
        dirty_ = true;
    }
    // In pairs: a list of four becomes a loop.
    void find_due() noexcept
    {
        due_ = std::min(std::min(delay_due_, absolute_due_), std::min(acknowledge_due_, throttled_until_));
    }
    [[gnu::noinline]] void drive(Time t);
    void                   auto_clear_mask() noexcept;

    InterruptSink& sink_;
    Statistics&    statistics_;
    Probe          probe_;
    CoreClock      clock_;

    std::uint32_t causes_            = 0;  // ICR without INT_ASSERTED
    std::uint32_t mask_              = 0;
    std::uint32_t auto_mask_         = 0;
    bool          auto_mask_enabled_ = false;
    bool          pin_disabled_      = false;
    bool          line_              = false;
    bool          rose_              = false;
    bool          dirty_             = false;
    bool          waiting_           = false;  // finished descriptors wait to be written back
    bool          flush_             = false;  // ... and shall no longer
    bool          owed_              = false;  // RXT0 follows them
    Time          interval_          = 0;
    Time          frame_delay_       = 0;
    Time          absolute_delay_    = 0;
    Time          acknowledge_delay_ = 0;
    Time          acknowledge_due_   = never;
    Time          delay_due_         = never;
    Time          absolute_due_      = never;
    Time          earliest_rise_     = 0;      // end of the current throttle interval
    Time          throttled_until_   = never;  // the same while a cause waits for it
    Time          due_               = never;  // the earliest of the four
};

}  // namespace overrun
