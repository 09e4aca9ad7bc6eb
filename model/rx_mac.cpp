// SPDX-License-Identifier: Apache-2.0
// Contract D1 to D8 in their order: SFD, MAC control, filter, FIFO room, length and FCS class, counters.
// Never counts a frame that the filter rejects, and counts an overrun frame in MPC only.
#include "model/rx_mac.hpp"

#include <algorithm>
#include <array>

#include "hw/descriptors.hpp"
#include "hw/fcs.hpp"

namespace overrun {

using Counter = reg::Counter;

namespace {

std::uint16_t field16(const Frame& frame, std::uint32_t at) noexcept
{
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(frame.octet(at)) << 8U |
                                      std::to_integer<unsigned>(frame.octet(at + 1)));
}

std::uint64_t destination_value(const Frame& frame) noexcept
{
    std::uint64_t value = 0;
    for (std::uint32_t i = address_octets; i-- > 0;) value = value << 8U | std::to_integer<std::uint64_t>(frame.octet(i));
    return value;
}

constexpr std::uint32_t type_at      = 12;
constexpr std::uint32_t opcode_at    = 14;
constexpr std::uint16_t pause_opcode = 1;

/// The PRCx bucket of a good frame of `octets`.
Counter size_bucket(std::uint32_t octets) noexcept
{
    if (octets <= 64) return Counter::PRC64;
    if (octets <= 127) return Counter::PRC127;
    if (octets <= 255) return Counter::PRC255;
    if (octets <= 511) return Counter::PRC511;
    if (octets <= 1023) return Counter::PRC1023;
    return Counter::PRC1522;
}

}  // namespace

RxMac::RxMac(const NicParameters& parameters, FrameSource& wire, Probe probe, const RxControl& control, RxFilter& filter,
             RxFifo& fifo, RxDma& dma, Statistics& statistics, Interrupts& interrupts)
    : parameters_{parameters},
      wire_{wire},
      probe_{probe},
      control_{control},
      filter_{filter},
      fifo_{fifo},
      dma_{dma},
      statistics_{statistics},
      interrupts_{interrupts},
      rate_{parameters.wire_rate},
      clock_{parameters.clock()}
{
}

void RxMac::pull()
{
    const Offer offer = wire_.next();
    if (offer.kind == Offer::Kind::none_before) {
        pending_ = false;
        next_    = offer.none_before;
        return;
    }
    frame_      = offer.frame;
    octets_     = std::min(frame_.length, frame_octets_kept);
    sfd_        = frame_.start + rate_.of(preamble_octets);
    end_        = clock_.edge(frame_.start + rate_.of(std::int64_t{preamble_octets} + octets_));
    pending_    = true;
    begun_      = false;
    gate_known_ = false;
    discarded_  = false;
    fifo_.begin(frame_, octets_);
    plan();
}

void RxMac::plan() noexcept { next_ = std::min(end_, fifo_.refusal_edge()); }

void RxMac::observe(Time t)
{
    if (!pending_) return;
    if (!begun_ && frame_.start <= t) {
        begun_ = true;
        probe_(ProbeKind::offered, frame_.start, frame_.id, frame_.length);
        probe_(ProbeKind::wire, frame_.start, frame_.id, 1, frame_.length);
    }
    if (!gate_known_ && sfd_ <= t) {
        gate_known_     = true;
        link_at_sfd_    = control_.link_up;
        enabled_at_sfd_ = control_.enabled;
        if (!link_at_sfd_ || !enabled_at_sfd_) fifo_.cancel();
    }
}

void RxMac::beat(Time t)
{
    if (!pending_) {
        pull();
        return;
    }
    observe(t);
    if (fifo_.refusal_edge() <= t) fifo_.refuse();
    if (end_ <= t) {
        end_of_frame(t);
        probe_(ProbeKind::wire, t, frame_.id, 0, 0);
        last_ended_ = frame_.id;
        pull();
    } else {
        plan();
    }
}

void RxMac::reset(Time t)
{
    observe(t);
    if (pending_) {
        if (begun_) {
            discarded_ = true;
        } else {
            fifo_.begin(frame_, octets_);
        }
        plan();
    }
}

void RxMac::lose(Fate fate, Time t)
{
    fifo_.rewind();
    probe_(ProbeKind::ended, t, frame_.id, static_cast<std::uint64_t>(fate));
}

void RxMac::end_of_frame(Time t)
{
    if (discarded_) return lose(Fate::reset_discard, t);
    if (frame_.no_sfd) return lose(Fate::no_sfd, t);
    if (!link_at_sfd_) return lose(Fate::link_down, t);
    if (!enabled_at_sfd_) return lose(Fate::rx_disabled, t);
    if (octets_ < address_octets) return lose(Fate::too_short, t);

    const bool fcs_good = frame_.length == octets_ && fcs_is_right(frame_);
    const bool control  = is_control();
    if (control) {
        statistics_.add(Counter::TPR);
        statistics_.add(Counter::TOR, octets_);
        const bool pause = field16(frame_, opcode_at) == pause_opcode;
        if (fcs_good && octets_ >= minimum_frame) count_control(pause);
        if (!passes_to_host(pause)) return lose(Fate::mac_control, t);
    }

    const FilterVerdict verdict = filter_(frame_);
    probe_(ProbeKind::rx_filter, t, frame_.id, verdict.accepted ? 1 : 0, static_cast<std::uint64_t>(verdict.reason));
    if (!verdict.accepted) {
        if (parameters_.tpr_counts_rejected_broadcast && destination_value(frame_) == 0xffff'ffff'ffffU) {
            statistics_.add(Counter::TPR);
            statistics_.add(Counter::TOR, octets_);
        }
        return lose(verdict.reason == FilterReason::vlan ? Fate::filtered_vlan : Fate::filtered_address, t);
    }
    if (!control) {
        statistics_.add(Counter::TPR);
        statistics_.add(Counter::TOR, octets_);
    }

    if (fifo_.refused()) {
        statistics_.add(Counter::MPC);
        statistics_.add(Counter::ICRXOC);
        interrupts_.raise(reg::ICR::RXO.mask());
        return lose(Fate::fifo_overrun, t);
    }

    const Class result = classify(fcs_good);
    if (result.fate == Fate::delivered) {
        if (!control) count_good();
    } else {
        count_error(result.fate, fcs_good);
        if (!control_.store_bad) return lose(result.fate, t);
    }
    if (parameters_.rnbc_rule == RnbcRule::at_reception && !control && dma_.ring().ring_empty()) statistics_.add(Counter::RNBC);

    fifo_.commit({.frame   = frame_,
                  .octets  = octets_,
                  .errors  = result.errors,
                  .visible = t + clock_.cycles(parameters_.rx_mac_cycles),
                  .inexact = verdict.reason == FilterReason::hash,
                  .control = control});
    dma_.frame_stored(t);
    probe_(ProbeKind::stored, t, frame_.id);
    probe_(ProbeKind::rx_fifo, t, frame_.id, fifo_.used(), fifo_.frames_waiting());
}

bool RxMac::is_control() const noexcept
{
    if (octets_ < header_octets || field16(frame_, type_at) != control_.control_type) return false;
    const std::uint64_t destination = destination_value(frame_);
    return destination == control_.control_address || destination == control_.station_address;
}

void RxMac::count_control(bool pause) noexcept
{
    constexpr std::uint32_t time_at = 16;
    if (!pause) {
        statistics_.add(Counter::FCRUC);
    } else {
        statistics_.add(field16(frame_, time_at) == 0 ? Counter::XONRXC : Counter::XOFFRXC);
    }
}

bool RxMac::passes_to_host(bool pause) const noexcept
{
    const bool to_station = destination_value(frame_) == control_.station_address;
    return control_.pass_control && !(pause && control_.discard_pause && to_station);
}

RxMac::Class RxMac::classify(bool fcs_good) const noexcept
{
    const std::uint32_t longest = control_.long_frames ? parameters_.max_long_frame : parameters_.max_standard_frame;
    const std::uint32_t ce      = fcs_good ? 0 : rx_error::ce;
    if (octets_ < minimum_frame) return {fcs_good ? Fate::runt : Fate::fragment, ce};
    if (octets_ > longest || frame_.length > octets_) return {fcs_good ? Fate::oversize : Fate::jabber, ce};
    if (frame_.rx_er) return {Fate::rx_error, rx_error::rxe | ce};
    if (fcs_good) return {Fate::delivered, 0};
    const bool mii = parameters_.wire_rate <= 100'000'000;
    return {mii && frame_.dribble ? Fate::align_error : Fate::crc_error, ce};
}

void RxMac::count_error(Fate fate, bool fcs_good) noexcept
{
    switch (fate) {
        case Fate::runt:
            statistics_.add(Counter::RUC);
            statistics_.add(Counter::RLEC);
            break;
        case Fate::fragment:
            statistics_.add(Counter::RFC);
            statistics_.add(Counter::RLEC);
            break;
        case Fate::oversize:
            statistics_.add(Counter::ROC);
            statistics_.add(Counter::RLEC);
            break;
        case Fate::jabber:
            statistics_.add(Counter::RJC);
            statistics_.add(Counter::RLEC);
            statistics_.add(Counter::CRCERRS);
            break;
        case Fate::rx_error:
            statistics_.add(Counter::RXERRC);
            if (!fcs_good) statistics_.add(Counter::CRCERRS);
            break;
        case Fate::align_error: statistics_.add(Counter::ALGNERRC); break;
        default: statistics_.add(Counter::CRCERRS); break;
    }
}

void RxMac::count_good() noexcept
{
    statistics_.add(size_bucket(octets_));
    statistics_.add(Counter::GPRC);
    statistics_.add(Counter::GORC, octets_);
    const std::uint64_t destination = destination_value(frame_);
    if (destination == 0xffff'ffff'ffffU) {
        statistics_.add(Counter::BPRC);
    } else if ((destination & 1U) != 0) {
        statistics_.add(Counter::MPRC);
    }
}

}  // namespace overrun
