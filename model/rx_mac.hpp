// SPDX-License-Identifier: Apache-2.0
// Receive MAC: takes frames off the wire, decides at each frame's end what becomes of it, and counts it.
// Never looks at a frame twice, and reads no octet beyond the header unless the FCS has to be checked.
#pragma once

#include <cstdint>

#include "hw/engine/nic_engine.hpp"
#include "model/interrupts.hpp"
#include "model/link.hpp"
#include "model/rx_control.hpp"
#include "model/rx_dma.hpp"
#include "model/rx_fifo.hpp"
#include "model/rx_filter.hpp"
#include "model/statistics.hpp"

namespace overrun {

class RxMac {
public:
    RxMac(const NicParameters& parameters, FrameSource& wire, Probe probe, const RxControl& control, const Link& link,
          RxFilter& filter, RxFifo& fifo, RxDma& dma, Statistics& statistics, Interrupts& interrupts);

    /// The next edge on which this block has something to do.
    [[nodiscard]] Time next() const noexcept { return next_; }

    /// Does it. Releases of the FIFO on this edge have been done.
    template <Levels levels = Levels::reported>
    void beat(Time t);

    /// Frames that are over before `horizon` and lie in the FIFO whatever the DMA does: it is faster to do the work of
    /// one block for several frames than that of all blocks for one. Nothing of it can be seen before engine time is
    /// there. Precondition: no levels are wanted, and nothing is counted by the state of the ring.
    /// @param most frames
    /// @return when the last of them is over; 0 without any
    [[nodiscard, gnu::flatten]] Time run_ahead(Time horizon, unsigned most);

    /// Notes frames whose first octet is on the wire at `t`: before RCTL.EN or the link changes, and at the end of an
    /// advance. Whether a frame is received at all was decided at its SFD (contract D1).
    template <Levels levels = Levels::reported>
    void observe(Time t)
    {
        if (unobserved_ <= t) observe_now<levels>(t);
    }

    /// RCTL.EN or the link may have changed at `t`, after observe() at that time.
    /// @throw std::logic_error if a frame that ends after `t` has been decided (docs/horizons.md)
    void control_changed(Time t);

    /// The receiver is reset: a frame on the wire is lost, those after it are not.
    /// @throw std::logic_error as control_changed() does
    void reset(Time t);

    /// Whatever the DMA does, the frame on the wire or the next one is not refused.
    [[nodiscard]] bool fits() const noexcept { return pending_ && fifo_.fits(); }
    [[nodiscard]] bool on_wire() const noexcept { return pending_ && begun_; }
    /// Every frame up to this one is over as far as the MAC is concerned.
    [[nodiscard]] FrameId last_ended() const noexcept { return last_ended_; }

    void set_probe(Probe probe) noexcept { probe_ = probe; }
    /// The wire's level and the newest verdicts, as events at `t`.
    void report_levels(ProbeSink& sink, Time t) const;

private:
    struct Class {
        Fate          fate;
        std::uint32_t errors;  // rx_error bits when stored by SBP
        bool          fcs_good;
    };

    enum class Receiver : std::uint8_t { on, no_link, disabled };

    template <Levels levels>
    void observe_now(Time t);
    template <Levels levels>
    void end_of_frame(Time t);

    // Frames taken in a row, and when the last one ended.
    struct Row {
        unsigned frames;
        Time     end;
    };
    [[nodiscard]] FilterVerdict plain() const noexcept;
    [[nodiscard]] Row           take_row(Time horizon, unsigned most);

    void pull()
    {
        take_offer();
        prepare();
    }
    void               take_offer();
    void               prepare();
    [[nodiscard]] Time end_of(const Frame& frame, std::uint32_t octets) const noexcept
    {
        return clock_.edge(frame.start + rate_.of(std::int64_t{preamble_octets} + octets));
    }
    void charge() noexcept;
    void plan() noexcept;
    /// What this block reads changes at `t`.
    void                   input_changes(Time t) const;
    [[gnu::noinline]] void lose(Fate fate, Time t);

    [[nodiscard, gnu::noinline]] Fate not_received() const noexcept;
    [[nodiscard]] bool                fcs_good() const noexcept;
    [[nodiscard]] Class               classify() const noexcept;
    [[nodiscard]] bool                is_control() const noexcept;
    [[nodiscard]] bool                passes_to_host(bool pause) const noexcept;
    [[gnu::noinline]] void            count_control(bool pause) noexcept;
    [[gnu::noinline]] void            count_error(const Class& result) noexcept;
    void                              count_good() noexcept;
    void                              count_kind(std::uint32_t octets) noexcept;

    const NicParameters& parameters_;
    FrameSource&         wire_;
    Probe                probe_;
    const RxControl&     control_;
    const Link&          link_;
    RxFilter&            filter_;
    RxFifo&              fifo_;
    RxDma&               dma_;
    Statistics&          statistics_;
    Interrupts&          interrupts_;
    WireRate             rate_;
    CoreClock            clock_;

    Offer         offer_{};             // the frame on the wire or the next one
    std::uint32_t octets_     = 0;      // of it, as far as the device keeps them
    bool          pending_    = false;  // there is one
    bool          begun_      = false;  // its first octet is on the wire
    bool          discarded_  = false;  // a reset hit it on the wire
    Receiver      receiver_   = Receiver::no_link;
    Receiver      at_sfd_     = Receiver::on;
    Time          sfd_        = 0;      // when that is decided
    Time          unobserved_ = never;  // the frame's start or its SFD, until it has been noted
    Time          end_        = 0;      // the edge on which its last beat completes
    Time          next_       = 0;      // pulls at once
    FrameId       last_ended_ = 0;
    Time          local_      = 0;  // the edge of the last beat

    // What is to be seen of the last one that ended, for who looks later.
    std::uint32_t last_length_   = 0;
    Fate          last_fate_     = Fate::delivered;  // this one: it is stored, its fate lies ahead
    bool          last_filtered_ = false;            // the filter has been asked at all
    FilterVerdict last_verdict_{};
};

}  // namespace overrun
