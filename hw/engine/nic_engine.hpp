// SPDX-License-Identifier: Apache-2.0
// The NIC seam: a NIC without SystemC behind one page of pure interface.
// Contract: an engine calls nothing but the objects that it was built with (EngineSeams).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "hw/engine/dma_port.hpp"
#include "hw/engine/frame_sink.hpp"
#include "hw/engine/frame_source.hpp"
#include "hw/engine/misuse.hpp"
#include "hw/engine/nic_parameters.hpp"
#include "hw/engine/probe.hpp"
#include "hw/engine/space.hpp"

namespace overrun {

enum class InterruptKind : std::uint8_t { intx, msi, msix };

struct InterruptEdge {
    Time          time;  ///< at the device's pin, on a core clock edge
    InterruptKind kind   = InterruptKind::intx;
    std::uint8_t  vector = 0;
    bool          level  = false;  ///< INTx: the new level; messages: always true
};

/// Receives interrupt edges in time order. Queues them; never calls the engine back.
class InterruptSink {
public:
    virtual ~InterruptSink()                          = default;
    virtual void interrupt(const InterruptEdge& edge) = 0;
};

/// What an engine is given. All outlive it.
struct EngineSeams {
    DmaPort&       dma;
    FrameSource&   wire;
    InterruptSink& interrupts;
    Probe          probe{};
    FrameSink*     transmit = nullptr;  ///< may be null; no engine transmits yet
};

/// What a device answers to an access that is not posted.
struct Answer {
    std::uint32_t value;
    Time          time;  ///< from an engine: when it leaves the device; from a host port: when the CPU has it
};

/// Frames that are inside the NIC. Each frame is in one place.
struct FramesHeld {
    std::uint64_t on_wire = 0;  ///< first octet seen, last one not yet
    std::uint64_t in_fifo = 0;  ///< complete, not yet wholly accepted by the DMA write channel
    std::uint64_t in_dma  = 0;  ///< accepted, last descriptor not yet visible to the host

    [[nodiscard]] constexpr std::uint64_t total() const noexcept { return on_wire + in_fifo + in_dma; }
};

/// The laws every engine obeys (docs/theory.md): split invariance, one order at equal times, no future in the
/// present, same grid, late is named. Times do not fall from call to call, except that an access may be late.
class NicEngine {
public:
    virtual ~NicEngine() = default;

    /// Does everything up to and including `t`, commits it, and never anything after `t`.
    virtual void advance(Time t) = 0;

    // Accesses of the host. Each takes effect on an edge of the core clock, and no two on the same one: the first edge
    // after its arrival that no access before it has taken (law 4). Arrivals do not fall. When that edge is not after
    // engine time, the access is late: it is counted and takes effect on the first edge after engine time (law 5).

    /// The edge on which an access takes effect that arrives at `arrival`, behind those that are queued. No effect.
    [[nodiscard]] virtual Time access_edge(Time arrival) const = 0;

    /// Queues a 32-bit write; `advance` applies it on its edge. Space::config counts as a window without registers.
    virtual void post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) = 0;

    /// advance() to the read's edge, then its effect. The caller's own time is at least the answer's before it looks at
    /// memory again.
    [[nodiscard]] virtual Answer read(Space space, std::uint32_t offset, Time arrival) = 0;

    /// PCI configuration space, `octets` is 1, 2 or 4, naturally aligned. As read().
    [[nodiscard]] virtual Answer config_read(std::uint32_t offset, unsigned octets, Time arrival) = 0;
    /// @return when the answer leaves the device: such a write is not posted
    [[nodiscard]] virtual Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets,
                                            Time arrival) = 0;

    /// PERST#: advance() to its edge, then everything as after power-on (contract B.0).
    virtual void reset(Time arrival) = 0;

    /// A lower bound on the next rising interrupt edge, without any effect: may be early, never late.
    /// @return a time in [now, limit], or `never` when there is none up to and including `limit`
    [[nodiscard]] virtual Time interrupt_not_before(Time limit) const = 0;

    /// Commits in order and stops at the first rising interrupt edge at or before `limit`.
    /// Legal only while the sole initiator sleeps until `limit`.
    /// @return the time of the edge, or `never`; engine time is at the edge, or at the last thing that happened
    virtual Time advance_to_interrupt(Time limit) = 0;

    /// When something happens by itself next; `never` when nothing will.
    [[nodiscard]] virtual Time next_internal() const = 0;

    /// Nothing is under way: no frame held, no DMA, no timer, no queued write.
    [[nodiscard]] virtual bool idle() const = 0;

    [[nodiscard]] virtual Time now() const noexcept = 0;

    // Observation, without any effect on the device.
    [[nodiscard]] virtual FramesHeld          frames_held() const = 0;
    [[nodiscard]] virtual const MisuseCounts& misuse() const      = 0;
    [[nodiscard]] virtual std::uint32_t       fifo_peak() const   = 0;  ///< most octets the FIFO has held since reset
    /// Fewest descriptors the device has had after a write-back, since the ring was set up; empty before the first.
    [[nodiscard]] virtual std::optional<std::uint32_t> ring_free_min() const = 0;
    /// Content of a register as a read would return it, without the read's effect.
    [[nodiscard]] virtual std::uint32_t peek(std::uint32_t offset) const = 0;

    /// Reports to this probe from now on.
    virtual void set_probe(Probe probe) = 0;
    /// Every level as it is now and the verdicts on the newest frame, as events at engine time in an order in which
    /// they could have happened; what was never the case yet is left out. `csr` is left out too: see peek().
    virtual void report_levels(ProbeSink& sink) const = 0;
};

/// Makes an engine. What it is given outlives the engine.
using EngineMaker =
    std::function<std::unique_ptr<NicEngine>(const NicParameters& parameters, const EngineSeams& seams)>;

}  // namespace overrun
