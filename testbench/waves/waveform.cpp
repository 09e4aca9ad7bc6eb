// SPDX-License-Identifier: Apache-2.0
#include "testbench/waves/waveform.hpp"

#include <algorithm>
#include <string_view>

#include "hw/base/ring_distance.hpp"
#include "hw/engine/descriptors.hpp"
#include "testbench/waves/signal_text.hpp"

namespace overrun {

using waves::Field;
using waves::signal_at;
using waves::signal_table;
using waves::SignalInfo;

namespace {

constexpr std::uint64_t itr_runs = 4;  // of ProbeKind::interrupt_timers

constexpr std::size_t fate      = signal_at("rx_mac", "fate");
constexpr std::size_t fifo_drop = signal_at("rx_fifo", "drop");
constexpr std::size_t ring_free = signal_at("driver", "ring_free");

constexpr std::uint64_t field_of(const ProbeEvent& event, Field field) noexcept
{
    if (field == Field::extra) return event.extra;
    return field == Field::id ? event.id : event.value;
}

bool is_register(const SignalInfo& signal) noexcept
{
    return signal.scope == "csr";
}

}  // namespace

Waveform::Waveform(OutputFile& file, WaveWindow window)
    : vcd_{file}, window_{window}, part_{window.from > 0 ? Part::before : Part::inside}
{
    vcd_.comment(waves::signal_comment());
    std::string_view scope;
    for (std::size_t i = 0; i < signal_table.size(); ++i) {
        const SignalInfo& signal = signal_table[i];
        if (signal.scope != scope) {
            if (!scope.empty()) vcd_.close_scope();
            vcd_.open_scope(scope = signal.scope);
        }
        signals_[i] = vcd_.wire(signal.name, signal.bits);
        if (signal.initial == waves::Initial::zero) vcd_.initial(signals_[i], 0);
    }
    vcd_.close_scope();
}

Time Waveform::next_look() const
{
    if (over_) return never;
    if (part_ == Part::before) return origin_ + window_.from;
    return part_ == Part::inside && window_.to != never ? origin_ + window_.to : never;
}

void Waveform::look(const RunSnapshot& view)
{
    if (part_ == Part::inside) {
        committed(view.at);
        part_ = Part::after;
        pending_.clear();
        throttled_until_ = never;
        return;
    }
    now_ = window_.from;
    // The engine reports what is, not what happened, so the times of these events mean nothing.
    struct LevelSink final : ProbeSink {
        explicit LevelSink(Waveform& owner) : waveform{owner} {}
        [[nodiscard]] ProbeKinds kinds() const override { return waveform.kinds(); }
        void                     event(const ProbeEvent& event) override { waveform.show(event); }
        void                     committed(Time) override {}
        Waveform&                waveform;
    } levels{*this};
    view.engine.report_levels(levels);
    set(fifo_drop, overruns_ = view.ledger.fate(Fate::fifo_overrun).count);
    for (const std::uint32_t offset : {reg::RDLEN::at(0), reg::RDH::at(0), reg::RDT::at(0)})
        set_register(offset, view.engine.peek(offset));
    for (std::size_t i = 0; i < signal_table.size(); ++i)
        if (is_register(signal_table[i])) set(i, view.engine.peek(signal_table[i].offset));
    committed_ = view.at;
    part_      = Part::inside;
    vcd_.begin(window_.from);
    begun_ = true;
}

void Waveform::run_ended(const RunSnapshot&)
{
    if (part_ == Part::inside) committed(never);
    over_ = true;
}

void Waveform::event(const ProbeEvent& event)
{
    if (over_) return;
    // Driver and CPU report during the whole run. They do not run ahead of a look that is to come.
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
        end_throttle_by(origin_ + end);
    }
    Time last = std::max({end, now_, Time{0}});
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
    const waves::SignalRange& range = waves::signals_of_kind[static_cast<std::size_t>(event.kind)];
    for (std::size_t i = range.first; i < range.end; ++i) {
        const SignalInfo& signal = signal_table[i];
        if (signal.when == waves::When::always || event.value != 0) set(i, field_of(event, signal.field));
    }
    compute(event);
}

void Waveform::compute(const ProbeEvent& event)
{
    switch (event.kind) {
        case ProbeKind::wire:
            // Equal fates in a row are told apart by this 0.
            if (event.value != 0) set(fate, 0);
            break;
        case ProbeKind::stored: set(fate, waves::fate_stored); break;
        case ProbeKind::ended:
            set(fate, event.value + 1);
            if (event.value == static_cast<std::uint64_t>(Fate::fifo_overrun)) set(fifo_drop, ++overruns_);
            break;
        case ProbeKind::csr: set_register(event.extra, event.value); break;
        case ProbeKind::interrupt: set_register(reg::ICR::offset, event.extra); break;
        case ProbeKind::interrupt_timers:
            running_timers_  = event.value;
            throttled_until_ = (event.value & itr_runs) != 0 ? static_cast<Time>(event.extra) : never;
            break;
        default: break;
    }
}

void Waveform::set_register(std::uint64_t offset, std::uint64_t value)
{
    for (std::size_t i = 0; i < signal_table.size(); ++i)
        if (is_register(signal_table[i]) && signal_table[i].offset == offset) set(i, value);

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
    if (ring_ != 0) set(ring_free, ring_distance(head_, tail_, ring_));
}

void Waveform::set(std::size_t signal, std::uint64_t value)
{
    if (begun_)
        vcd_.set(signals_[signal], now_, value);
    else
        vcd_.initial(signals_[signal], value);
}

}  // namespace overrun
