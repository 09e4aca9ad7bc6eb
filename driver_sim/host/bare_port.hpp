// SPDX-License-Identifier: Apache-2.0
// How a CPU without SystemC reaches an engine: direct calls, with the link's one-way times added.
// Never adds a latency that the link or the engine already owns.
#pragma once

#include <cstdint>

#include "driver_sim/host/interrupt_bound.hpp"
#include "driver_sim/host/interrupt_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/engine/nic_parameters.hpp"
#include "hw/platform/host_memory.hpp"
#include "hw/platform/pcie_link.hpp"

namespace overrun {

class BarePort {
public:
    struct ReadResult {
        std::uint32_t value;
        Time          completes;  ///< when the CPU has it
    };

    BarePort(NicEngine& engine, PcieLink& link, HostMemory& memory, InterruptQueue& interrupts,
             const NicParameters& parameters)
        : engine_{engine},
          link_{link},
          memory_{memory},
          interrupts_{interrupts},
          clock_{parameters.clock()},
          csr_read_{clock_.cycles(parameters.csr_read_cycles)}
    {
    }

    [[nodiscard]] ReadResult read(std::uint32_t offset, Time t)
    {
        bound_.forget();
        const Time          at    = link_.mmio_read_arrival(t);
        const std::uint32_t value = engine_.read(Bar::csr, offset, at);
        return {value, completion(at)};
    }
    void write(std::uint32_t offset, std::uint32_t value, Time t)
    {
        bound_.forget();
        engine_.post_write(Bar::csr, offset, value, link_.mmio_write_arrival(t));
    }
    [[nodiscard]] ReadResult config_read(std::uint32_t offset, unsigned octets, Time t)
    {
        bound_.forget();
        const Time          at    = link_.mmio_read_arrival(t);
        const std::uint32_t value = engine_.config_read(offset, octets, at);
        return {value, completion(at)};
    }
    /// Not posted: the CPU waits for the completion.
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t)
    {
        bound_.forget();
        const Time at = link_.mmio_read_arrival(t);
        engine_.config_write(offset, value, octets, at);
        return completion(at);
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
    [[nodiscard]] Time completion(Time at) const noexcept
    {
        return link_.mmio_completion_arrival(clock_.edge(at) + csr_read_);
    }

    NicEngine&      engine_;
    PcieLink&       link_;
    HostMemory&     memory_;
    InterruptQueue& interrupts_;
    CoreClock       clock_;
    Time            csr_read_;
    InterruptBound  bound_;
};

}  // namespace overrun
