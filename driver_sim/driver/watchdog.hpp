// SPDX-License-Identifier: Apache-2.0
// When the driver looks after its device, and what it makes of what it sees.
// Never reads a register and never repairs: the driver does both.
#pragma once

#include <cstdint>

#include "hw/base/time.hpp"

namespace overrun {

/// What the driver read on one look.
struct DeviceView {
    std::uint32_t status         = 0;      ///< STATUS; all ones when nobody answers
    bool          enabled        = false;  ///< RCTL.EN
    std::uint32_t head           = 0;      ///< RDH
    std::uint32_t frames_waiting = 0;      ///< RDFPC
    std::uint32_t with_device    = 0;      ///< descriptors that the device has
    std::uint64_t interrupts     = 0;      ///< so far
};

enum class DeviceHealth : std::uint8_t {
    well,
    gone,  ///< nobody answers
    lost,  ///< the device is not set up as the driver left it
    hung,  ///< frames and descriptors, and nothing moves
};

/// Looks every `period`. When two looks see the same it rests, so that a run may end; an interrupt wakes it.
class Watchdog {
public:
    /// @param period 0: never looks
    explicit Watchdog(Time period) : period_{period} {}

    [[nodiscard]] bool on() const noexcept { return period_ != 0; }
    [[nodiscard]] bool rests() const noexcept { return resting_; }
    /// When the next look is due; `never` while it rests or is off.
    [[nodiscard]] Time due() const noexcept { return due_; }

    /// From `t` on. Its times stay whole periods from the first call.
    void wake(Time t) noexcept
    {
        resting_ = false;
        if (!on() || due_ != never) return;
        if (first_ == never) first_ = t;
        due_ = first_ + ((t - first_) / period_ + 1) * period_;
    }

    /// Takes a look at `t`.
    [[nodiscard]] DeviceHealth look(const DeviceView& view, Time t) noexcept
    {
        const bool stuck     = view.frames_waiting != 0 && view.with_device != 0;
        const bool still     = seen_ && view.head == last_.head && view.interrupts == last_.interrupts;
        const bool same      = still && view.frames_waiting == last_.frames_waiting;
        const bool was_stuck = seen_ && last_.frames_waiting != 0 && last_.with_device != 0 && view.head == last_.head;
        last_                = view;
        seen_                = true;
        due_                 = never;
        if (view.status == ~0U) return DeviceHealth::gone;
        if (!view.enabled) return DeviceHealth::lost;
        if (stuck && was_stuck) return DeviceHealth::hung;
        resting_ = same && !stuck;
        if (!resting_) wake(t);
        return DeviceHealth::well;
    }

    /// The device was set up anew: what was seen before says nothing.
    void forget() noexcept { seen_ = false; }

private:
    Time       period_;
    Time       first_   = never;
    Time       due_     = never;
    bool       resting_ = true;  // until the first wake()
    bool       seen_    = false;
    DeviceView last_;
};

}  // namespace overrun
