// SPDX-License-Identifier: Apache-2.0
// What the modules of a platform offer each other besides TLM transactions.
// Never a way around the wire, the link or the memory: each hands out what it wraps.
#pragma once

#include <systemc>

#include "hw/engine/frame_source.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/platform/pcie_link.hpp"

namespace overrun {

/// The end of a wire that a Nic is plugged into.
class WireEnd : public virtual sc_core::sc_interface {
public:
    /// Where the frames come from; valid from elaboration on and as long as the simulation.
    [[nodiscard]] virtual FrameSource& frames() = 0;
};

/// The cost of DMA on the way from a device to host memory. Whoever moves octets by pointer books their time here.
class PcieCost : public virtual sc_core::sc_interface {
public:
    [[nodiscard]] virtual PcieLink& link() = 0;
};

/// What a CPU that runs ahead of SystemC's time needs of a Nic, beyond its registers.
class LookAhead : public virtual sc_core::sc_interface {
public:
    /// The engine, from the end of elaboration on. Only the leader may advance it.
    [[nodiscard]] virtual NicEngine& engine() = 0;

    /// The caller is the sole initiator that runs ahead. From now on it keeps the engine up to date, gets every
    /// interrupt edge as soon as it is known, and calls `show_line`; the Nic does nothing by itself.
    /// Called at the start of simulation, at most once.
    virtual void lead(InterruptSink& cpu) = 0;

    /// The leader lets SystemC's time go on to `t`: the line's edges up to then are driven, each at its time.
    virtual void show_line(Time t) = 0;

    /// Whether nobody waits for the line's changes (InterruptLine). If so, those up to `t` are not driven one by one:
    /// the line has the right level when SystemC's time next goes on.
    [[nodiscard]] virtual bool pass_over(Time t) = 0;

    /// Rising edges so far.
    [[nodiscard]] virtual std::uint64_t rises() const noexcept = 0;
};

/// What a CPU that keeps to SystemC's time needs of a Nic, beyond its registers. Without a leader (LookAhead) a Nic
/// takes each internal step of its engine at exactly its SystemC time, after whatever else is under way at that time:
/// accesses of processes that wake at the same time belong to the same step.
class StepByStep : public virtual sc_core::sc_interface {
public:
    /// The engine, from the end of elaboration on. Nobody advances it past SystemC's time.
    [[nodiscard]] virtual NicEngine& engine() = 0;

    /// From now on `cpu` gets every interrupt edge as soon as it is known. `news` is notified when the Nic has raised
    /// its line, and when it has nothing left to do by itself. Called at the start of simulation, at most once.
    virtual void tell(InterruptSink& cpu, sc_core::sc_event& news) = 0;

    /// Rising edges so far.
    [[nodiscard]] virtual std::uint64_t rises() const noexcept = 0;
};

}  // namespace overrun
