// SPDX-License-Identifier: Apache-2.0
// Interrupt causes, mask, moderation by timers, and the INTx line (contract B.4).
#pragma once

#include <cstdint>
#include <utility>

#include "hw/engine/nic_engine.hpp"
#include "hw/registers/82574l.hpp"
#include "model/interrupt_timers.hpp"
#include "model/statistics.hpp"

namespace overrun {

class Interrupts {
public:
    Interrupts(InterruptSink& sink, Statistics& statistics, Probe probe, CoreClock clock)
        : sink_{sink}, statistics_{statistics}, probe_{probe}, timers_{clock}
    {
    }

    void reset(Time t);

    // Causes.

    /// A cause that no timer delays. It ends every delay (B.4, D12).
    [[gnu::noinline]] void raise(std::uint32_t causes) noexcept
    {
        end_delays();
        causes_ |= causes;
    }

    /// RDTR is in use: RXT0 is delayed, and descriptors may wait.
    [[nodiscard]] bool delays() const noexcept { return timers_.delays_frames(); }

    /// A descriptor is finished and waits to be written back with others.
    /// @param frame it ends a frame
    void descriptor_waits(Time t, bool frame) noexcept
    {
        waiting_ = true;
        if (frame) timers_.start(t);
    }
    /// The write channel has accepted all descriptors that waited.
    /// @param frame one of them ends a frame that no RXT0 has stood for
    void written_back(Time t, bool frame) noexcept
    {
        waiting_ = false;
        if (owed_) {
            owed_ = false;
            raise_rxt0();
        } else if (frame && delays()) {
            timers_.start(t);
        } else if (frame) {
            raise_rxt0();
        }
    }

    /// Frames with causes of their own, SRPD and ACK, were written back. RAID delays ACK while RDTR delays RXT0.
    [[gnu::noinline]] void raise_of_frames(Time t, std::uint32_t causes) noexcept
    {
        if (timers_.delays_acknowledgements() && causes == reg::ICR::ACK.mask()) {
            timers_.start_acknowledge(t);
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
        timers_.set_throttle(units);
        dirty_ = true;
    }
    /// @param delay, absolute in units of 1.024 us; 0: no delay, no bound
    void set_delays(std::uint32_t delay, std::uint32_t absolute) noexcept
    {
        timers_.set_delays(delay, absolute);
        if (delay == 0 && waiting_) flush_ = dirty_ = true;
    }
    /// @param delay in units of 1.024 us; 0: ACK is raised at once
    void set_acknowledge_delay(std::uint32_t delay) noexcept { timers_.set_acknowledge_delay(delay); }
    /// RDTR.FPD.
    void flush_delay() noexcept
    {
        if (timers_.frame_timer_runs() || waiting_) end_delays();
    }
    /// PCI Command bit 10.
    void set_pin_disabled(bool disabled) noexcept
    {
        pin_disabled_ = disabled;
        dirty_        = true;
    }

    // Time.

    [[nodiscard]] Time next() const noexcept { return timers_.next(); }
    /// Timers that are due at `t`.
    void expire(Time t) noexcept;
    /// Something has changed that the line, or the DMA's descriptors that wait, have to follow.
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
        sink.event(
            {ProbeKind::interrupt_timers, t, 0, timers_.running(t), static_cast<std::uint64_t>(earliest_rise())});
    }

    [[nodiscard]] bool line() const noexcept { return line_; }
    [[nodiscard]] bool can_rise() const noexcept { return !line_ && !pin_disabled_ && mask_ != 0; }
    /// Before this no frame that is written back from `now` on makes the line rise, nor does a timer.
    [[nodiscard]] Time frames_are_quiet_until(Time now) const noexcept
    {
        if (!can_rise()) return never;
        if (!delays() || owed_) return now;
        return timers_.first_end(now);
    }
    /// An unmasked cause is set.
    [[nodiscard]] bool pending() const noexcept { return (causes_ & mask_) != 0; }
    [[nodiscard]] Time earliest_rise() const noexcept { return timers_.earliest_rise(); }

private:
    /// What ICS can set and IMS can enable: bits 0 to 18 and 20 to 24 (B.4). INT_ASSERTED follows from the others.
    static constexpr std::uint32_t settable = 0x01f7'ffffU;

    /// RXT0, and ACK if RAID ran, come now; descriptors that wait are written back.
    void end_delays() noexcept
    {
        if (timers_.frame_timer_runs()) {
            stop_timers();
            raise_rxt0();
        }
        flush_ = waiting_;
        dirty_ = true;
    }
    /// A delayed ACK becomes a cause now. RXT0 is left to the caller.
    void stop_timers() noexcept
    {
        if (timers_.stop()) causes_ |= reg::ICR::ACK.mask();
    }
    /// RXT0 never comes before the descriptors that it stands for (D13): while these wait, it is owed.
    void raise_rxt0() noexcept
    {
        owed_ = waiting_;
        if (waiting_ || (causes_ & reg::ICR::RXT0.mask()) != 0) return;
        causes_ |= reg::ICR::RXT0.mask();
        dirty_ = true;
    }
    [[gnu::noinline]] void drive(Time t);
    void                   auto_clear_mask() noexcept;

    InterruptSink& sink_;
    Statistics&    statistics_;
    Probe          probe_;

    std::uint32_t   causes_            = 0;  // ICR without INT_ASSERTED
    std::uint32_t   mask_              = 0;
    std::uint32_t   auto_mask_         = 0;
    bool            auto_mask_enabled_ = false;
    bool            pin_disabled_      = false;
    bool            line_              = false;
    bool            rose_              = false;
    bool            dirty_             = false;
    bool            waiting_           = false;  // finished descriptors wait to be written back
    bool            flush_             = false;  // ... and are to be written back now
    bool            owed_              = false;  // RXT0 follows their write-back
    InterruptTimers timers_;
};

}  // namespace overrun
