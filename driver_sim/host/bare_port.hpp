// SPDX-License-Identifier: Apache-2.0
// The host port without SystemC: direct calls of the engine, with the link's one-way times added.
#pragma once

#include <cstdint>

#include "driver_sim/host/interrupt_bound.hpp"
#include "driver_sim/host/interrupt_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/platform/host_memory.hpp"
#include "hw/platform/pcie_link.hpp"

namespace overrun {

/// A HostPort (host_port.hpp).
class BarePort {
public:
    BarePort(NicEngine& engine, PcieLink& link, HostMemory& memory, InterruptQueue& interrupts)
        : engine_{engine}, link_{link}, memory_{memory}, interrupts_{interrupts}
    {
    }

    [[nodiscard]] Answer read(std::uint32_t offset, Time t)
    {
        bound_.forget();
        return completed(engine_.read(Space::csr, offset, link_.mmio_read_arrival(t)));
    }
    void write(std::uint32_t offset, std::uint32_t value, Time t)
    {
        bound_.forget();
        engine_.post_write(Space::csr, offset, value, link_.mmio_write_arrival(t));
    }
    [[nodiscard]] Answer config_read(std::uint32_t offset, unsigned octets, Time t)
    {
        bound_.forget();
        return completed(engine_.config_read(offset, octets, link_.mmio_read_arrival(t)));
    }
    /// Not posted: the CPU waits for the completion.
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t)
    {
        bound_.forget();
        return link_.mmio_completion_arrival(engine_.config_write(offset, value, octets, link_.mmio_read_arrival(t)));
    }

    void fence(Time t)
    {
        if (engine_.next_internal() <= t) engine_.advance(t);
    }

    /// The device does all that it does by itself up to `t`.
    void run_device(Time t) { engine_.advance(t); }

    /// Before this no interrupt arrives that the queue does not know, as far as has been asked.
    [[nodiscard]] Time quiet_until() const noexcept { return bound_.quiet_until(); }
    /// Whether an interrupt may arrive by `t` that the queue does not know yet.
    [[nodiscard]] bool interrupt_possible(Time t) { return bound_.allows(engine_, t); }

    /// The CPU touches nothing until `limit`: runs the engine to its next interrupt edge.
    /// @return whether there was one
    bool run_to_interrupt(Time limit) { return engine_.advance_to_interrupt(limit) != never; }

    /// The CPU's time is `t` and it goes to sleep or wakes; nothing to synchronise with here.
    void synchronise(Time) {}

    [[nodiscard]] InterruptQueue& interrupts() noexcept { return interrupts_; }
    [[nodiscard]] HostMemory&     memory() noexcept { return memory_; }

private:
    [[nodiscard]] Answer completed(const Answer& answer) const noexcept
    {
        return {answer.value, link_.mmio_completion_arrival(answer.time)};
    }

    NicEngine&      engine_;
    PcieLink&       link_;
    HostMemory&     memory_;
    InterruptQueue& interrupts_;
    InterruptBound  bound_;
};

}  // namespace overrun
