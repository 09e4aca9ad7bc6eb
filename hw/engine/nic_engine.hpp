// SPDX-License-Identifier: Apache-2.0
// The NIC seam: a NIC without SystemC behind one page of pure interface.
// Never calls back into its caller except through the objects it was built with (EngineSeams).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "hw/engine/dma_port.hpp"
#include "hw/engine/frame_source.hpp"
#include "hw/engine/nic_parameters.hpp"
#include "hw/engine/probe.hpp"

namespace overrun {

enum class InterruptKind : std::uint8_t { intx, msi, msix };

struct InterruptEdge {
    Time          time;  ///< at the device's pin, on a core clock edge unless a host access caused it
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

/// The device's four windows (contract A.1).
enum class Bar : std::uint8_t {
    csr   = 0,  ///< 128 KiB of registers
    flash = 1,  ///< reads 0, ignores writes
    io    = 2,  ///< IOADDR at 0 and IODATA at 4: the registers, indirectly
    msix  = 3,  ///< MSI-X table and pending bits
};

class NicEngine;

/// Looks at an engine at moments that it names beforehand, so that in between it costs nothing.
class EngineWatch {
public:
    virtual ~EngineWatch() = default;

    /// The next moment, after the one before; `never` for none. Asked when the engine is built and after each look.
    [[nodiscard]] virtual Time next_look() const = 0;

    /// The engine has done everything up to and including `t`, and nothing after it. May observe it and change its
    /// probe, and nothing else. Not called for a moment after which nothing happens any more.
    virtual void look(NicEngine& engine, Time t) = 0;
};

/// What an engine is given. All outlive it.
struct EngineSeams {
    DmaPort&       dma;
    FrameSource&   wire;
    InterruptSink& interrupts;
    Probe          probe{};
    EngineWatch*   watch = nullptr;
};

/// Frames that are inside the NIC. Each frame is in one place.
struct FramesHeld {
    std::uint64_t on_wire = 0;  ///< first octet seen, last one not yet
    std::uint64_t in_fifo = 0;  ///< complete, not yet wholly accepted by the DMA write channel
    std::uint64_t in_dma  = 0;  ///< accepted, last descriptor not yet visible to the host

    [[nodiscard]] constexpr std::uint64_t total() const noexcept { return on_wire + in_fifo + in_dma; }
};

/// What a driver did that the device forgives: counted, named, never fatal.
enum class Misuse : std::uint8_t {
    unmapped_read,  ///< a register offset that the device does not have
    unmapped_write,
    unimplemented_read,  ///< a register of the map that this engine does not act on
    unimplemented_write,
    unaligned_access,           ///< not an aligned dword: reads 0, writes are ignored
    tail_beyond_ring,           ///< RDT >= ring size: the ring counts as empty
    head_beyond_ring,           ///< RDH >= ring size: the ring counts as empty
    ring_changed_while_active,  ///< RDBA, RDLEN or RDH written with EN = 1 and RDH != RDT
    null_buffer,                ///< a descriptor with buffer address 0
    reserved_buffer_size,       ///< RCTL.BSEX with BSIZE 00
    descriptor_fault,  ///< host memory refused a descriptor read: the queue stops until the ring is set up again
    write_fault,       ///< host memory refused a payload or descriptor write
    no_bus_master,     ///< DMA was due while PCI Command.BusMaster was 0
    late_access,       ///< an access earlier than engine time (law 5)
    count,
};

[[nodiscard]] std::string_view name_of(Misuse misuse) noexcept;

using MisuseCounts = std::array<std::uint64_t, static_cast<std::size_t>(Misuse::count)>;

/// The laws every engine obeys (docs/theory.md): split invariance, one order at equal times, no future in the
/// present, same grid, late is named. Times never fall from call to call, except that an access may be late.
class NicEngine {
public:
    virtual ~NicEngine() = default;

    /// Does everything up to and including `t`, commits it, and never anything after `t`.
    virtual void advance(Time t) = 0;

    /// Queues a 32-bit write that reaches the device at `arrival`; `advance` applies it then.
    /// Arrivals do not fall. An arrival before engine time is applied at engine time and counted as late.
    virtual void post_write(Bar bar, std::uint32_t offset, std::uint32_t value, Time arrival) = 0;

    /// advance(at), then the read's effect. The caller's own time is at least `at` before it looks at memory again.
    [[nodiscard]] virtual std::uint32_t read(Bar bar, std::uint32_t offset, Time at) = 0;

    /// PCI configuration space, `octets` is 1, 2 or 4, naturally aligned. advance(at) first; takes effect at once.
    [[nodiscard]] virtual std::uint32_t config_read(std::uint32_t offset, unsigned octets, Time at) = 0;
    virtual void config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time at)  = 0;

    /// PERST#: advance(at), then everything as after power-on (contract B.0).
    virtual void reset(Time at) = 0;

    /// A lower bound on the next rising interrupt edge, without any effect: may be early, never late.
    /// @return a time in [now, limit], or `never` when there is none up to and including `limit`
    [[nodiscard]] virtual Time interrupt_not_before(Time limit) const = 0;

    /// Commits in order and stops at the first rising interrupt edge at or before `limit`.
    /// Legal only while the sole initiator sleeps until `limit`.
    /// @return the time of the edge, with engine time there; or `never`, with engine time at `limit`
    ///         (at the last thing that happened when `limit` is `never`)
    virtual Time advance_to_interrupt(Time limit) = 0;

    /// When something happens by itself next; `never` when nothing will.
    [[nodiscard]] virtual Time next_internal() const = 0;

    /// Nothing is under way: no frame held, no DMA, no timer, no queued write.
    [[nodiscard]] virtual bool idle() const = 0;

    [[nodiscard]] virtual Time now() const noexcept = 0;

    // For a DMA port that books accesses as `untold`; for the engine they stay under way until they are done. Meanwhile
    // the caller advances to points in time only, never to `never`.

    /// The octets of the oldest write that is booked as `untold` and not done. No effect.
    /// @param octets as many as were booked
    /// @throws std::logic_error from an engine that only works on ports that tell times
    virtual void untold_octets(std::span<std::byte> octets);

    /// The times of the oldest access of this operation that was booked as `untold`; `completed` is not before engine
    /// time. The engine commits the access at that time, as any other. Called between calls of the engine, not from
    /// the port's own functions.
    /// @throws std::logic_error as above
    virtual void dma_done(const DmaDone& done);

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

}  // namespace overrun
