// SPDX-License-Identifier: Apache-2.0
// What the driver does rarely: other rates, other rings, and bringing back a device that was reset or hangs.
#pragma once

#include "driver_sim/driver/driver.hpp"

namespace overrun {

// Linux decides at the end of the poll, by what came since the interrupt.
template <Bus B>
[[gnu::noinline]] void Driver<B>::adapt_rate()
{
    const auto itr = rate_.served(counts_.frames - rated_.frames, counts_.octets - rated_.octets, gigabit_);
    rated_         = counts_;
    if (!itr) return;
    write(reg::ITR::offset, *itr);
    ++counts_.rate_changes;
}

template <Bus B>
[[gnu::noinline]] void Driver<B>::discard_ring()
{
    while (ring_.done(bus_)) {
        if (ring_.received().end_of_frame) finish(Fate::reset_discard);
        ring_.refill(bus_);
    }
}

template <Bus B>
[[gnu::noinline]] void Driver<B>::resize(std::uint32_t ring)
{
    write(reg::IMC::offset, ~0U);
    write(reg::RCTL::offset, read(reg::RCTL::offset) & ~reg::RCTL::EN.mask());
    bus_.sleep_until(bus_.now() + 10 * millisecond);
    // Descriptors that wait for others come back too.
    write(reg::RDTR::offset, settings_.rdtr | reg::RDTR::FPD.mask());
    bus_.sleep_until(bus_.now() + 10 * microsecond);
    while (ring_.done(bus_)) {
        bus_.spend(settings_.frame_time);
        receive();
        ring_.refill(bus_);
    }

    const bool split = in_split_frame_;  // the rest of a frame may come in the new ring
    RxRing     old   = std::exchange(ring_, RxRing{ring});
    settings_.ring   = ring;
    ring_.allocate(bus_);
    set_up_receive();
    in_split_frame_ = split;
    old.revoke(bus_);
    enable();
    ++counts_.resizes;
}

template <Bus B>
[[gnu::noinline]] bool Driver<B>::attend()
{
    if (!watchdog_.on()) return false;
    look_after();
    return !watchdog_.rests();
}

template <Bus B>
[[gnu::noinline]] void Driver<B>::look_after()
{
    const Time t = bus_.now();
    DeviceView view{.status = read(reg::STATUS::offset), .interrupts = counts_.interrupts};
    if (view.status != ~0U) {
        view.enabled        = reg::RCTL::EN.in(read(reg::RCTL::offset));
        view.head           = read(reg::RDH::at(0));
        view.frames_waiting = read(reg::RDFPC::offset);
        view.with_device    = ring_.with_device();
        read_statistics();
    }
    ++counts_.looks;
    switch (watchdog_.look(view, t)) {
        case DeviceHealth::well: return;
        case DeviceHealth::gone:
        case DeviceHealth::lost: ++counts_.lost; break;
        case DeviceHealth::hung:
            ++counts_.hangs;
            // The reset will clear what was counted since.
            write(reg::RCTL::offset, 0);
            read_statistics();
            break;
    }
    recover();
}

// Should it fail, the next look finds the device as bad as this one did.
template <Bus B>
[[gnu::noinline]] void Driver<B>::recover()
{
    bus_.set_interrupt_handler(nullptr);
    state(DriverState::down);
    const bool reset = probe_device() && !reset_device();
    // What lies in the ring belongs to a device that is no more.
    discard_ring();
    if (reset && !read_nvm()) {
        set_up_mac();
        ring_.restart();
        set_up_receive();
        enable();
        static_cast<void>(wait_for_link());
    }
    watchdog_.forget();
    watchdog_.wake(bus_.now());
}

}  // namespace overrun
