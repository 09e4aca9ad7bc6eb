// SPDX-License-Identifier: Apache-2.0
// What the modules of a platform offer each other besides TLM transactions.
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

/// What a CPU of this project needs of a Nic, beyond its registers.
class NicAccess : public virtual sc_core::sc_interface {
public:
    /// The engine, from the end of elaboration on.
    [[nodiscard]] virtual NicEngine& engine() = 0;
    /// Rising interrupt edges so far.
    [[nodiscard]] virtual std::uint64_t rises() const noexcept = 0;
};

/// For a CPU with temporal decoupling (TLM-2.0): its local time, and the engine with it, runs ahead of SystemC's.
class DecoupledNic : public virtual NicAccess {
public:
    /// The caller is the sole initiator. From now on it alone advances the engine, gets every interrupt edge as soon as
    /// it is known, and calls `drive_until`; the Nic does nothing by itself.
    /// Called at the start of simulation, at most once.
    virtual void decouple(InterruptSink& cpu) = 0;

    /// The CPU lets SystemC's time go on to `t`: the line's edges up to then are driven, each at its time.
    virtual void drive_until(Time t) = 0;

    /// Drops the line's edges up to `t` when no process observes the line (InterruptLine); the line has the right level
    /// when SystemC's time next goes on.
    /// @return whether no process observes the line
    [[nodiscard]] virtual bool skip_edges(Time t) = 0;
};

/// For a CPU that keeps to SystemC's time. A Nic that no CPU has decoupled takes each internal step of its engine at
/// exactly its SystemC time, after all else that happens at that time: accesses of processes that wake at the same time
/// belong to the same step. The CPU does not advance the engine past SystemC's time.
class TimedNic : public virtual NicAccess {
public:
    /// From now on `cpu` gets every interrupt edge as soon as it is known. `wake` is notified when the Nic has raised
    /// its line, and when it has nothing left to do by itself. Called at the start of simulation, at most once.
    virtual void attach(InterruptSink& cpu, sc_core::sc_event& wake) = 0;
};

}  // namespace overrun
