// SPDX-License-Identifier: Apache-2.0
// Which event sets which signal, and the sorting of events that an engine reports out of order.
// Never allocates per event once its buffers have grown to the longest advance.
#include "testbench/waves/waveform.hpp"

#include <algorithm>
#include <string>

#include "hw/base/ring_distance.hpp"
#include "hw/engine/descriptors.hpp"
#include "hw/engine/fate.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun {

static_assert(fate_count < Waveform::fate_stored);

namespace {
constexpr std::uint64_t itr_runs = 4;  // of ProbeKind::interrupt_timers
}

Waveform::Waveform(OutputFile& file, Time origin, std::span<const WaveRegister> registers, WaveWindow window)
    : vcd_{file}, origin_{origin}, window_{window}, part_{window.from > 0 ? Part::before : Part::inside}
{
    describe();

    vcd_.open_scope("wire");
    wire_busy_     = vcd_.wire("busy", 1);
    wire_frame_id_ = vcd_.wire("frame_id", 64);
    wire_octets_   = vcd_.wire("octets", 32);
    vcd_.close_scope();

    vcd_.open_scope("rx_mac");
    fate_ = vcd_.wire("fate", 8);
    vcd_.close_scope();

    vcd_.open_scope("rx_filter");
    filter_accept_ = vcd_.wire("accept", 1);
    filter_reason_ = vcd_.wire("reason", 3);
    vcd_.close_scope();

    vcd_.open_scope("rx_fifo");
    fifo_octets_ = vcd_.wire("octets", 32);
    fifo_frames_ = vcd_.wire("frames", 32);
    fifo_drop_   = vcd_.wire("drop", 64);
    vcd_.close_scope();

    vcd_.open_scope("descriptor_cache");
    cache_held_      = vcd_.wire("held", 32);
    cache_in_flight_ = vcd_.wire("in_flight", 32);
    vcd_.close_scope();

    vcd_.open_scope("rx_dma");
    dma_busy_     = vcd_.wire("busy", 1);
    dma_frame_id_ = vcd_.wire("frame_id", 64);
    dma_address_  = vcd_.wire("address", 64);
    vcd_.close_scope();

    vcd_.open_scope("csr");
    for (const WaveRegister& r : registers) registers_.push_back({r.offset, vcd_.wire(r.name, 32)});
    vcd_.close_scope();

    vcd_.open_scope("interrupts");
    line_   = vcd_.wire("line", 1);
    causes_ = vcd_.wire("causes", 32);
    timers_ = vcd_.wire("timers", 3);
    vcd_.close_scope();

    vcd_.open_scope("driver");
    driver_state_ = vcd_.wire("state", 4);
    ring_free_    = vcd_.wire("ring_free", 32);
    vcd_.close_scope();

    vcd_.initial(fate_, 0);
    vcd_.initial(fifo_drop_, 0);
}

void Waveform::describe()
{
    std::string text = "Times count from time zero of the scenario.\nrx_mac.fate: 0 none yet";
    for (const FateInfo& info : fate_table) {
        text += ", " + std::to_string(static_cast<unsigned>(info.fate) + 1) + " ";
        text += info.name;
    }
    text += ", " + std::to_string(fate_stored) +
            " stored in the FIFO\n"
            "rx_filter.reason: 0 none, 1 exact, 2 hash, 3 broadcast, 4 promiscuous, 5 VLAN\n"
            "rx_fifo.drop: frames lost to an overrun so far\n"
            "interrupts.timers: bit 0 RDTR, bit 1 RADV, bit 2 ITR\n"
            "driver.state: 0 idle, 1 interrupt, 2 poll, 3 stalled, 4 down";
    vcd_.comment(text);
}

ProbeKinds Waveform::kinds() const
{
    using enum ProbeKind;
    return probe_bit(stored) | probe_bit(ended) | probe_bit(wire) | probe_bit(rx_filter) | probe_bit(rx_fifo) |
           probe_bit(descriptor_cache) | probe_bit(rx_dma) | probe_bit(csr) | probe_bit(interrupt) |
           probe_bit(interrupt_timers) | probe_bit(driver);
}

Time Waveform::next_look() const
{
    if (over_) return never;
    if (part_ == Part::before) return origin_ + window_.from;
    return part_ == Part::inside && window_.to != never ? origin_ + window_.to : never;
}

void Waveform::look(const RunView& view)
{
    if (part_ == Part::inside) {
        committed(view.at);
        part_ = Part::after;
        pending_.clear();
        throttled_until_ = never;
        return;
    }
    now_ = window_.from;
    // The engine speaks of what is, not of what happened: it has no time of its own.
    struct LevelSink final : ProbeSink {
        explicit LevelSink(Waveform& owner) : waveform{owner} {}
        [[nodiscard]] ProbeKinds kinds() const override { return waveform.kinds(); }
        void                     event(const ProbeEvent& event) override { waveform.show(event); }
        void                     committed(Time) override {}
        Waveform&                waveform;
    } levels{*this};
    view.engine.report_levels(levels);
    set(fifo_drop_, overruns_ = view.ledger.fate(Fate::fifo_overrun).count);
    for (const std::uint32_t offset : {reg::RDLEN::at(0), reg::RDH::at(0), reg::RDT::at(0)})
        set_register(offset, view.engine.peek(offset));
    for (const Register& r : registers_) set(r.signal, view.engine.peek(r.offset));
    committed_ = view.at;
    part_      = Part::inside;
    vcd_.begin(window_.from);
    begun_ = true;
}

void Waveform::run_ended(const RunView&)
{
    if (part_ == Part::inside) committed(never);
    over_ = true;
}

void Waveform::event(const ProbeEvent& event)
{
    if (over_) return;
    // Driver and CPU are heard all the time. They do not run ahead of a look that is to come.
    if (part_ == Part::after) return;
    if (part_ == Part::before && event.time - origin_ <= window_.from) return show(event);
    in_order_ = in_order_ && (pending_.empty() || pending_.back().time <= event.time);
    earliest_ = std::min(earliest_, event.time);
    pending_.push_back(event);
}

void Waveform::committed(Time t)
{
    // An event at t may still come, but it follows those at t that came before it, so these are final too.
    if (earliest_ <= t) {
        order_.clear();
        for (const ProbeEvent& e : pending_) order_.push_back({e.time, static_cast<std::uint32_t>(order_.size())});
        if (!in_order_)
            std::sort(order_.begin(), order_.end(), [](const Key& a, const Key& b) {
                return a.time != b.time ? a.time < b.time : a.index < b.index;
            });

        kept_.clear();
        for (const Key& key : order_) {
            if (key.time <= t) {
                end_throttle_by(key.time);
                apply(pending_[key.index]);
            } else {
                kept_.push_back(pending_[key.index]);
            }
        }
        std::swap(pending_, kept_);
        earliest_ = pending_.empty() ? never : pending_.front().time;
        in_order_ = true;
    }
    if (t != never) end_throttle_by(t);
    committed_ = std::max(committed_, t);
}

void Waveform::finish(Time end)
{
    if (part_ == Part::inside) {
        committed(never);
        end_throttle_by(end);
    }
    Time last = std::max({end - origin_, now_, Time{0}});
    if (part_ == Part::after) last = window_.to;
    if (!begun_) vcd_.begin(part_ == Part::before ? last : 0);
    begun_ = true;
    vcd_.finish(last);
}

// The end of ITR's interval is no event of the device's: when no cause waits for it, nothing happens.
void Waveform::end_throttle_by(Time t)
{
    if (throttled_until_ > t) return;
    reach(throttled_until_);
    show({ProbeKind::interrupt_timers, throttled_until_, 0, running_timers_ & ~itr_runs});
}

void Waveform::apply(const ProbeEvent& event)
{
    if (event.time < committed_) ++late_events_;
    reach(event.time);
    show(event);
}

void Waveform::reach(Time t)
{
    now_ = std::max(now_, t - origin_);
    if (now_ >= 0 && !begun_) {
        vcd_.begin();
        begun_ = true;
    }
}

void Waveform::show(const ProbeEvent& event)
{
    switch (event.kind) {
        case ProbeKind::wire:
            set(wire_busy_, event.value);
            if (event.value == 0) break;
            set(wire_frame_id_, event.id);
            set(wire_octets_, event.extra);
            set(fate_, 0);
            break;
        case ProbeKind::stored: set(fate_, fate_stored); break;
        case ProbeKind::ended:
            set(fate_, event.value + 1);
            if (event.value == static_cast<std::uint64_t>(Fate::fifo_overrun)) set(fifo_drop_, ++overruns_);
            break;
        case ProbeKind::rx_filter:
            set(filter_accept_, event.value);
            set(filter_reason_, event.extra);
            break;
        case ProbeKind::rx_fifo:
            set(fifo_octets_, event.value);
            set(fifo_frames_, event.extra);
            break;
        case ProbeKind::descriptor_cache:
            set(cache_held_, event.value);
            set(cache_in_flight_, event.extra);
            break;
        case ProbeKind::rx_dma:
            set(dma_busy_, event.value);
            if (event.value == 0) break;
            set(dma_frame_id_, event.id);
            set(dma_address_, event.extra);
            break;
        case ProbeKind::csr: set_register(event.extra, event.value); break;
        case ProbeKind::interrupt:
            set(line_, event.value);
            set(causes_, event.extra);
            set_register(reg::ICR::offset, event.extra);
            break;
        case ProbeKind::interrupt_timers:
            running_timers_  = event.value;
            throttled_until_ = (event.value & itr_runs) != 0 ? static_cast<Time>(event.extra) : never;
            set(timers_, event.value);
            break;
        case ProbeKind::driver: set(driver_state_, event.value); break;
        // The wire's levels say when a frame is offered, and the rest of its life has no signal of its own.
        case ProbeKind::offered:
        case ProbeKind::written_back:
        case ProbeKind::taken: break;
    }
}

void Waveform::set_register(std::uint64_t offset, std::uint64_t value)
{
    for (const Register& r : registers_)
        if (r.offset == offset) set(r.signal, value);

    // The device's own view of the ring (contract D10), which the driver's polls would only sample.
    const auto content = static_cast<std::uint32_t>(value);
    if (offset == reg::RDLEN::at(0)) {
        ring_ = content / rx_descriptor_octets;
    } else if (offset == reg::RDH::at(0)) {
        head_ = content;
    } else if (offset == reg::RDT::at(0)) {
        tail_ = content;
    } else {
        return;
    }
    if (ring_ != 0) set(ring_free_, ring_distance(head_, tail_, ring_));
}

void Waveform::set(Signal signal, std::uint64_t value)
{
    if (begun_)
        vcd_.set(signal, now_, value);
    else
        vcd_.initial(signal, value);
}

}  // namespace overrun
