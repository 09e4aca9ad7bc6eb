// SPDX-License-Identifier: Apache-2.0
// The probe seam: engines and driver report what happens to a frame to one sink.
// Never changes what it observes; a kind of event that the sink does not want is not even built.
#pragma once

#include <cstdint>

#include "hw/engine/fate.hpp"
#include "hw/ethernet/frame.hpp"

namespace overrun {

enum class ProbeKind : std::uint8_t {
    // The life of a frame, in which `id` names the frame.
    offered,       ///< its first octet is on the wire at `time`; value: length with FCS
    stored,        ///< complete in the FIFO at `time`
    ended,         ///< the NIC ended it; value: its Fate
    written_back,  ///< its last descriptor is visible to the host; value: WriteBack
    // The driver's side: in the order of the ring, so no id is needed.
    taken,  ///< the driver is done with the oldest frame in the ring; value: its Fate
    // Levels, reported when they change.
    wire,              ///< value: 1 while busy; extra: octets of the frame
    rx_filter,         ///< value: 1 accepted; extra: FilterReason
    rx_fifo,           ///< value: octets charged; extra: complete frames
    descriptor_cache,  ///< value: descriptors held; extra: descriptors in flight
    rx_dma,            ///< value: 1 while a write is under way; extra: its host address
    csr,               ///< value: content; extra: register offset
    interrupt,         ///< value: line level; extra: ICR
    interrupt_timers,  ///< value: bit 0 RDTR runs, bit 1 RADV, bit 2 ITR; extra: with bit 2, ITR's end
    driver,            ///< value: DriverState; extra: free descriptors that the NIC may use
};

/// How much of a frame and its descriptors host memory let through.
enum class WriteBack : std::uint8_t { whole, payload_refused, descriptor_refused };

struct ProbeEvent {
    ProbeKind     kind;
    Time          time;
    FrameId       id    = 0;
    std::uint64_t value = 0;
    std::uint64_t extra = 0;
};

/// A set of kinds, one bit each.
using ProbeKinds = std::uint32_t;

[[nodiscard]] constexpr ProbeKinds probe_bit(ProbeKind kind) noexcept
{
    return ProbeKinds{1} << static_cast<unsigned>(kind);
}

inline constexpr ProbeKinds frame_life_kinds = probe_bit(ProbeKind::offered) | probe_bit(ProbeKind::ended) |
                                               probe_bit(ProbeKind::written_back) | probe_bit(ProbeKind::taken);
inline constexpr ProbeKinds all_probe_kinds = ~ProbeKinds{0};
inline constexpr ProbeKinds level_kinds     = all_probe_kinds << static_cast<unsigned>(ProbeKind::wire);

// Probe sends what stands before `wire` to the sink of lives, and everything else to the sink of levels.
static_assert((frame_life_kinds | probe_bit(ProbeKind::stored)) == static_cast<ProbeKinds>(~level_kinds),
              "events of a frame's life stand before `wire`, levels from there on");

class ProbeSink {
public:
    virtual ~ProbeSink() = default;

    /// What this sink wants; asked once, when it is attached.
    [[nodiscard]] virtual ProbeKinds kinds() const = 0;

    // The life of a frame has calls of its own, because every frame makes them. Unless a sink says otherwise they are
    // events like all others.

    /// @param length octets with FCS
    virtual void offered(FrameId id, Time start, std::uint32_t length)
    {
        event({ProbeKind::offered, start, id, length});
    }
    virtual void ended(FrameId id, Time time, Fate fate)
    {
        event({ProbeKind::ended, time, id, static_cast<std::uint64_t>(fate)});
    }
    virtual void written_back(FrameId id, Time time, WriteBack result)
    {
        event({ProbeKind::written_back, time, id, static_cast<std::uint64_t>(result)});
    }
    virtual void taken(Time time, Fate fate) { event({ProbeKind::taken, time, 0, static_cast<std::uint64_t>(fate)}); }

    /// Times may run backwards by as much as one call of the engine's advance: `committed` says what is final.
    virtual void event(const ProbeEvent& event) = 0;

    /// No later event has a time before `t`. Called at the end of an engine's advance when the sink wants levels.
    virtual void committed(Time t) = 0;
};

/// Whether a piece of code reports levels. What runs for every frame is built for both: most runs want no levels, and
/// asking at each place costs more than a tenth of all the work of a short frame.
enum class Levels : std::uint8_t { reported, silent };

/// The sending end of the probe seam: who gets the lives of frames, who gets the levels, and what they want. Empty by
/// default.
class Probe {
public:
    Probe() = default;
    explicit Probe(ProbeSink* sink) : Probe{sink, sink} {}
    /// Either may be null. With two sinks a frame's life takes no detour past somebody who only wants levels.
    Probe(ProbeSink* lives, ProbeSink* levels)
        : lives_{lives},
          levels_{levels},
          kinds_{(lives != nullptr ? lives->kinds() & ~level_kinds : 0) |
                 (levels != nullptr ? levels->kinds() & level_kinds : 0)}
    {
    }

    [[nodiscard]] bool wants(ProbeKind kind) const noexcept { return (kinds_ & probe_bit(kind)) != 0; }
    [[nodiscard]] bool wants_levels() const noexcept { return (kinds_ & level_kinds) != 0; }
    /// Nothing but what a ledger needs.
    [[nodiscard]] bool only_lives() const noexcept { return (kinds_ & ~frame_life_kinds) == 0; }

    void operator()(ProbeKind kind, Time time, FrameId id = 0, std::uint64_t value = 0, std::uint64_t extra = 0) const
    {
        if (wants(kind)) (kind < ProbeKind::wire ? lives_ : levels_)->event({kind, time, id, value, extra});
    }

    void offered(FrameId id, Time start, std::uint32_t length) const
    {
        if (wants(ProbeKind::offered)) lives_->offered(id, start, length);
    }
    void ended(FrameId id, Time time, Fate fate) const
    {
        if (wants(ProbeKind::ended)) lives_->ended(id, time, fate);
    }
    void written_back(FrameId id, Time time, WriteBack result) const
    {
        if (wants(ProbeKind::written_back)) lives_->written_back(id, time, result);
    }
    void taken(Time time, Fate fate) const
    {
        if (wants(ProbeKind::taken)) lives_->taken(time, fate);
    }

    /// A level. Precondition of `silent`: none is wanted.
    template <Levels levels>
    void level(ProbeKind kind, Time time, FrameId id = 0, std::uint64_t value = 0, std::uint64_t extra = 0) const
    {
        if constexpr (levels == Levels::reported) (*this)(kind, time, id, value, extra);
    }

    void committed(Time t) const
    {
        if (wants_levels()) levels_->committed(t);
    }

private:
    ProbeSink* lives_  = nullptr;
    ProbeSink* levels_ = nullptr;
    ProbeKinds kinds_  = 0;
};

}  // namespace overrun
