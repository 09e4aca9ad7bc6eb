// SPDX-License-Identifier: Apache-2.0
#include "testbench/observe/statistics_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "driver_sim/driver/driver_state.hpp"
#include "hw/base/ring_distance.hpp"
#include "hw/engine/descriptors.hpp"
#include "hw/registers/counters.hpp"

namespace overrun {

namespace {

std::uint32_t ring_free(const NicEngine& engine)
{
    const std::uint32_t size = engine.peek(reg::RDLEN::at(0)) / rx_descriptor_octets;
    const std::uint32_t head = engine.peek(reg::RDH::at(0));
    const std::uint32_t tail = engine.peek(reg::RDT::at(0));
    return ring_distance(head, tail, size);
}

struct FifoLevel final : ProbeSink {
    [[nodiscard]] ProbeKinds kinds() const override { return probe_bit(ProbeKind::rx_fifo); }
    void                     event(const ProbeEvent& event) override
    {
        if (event.kind != ProbeKind::rx_fifo) return;
        octets = event.value;
        frames = event.extra;
    }
    void committed(Time) override {}

    std::uint64_t octets = 0;
    std::uint64_t frames = 0;
};

}  // namespace

StatisticsSeries::StatisticsSeries(OutputFile& file, Time interval) : file_{file}, interval_{interval}
{
    std::string text = "time_s,offered,offered_octets";
    for (const FateInfo& info : fate_table) text += fmt::format(",{}", info.name);
    for (const reg::Counter counter : counters) text += fmt::format(",{}", reg::name_of(counter));
    file_.write(text + ",interrupts,polls,in_flight,fifo_octets,fifo_frames,ring_free\n");
}

StatisticsSeries::Counts& StatisticsSeries::counts_at(Time time)
{
    // An interval ends with what happens at its end.
    const Time since = time - origin_ - (next_ - 1) * interval_;
    const auto index = since <= interval_ ? 0 : static_cast<std::size_t>((since - 1) / interval_);
    while (counts_.size() <= index) counts_.emplace_back();
    return counts_[index];
}

void StatisticsSeries::over(FrameId, Fate fate, Time, Time time)
{
    if (!over_) ++counts_at(time).ended[static_cast<std::size_t>(fate)];
}

void StatisticsSeries::event(const ProbeEvent& event)
{
    if (over_ || event.time < origin_) return;
    Counts& counts = counts_at(event.time);
    if (event.value == static_cast<std::uint64_t>(DriverState::interrupt)) {
        ++counts.interrupts;
    } else if (event.value == static_cast<std::uint64_t>(DriverState::poll)) {
        ++counts.polls;
    }
}

StatisticsSeries::Totals StatisticsSeries::totals(const RunSnapshot& view) const
{
    Totals now;
    now.offered     = view.ledger.offered();
    now.octets      = view.ledger.offered_octets();
    const auto peek = [&view](std::uint32_t offset) { return view.engine.peek(offset); };
    for (std::size_t i = 0; i < counters.size(); ++i)
        now.registers[i] = reg::counter_value(reg::info(counters[i]), peek);
    return now;
}

void StatisticsSeries::look(const RunSnapshot& view)
{
    Counts counts;
    if (!counts_.empty()) {
        counts = counts_.front();
        counts_.pop_front();
    }
    line(view.at - origin_, counts, view);
    ++next_;
}

void StatisticsSeries::run_ended(const RunSnapshot& view)
{
    while (next_look() < view.at) look({view.engine, view.ledger, next_look()});
    // The last interval has everything up to the end of the run, also what the host did beyond `view.at`.
    Counts rest;
    for (const Counts& counts : counts_) {
        for (std::size_t i = 0; i < fate_count; ++i) rest.ended[i] += counts.ended[i];
        rest.interrupts += counts.interrupts;
        rest.polls += counts.polls;
    }
    // A driver that was busy at the end may have taken the NIC beyond it.
    const Time last = origin_ + (next_ - 1) * interval_;
    const Time end  = std::max(view.at, last);
    if (end > last || !counts_.empty() || totals(view) != before_) line(end - origin_, rest, view);
    over_ = true;
}

void StatisticsSeries::line(Time end, const Counts& counts, const RunSnapshot& view)
{
    const Totals now  = totals(view);
    std::string  text = fmt::format("{}.{:012},{},{}", end / second, end % second, now.offered - before_.offered,
                                    now.octets - before_.octets);
    for (const std::uint64_t ended : counts.ended) fmt::format_to(std::back_inserter(text), ",{}", ended);
    for (std::size_t i = 0; i < counters.size(); ++i)
        fmt::format_to(std::back_inserter(text), ",{}", now.registers[i] - before_.registers[i]);
    FifoLevel fifo;
    view.engine.report_levels(fifo);
    fmt::format_to(std::back_inserter(text), ",{},{},{},{},{},{}\n", counts.interrupts, counts.polls,
                   view.ledger.in_flight(), fifo.octets, fifo.frames, ring_free(view.engine));
    file_.write(text);
    before_ = now;
}

}  // namespace overrun
