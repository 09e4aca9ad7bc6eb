// SPDX-License-Identifier: Apache-2.0
// Contract D1 to D8 in their order: SFD, MAC control, filter, FIFO room, length and FCS class, counters.
// Never counts a frame that the filter rejects, and counts an overrun frame in MPC only.
#include "model/rx_mac.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

#include "hw/engine/descriptors.hpp"
#include "hw/ethernet/fcs.hpp"

namespace overrun {

using Counter = reg::Counter;

namespace {

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

RxMac::RxMac(const NicParameters& parameters, FrameSource& wire, Probe probe, const RxControl& control,
             const Link& link, RxFilter& filter, RxFifo& fifo, RxDma& dma, Statistics& statistics,
             Interrupts& interrupts)
    : parameters_{parameters},
      wire_{wire},
      probe_{probe},
      control_{control},
      link_{link},
      filter_{filter},
      fifo_{fifo},
      dma_{dma},
      statistics_{statistics},
      interrupts_{interrupts},
      rate_{parameters.wire_rate},
      clock_{parameters.clock()}
{
}

void RxMac::take_offer()
{
    // Built where it stays: a copy of fields that were written a moment ago would wait for the stores.
    ::new (static_cast<void*>(&offer_)) Offer{wire_.next()};
}

void RxMac::prepare()
{
    if (offer_.kind == Offer::Kind::none_before) {
        pending_    = false;
        unobserved_ = never;
        // A source may name a time that has passed; time does not fall back to it.
        next_ = std::max(next_, offer_.none_before);
        return;
    }
    octets_     = std::min(offer_.frame.length, frame_octets_kept);
    sfd_        = offer_.frame.start + rate_.of(preamble_octets);
    end_        = end_of(offer_.frame, octets_);
    pending_    = true;
    begun_      = false;
    unobserved_ = offer_.frame.start;
    discarded_  = false;
    charge();
    plan();
}

/// A frame holds space only when it is received, and until its SFD that may still change.
void RxMac::charge() noexcept
{
    if (receiver_ == Receiver::on) {
        fifo_.begin(offer_.frame, octets_);
    } else {
        fifo_.cancel();
    }
}

void RxMac::input_changes(Time t) const
{
    if (t < local_) throw std::logic_error{"rx_mac: its control changes before a frame's end that it has decided"};
}

void RxMac::control_changed(Time t)
{
    input_changes(t);
    receiver_ = !link_.up() ? Receiver::no_link : control_.enabled ? Receiver::on : Receiver::disabled;
    if (!pending_ || discarded_ || unobserved_ == never) return;
    charge();
    plan();
}

void RxMac::plan() noexcept
{
    next_ = std::min(end_, fifo_.refusal_edge());
}

template <Levels levels>
void RxMac::observe_now(Time t)
{
    if (!begun_) {
        begun_      = true;
        unobserved_ = sfd_;
        probe_.offered(offer_.frame.id, offer_.frame.start, offer_.frame.length);
        probe_.level<levels>(ProbeKind::wire, offer_.frame.start, offer_.frame.id, 1, offer_.frame.length);
    }
    if (sfd_ <= t) {
        unobserved_ = never;
        at_sfd_     = receiver_;
    }
}

template <Levels levels>
void RxMac::beat(Time t)
{
    if (!pending_) {
        pull();
        return;
    }
    local_ = t;
    observe<levels>(t);
    if (fifo_.refusal_edge() <= t) fifo_.refuse();
    if (end_ <= t) {
        end_of_frame<levels>(t);
        probe_.level<levels>(ProbeKind::wire, t, offer_.frame.id, 0, 0);
        last_ended_  = offer_.frame.id;
        last_length_ = offer_.frame.length;
        pull();
    } else {
        plan();
    }
}

void RxMac::reset(Time t)
{
    input_changes(t);
    observe(t);
    if (pending_) {
        if (begun_) {
            discarded_ = true;
        } else {
            charge();
        }
        plan();
    }
}

void RxMac::lose(Fate fate, Time t)
{
    fifo_.rewind(t);
    last_fate_ = fate;
    probe_.ended(offer_.frame.id, t, fate);
}

Fate RxMac::not_received() const noexcept
{
    if (discarded_) return Fate::reset_discard;
    if (offer_.frame.no_sfd) return Fate::no_sfd;
    if (at_sfd_ != Receiver::on) return at_sfd_ == Receiver::no_link ? Fate::link_down : Fate::rx_disabled;
    return Fate::too_short;
}

template <Levels levels>
void RxMac::end_of_frame(Time t)
{
    if (discarded_ || offer_.frame.no_sfd || at_sfd_ != Receiver::on || octets_ < address_octets)
        return lose(not_received(), t);

    const bool control = is_control();
    if (control) {
        statistics_.add(Counter::TPR);
        statistics_.add(Counter::TOR, octets_);
        const bool pause = offer_.frame.field16(opcode_at) == pause_opcode;
        if (fcs_good() && octets_ >= minimum_frame) count_control(pause);
        if (!passes_to_host(pause)) return lose(Fate::mac_control, t);
    }

    const FilterVerdict verdict = filter_(offer_.frame);
    last_verdict_               = verdict;
    last_filtered_              = true;
    probe_.level<levels>(ProbeKind::rx_filter, t, offer_.frame.id, verdict.accepted ? 1 : 0,
                         static_cast<std::uint64_t>(verdict.reason));
    if (!verdict.accepted) {
        // It is in TPR already, so it is the MAC's and no filtered frame (B.7, first equation).
        if (control) return lose(Fate::mac_control, t);
        if (parameters_.tpr_counts_rejected_broadcast && offer_.frame.destination() == broadcast_address) {
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

    const Class result = classify();
    if (result.fate == Fate::delivered) {
        if (!control) count_good();
    } else {
        count_error(result);
        if (!control_.store_bad) return lose(result.fate, t);
    }
    if (parameters_.rnbc_rule == RnbcRule::at_reception && !control && dma_.ring().ring_empty())
        statistics_.add(Counter::RNBC);

    const std::uint32_t status =
        (verdict.reason == FilterReason::hash ? rx_status::pif : 0) | result.errors << rx_error::extended_shift;
    fifo_.commit(offer_.frame, status, t, control);
    dma_.frame_stored(t);
    last_fate_ = Fate::delivered;
    probe_.level<levels>(ProbeKind::stored, t, offer_.frame.id);
    probe_.level<levels>(ProbeKind::rx_fifo, t, offer_.frame.id, fifo_.used(), fifo_.frames_waiting());
}

/// Reads every octet of a frame that brought its FCS along, so it is asked for when it matters and not before.
bool RxMac::fcs_good() const noexcept
{
    return offer_.frame.length == octets_ && fcs_is_right(offer_.frame);
}

bool RxMac::is_control() const noexcept
{
    if (octets_ < header_octets || offer_.frame.type() != control_.control_type) return false;
    const std::uint64_t destination = offer_.frame.destination();
    return destination == control_.control_address || destination == control_.station_address;
}

void RxMac::count_control(bool pause) noexcept
{
    constexpr std::uint32_t time_at = 16;
    if (!pause) {
        statistics_.add(Counter::FCRUC);
    } else {
        statistics_.add(offer_.frame.field16(time_at) == 0 ? Counter::XONRXC : Counter::XOFFRXC);
    }
}

bool RxMac::passes_to_host(bool pause) const noexcept
{
    const bool to_station = offer_.frame.destination() == control_.station_address;
    return control_.pass_control && !(pause && control_.discard_pause && to_station);
}

RxMac::Class RxMac::classify() const noexcept
{
    const bool short_frame = octets_ < minimum_frame;
    const bool long_frame  = octets_ > control_.longest || offer_.frame.length > octets_;
    if (offer_.frame.unmarked() && !short_frame && !long_frame) return {Fate::delivered, 0, true};

    const bool          good = fcs_good();
    const std::uint32_t ce   = good ? 0 : rx_error::ce;
    if (short_frame) return {good ? Fate::runt : Fate::fragment, ce, good};
    if (long_frame) return {good ? Fate::oversize : Fate::jabber, ce, good};
    if (offer_.frame.rx_er) return {Fate::rx_error, rx_error::rxe | ce, good};
    if (good) return {Fate::delivered, 0, good};
    const bool mii = parameters_.wire_rate <= 100'000'000;
    return {mii && offer_.frame.dribble ? Fate::align_error : Fate::crc_error, ce, good};
}

void RxMac::count_error(const Class& result) noexcept
{
    switch (result.fate) {
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
            if (!result.fcs_good) statistics_.add(Counter::CRCERRS);
            break;
        case Fate::align_error: statistics_.add(Counter::ALGNERRC); break;
        default: statistics_.add(Counter::CRCERRS); break;
    }
}

void RxMac::count_good() noexcept
{
    statistics_.add(Counter::GPRC);
    statistics_.add(Counter::GORC, octets_);
    count_kind(octets_);
}

/// By length and destination.
void RxMac::count_kind(std::uint32_t octets) noexcept
{
    statistics_.add(size_bucket(octets));
    if (!offer_.frame.to_group()) return;
    statistics_.add(offer_.frame.destination() == broadcast_address ? Counter::BPRC : Counter::MPRC);
}

void RxMac::report_levels(ProbeSink& sink, Time t) const
{
    if (last_ended_ != 0) {
        sink.event({ProbeKind::wire, t, last_ended_, 1, last_length_});
        if (last_filtered_)
            sink.event({ProbeKind::rx_filter, t, last_ended_, last_verdict_.accepted ? 1U : 0U,
                        static_cast<std::uint64_t>(last_verdict_.reason)});
        if (last_fate_ == Fate::delivered) {
            sink.event({ProbeKind::stored, t, last_ended_});
        } else {
            sink.event({ProbeKind::ended, t, last_ended_, static_cast<std::uint64_t>(last_fate_)});
        }
        sink.event({ProbeKind::wire, t, last_ended_, 0, 0});
    }
    if (on_wire()) sink.event({ProbeKind::wire, t, offer_.frame.id, 1, offer_.frame.length});
}

template void RxMac::beat<Levels::reported>(Time);
template void RxMac::beat<Levels::silent>(Time);
template void RxMac::observe_now<Levels::reported>(Time);
template void RxMac::observe_now<Levels::silent>(Time);

}  // namespace overrun
