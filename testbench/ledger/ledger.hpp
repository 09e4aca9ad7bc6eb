// SPDX-License-Identifier: Apache-2.0
// The ledger: every frame offered ends in exactly one fate, at every moment offered = fates + in flight.
// Contract: neither side of that sum is derived from the other; the frames in flight are a table of their own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/probe.hpp"
#include "testbench/ledger/fate_sink.hpp"
#include "testbench/ledger/in_flight_table.hpp"
#include "testbench/ledger/latency_histogram.hpp"

namespace overrun {

/// How often a fate came, and where.
struct FateRecord {
    std::uint64_t count       = 0;
    FrameId       first       = 0;
    FrameId       last        = 0;
    Time          first_at    = 0;  ///< absolute
    Time          last_at     = 0;
    std::uint64_t longest_run = 0;  ///< frames in a row on the wire
};

class Ledger final : public ProbeSink {
public:
    [[nodiscard]] ProbeKinds kinds() const override { return frame_life_kinds; }
    void                     event(const ProbeEvent& event) override;
    void                     offered(FrameId id, Time start, std::uint32_t length) override;
    void                     ended(FrameId id, Time time, Fate fate) override;
    void                     written_back(FrameId id, Time time, WriteBack result) override;
    void                     taken(Time time, Fate fate) override;
    void                     committed(Time) override {}

    /// `sink` outlives this, and is told every fate from now on.
    void tell(FateSink& sink) { sinks_.push_back(&sink); }

    /// A frame in the driver's ring.
    struct InRing {
        static constexpr FrameId ended = 0;

        FrameId id;  ///< `ended`: host memory refused its octets, so it has its fate, though its descriptor says done
        Time    start;
    };
    /// The frame that the driver takes next.
    [[nodiscard]] std::optional<InRing> next_in_ring() const noexcept
    {
        return in_ring_.empty() ? std::nullopt : std::optional{in_ring_.front()};
    }

    [[nodiscard]] std::uint64_t offered() const noexcept { return offered_; }
    [[nodiscard]] std::uint64_t offered_octets() const noexcept { return offered_octets_; }
    [[nodiscard]] FateRecord    fate(Fate fate) const noexcept;
    [[nodiscard]] std::uint64_t ended() const noexcept;
    /// Begun on the wire, not yet handed to the driver's ring.
    [[nodiscard]] std::uint64_t in_nic() const noexcept { return in_nic_.size(); }
    /// In the driver's ring, not yet taken.
    [[nodiscard]] std::uint64_t in_ring() const noexcept { return in_ring_good_; }
    [[nodiscard]] std::uint64_t in_flight() const noexcept { return in_nic() + in_ring(); }

    /// The first breach of the books in one sentence; empty when they balance.
    [[nodiscard]] std::string breach() const;

    /// From a frame's first preamble octet to its descriptor's visibility, and to the driver being done with it.
    [[nodiscard]] const LatencyHistogram& wire_to_host() const noexcept { return wire_to_host_; }
    [[nodiscard]] const LatencyHistogram& wire_to_driver() const noexcept { return wire_to_driver_; }

private:
    /// The count of a fate, and the row of frames that ends with its last one.
    struct Ends {
        FateRecord record;
        FrameId    expected = 0;  // the frame that would go on with the row
        FrameId    row      = 0;  // its first frame
    };

    // Functions called per frame make no calls on the common path, so the compiler saves no registers there. Rare cases
    // are outlined, and so is telling the sinks, which is the last thing that happens.
    void                              enter(FrameId id, Fate fate, Time at);
    void                              end(FrameId id, Fate fate, Time start, Time at);
    static void                       begin_row(Ends& ends, FrameId id, Time at);
    void                              enter_ring(FrameId id, Time start, Time time, WriteBack result);
    [[gnu::noinline]] void            tell_all(FrameId id, Fate fate, Time start, Time at);
    [[gnu::cold, gnu::noinline]] void refused(FrameId id, Time start, Time time, WriteBack result);
    [[gnu::cold, gnu::noinline]] void ended_unknown(FrameId id, Time time, Fate fate);
    [[gnu::cold, gnu::noinline]] void written_back_late(FrameId id, Time time, WriteBack result);
    [[gnu::cold, gnu::noinline]] void enter_nic_late(FrameId id, Time start);
    [[gnu::cold, gnu::noinline]] void broken(const char* what);
    [[gnu::cold, gnu::noinline]] void broken(FrameId id, const char* what);

    std::uint64_t                offered_        = 0;
    std::uint64_t                offered_octets_ = 0;
    std::array<Ends, fate_count> fates_{};
    InFlightTable                in_nic_;
    RingQueue<InRing>            in_ring_;
    std::uint64_t                in_ring_good_ = 0;
    LatencyHistogram             wire_to_host_;
    LatencyHistogram             wire_to_driver_;
    std::vector<FateSink*>       sinks_;
    std::string                  breach_;
};

}  // namespace overrun
