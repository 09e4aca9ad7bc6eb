// SPDX-License-Identifier: Apache-2.0
// ICR's read and write rules and the drive of the line.
// Never changes the line in the middle of a time step: causes collect first, then the line follows once.
#include "model/interrupts.hpp"

#include <utility>

namespace overrun {

void Interrupts::reset(Time t)
{
    causes_            = 0;
    mask_              = 0;
    auto_mask_         = 0;
    auto_mask_enabled_ = false;
    waiting_           = false;
    flush_             = false;
    owed_              = false;
    interval_          = 0;
    frame_delay_       = 0;
    absolute_delay_    = 0;
    acknowledge_delay_ = 0;
    acknowledge_due_   = never;
    earliest_rise_     = 0;
    stop_timers();
    drive(t);
}

std::uint32_t Interrupts::read_causes() noexcept
{
    const std::uint32_t value = causes();
    // Without MSI-X a read always clears (B.4, rules 1 and 2).
    causes_ = 0;
    if ((value & reg::ICR::INT_ASSERTED.mask()) != 0) auto_clear_mask();
    dirty_ = true;
    return value;
}

void Interrupts::write_causes(std::uint32_t value) noexcept
{
    const bool asserted = (causes_ & mask_) != 0;
    causes_ &= ~value;
    if ((value & reg::ICR::OTHER.mask()) != 0) {
        // Clearing OTHER clears what it stands for.
        causes_ &= ~(reg::ICR::LSC.mask() | reg::ICR::RXO.mask() | reg::ICR::MDAC.mask() | reg::ICR::SRPD.mask() |
                     reg::ICR::ACK.mask() | reg::ICR::MNG.mask());
    }
    if (asserted) auto_clear_mask();
    dirty_ = true;
}

void Interrupts::auto_clear_mask() noexcept
{
    if (auto_mask_enabled_) mask_ &= ~auto_mask_;
}

void Interrupts::expire(Time t) noexcept
{
    if (delay_due_ <= t || absolute_due_ <= t || acknowledge_due_ <= t) {
        if (delay_due_ <= t || absolute_due_ <= t)
            statistics_.add(delay_due_ <= t ? reg::Counter::ICRXPTC : reg::Counter::ICRXATC);
        stop_timers();
        frames_told();
        flush_ = waiting_;
        dirty_ = true;
    }
    if (throttled_until_ <= t) dirty_ = true;
}

void Interrupts::drive(Time t)
{
    dirty_            = false;
    throttled_until_  = never;
    const bool wanted = (causes_ & mask_) != 0 && !pin_disabled_;
    if (wanted && !line_ && t < earliest_rise_) {
        throttled_until_ = earliest_rise_;
    } else if (wanted != line_) {
        line_ = wanted;
        if (wanted) {
            rose_          = true;
            earliest_rise_ = clock_.edge(t + interval_);
            statistics_.add(reg::Counter::IAC);
        }
        sink_.interrupt({t, InterruptKind::intx, 0, wanted});
    }
    find_due();
    probe_(ProbeKind::interrupt, t, 0, line_ ? 1 : 0, causes());
    if (probe_.wants(ProbeKind::interrupt_timers))
        probe_(ProbeKind::interrupt_timers, t, 0, running_timers(t), static_cast<std::uint64_t>(earliest_rise_));
}

}  // namespace overrun
