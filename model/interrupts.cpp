// SPDX-License-Identifier: Apache-2.0
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
    timers_.reset();
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
    using Ended = InterruptTimers::Ended;
    if (const Ended ended = timers_.ended(t); ended != Ended::none) {
        if (ended != Ended::acknowledge)
            statistics_.add(ended == Ended::delay ? reg::Counter::ICRXPTC : reg::Counter::ICRXATC);
        stop_timers();
        raise_rxt0();
        flush_ = waiting_;
        dirty_ = true;
    }
    if (timers_.interval_ended(t)) dirty_ = true;
}

void Interrupts::drive(Time t)
{
    dirty_            = false;
    const bool wanted = (causes_ & mask_) != 0 && !pin_disabled_;
    const bool held   = wanted && !line_ && t < earliest_rise();
    if (wanted != line_ && !held) {
        line_ = wanted;
        if (wanted) {
            rose_ = true;
            timers_.start_interval(t);
            statistics_.add(reg::Counter::IAC);
        }
        sink_.interrupt({t, InterruptKind::intx, 0, wanted});
    }
    timers_.set_held(held);
    probe_(ProbeKind::interrupt, t, 0, line_ ? 1 : 0, causes());
    if (probe_.wants(ProbeKind::interrupt_timers))
        probe_(ProbeKind::interrupt_timers, t, 0, timers_.running(t), static_cast<std::uint64_t>(earliest_rise()));
}

}  // namespace overrun
