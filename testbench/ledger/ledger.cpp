// SPDX-License-Identifier: Apache-2.0
#include "testbench/ledger/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace overrun {

inline void Ledger::begin_row(Ends& ends, FrameId id, Time at)
{
    FateRecord& record = ends.record;
    if (record.count == 0) {
        record.first    = id;
        record.first_at = at;
    }
    record.longest_run = std::max(record.longest_run, ends.expected - ends.row);
    ends.row           = id;
}

inline void Ledger::enter(FrameId id, Fate fate, Time at)
{
    Ends& ends = fates_[static_cast<std::size_t>(fate)];
    if (ends.expected != id) [[unlikely]]
        begin_row(ends, id, at);
    ++ends.record.count;
    ends.record.last    = id;
    ends.record.last_at = at;
    ends.expected       = id + 1;
}

inline void Ledger::end(FrameId id, Fate fate, Time start, Time at)
{
    enter(id, fate, at);
    if (!sinks_.empty()) tell_all(id, fate, start, at);
}

void Ledger::tell_all(FrameId id, Fate fate, Time start, Time at)
{
    for (FateSink* sink : sinks_) sink->over(id, fate, start, at);
}

inline void Ledger::enter_ring(FrameId id, Time start, Time time, WriteBack result)
{
    if (result == WriteBack::whole) {
        wire_to_host_.record(time - start);
        ++in_ring_good_;
        return in_ring_.push({id, start});
    }
    refused(id, start, time, result);
}

void Ledger::refused(FrameId id, Time start, Time time, WriteBack result)
{
    // The driver finds no descriptor that host memory refused.
    if (result != WriteBack::descriptor_refused) in_ring_.push({InRing::ended, start});
    end(id, Fate::dma_fault, start, time);
}

void Ledger::event(const ProbeEvent& event)
{
    switch (event.kind) {
        case ProbeKind::offered: return offered(event.id, event.time, static_cast<std::uint32_t>(event.value));
        case ProbeKind::ended: return ended(event.id, event.time, static_cast<Fate>(event.value));
        case ProbeKind::written_back: return written_back(event.id, event.time, static_cast<WriteBack>(event.value));
        case ProbeKind::taken: return taken(event.time, static_cast<Fate>(event.value));
        default: return;
    }
}

void Ledger::offered(FrameId id, Time start, std::uint32_t length)
{
    ++offered_;
    offered_octets_ += length;
    if (!in_nic_.has_room(id)) return enter_nic_late(id, start);
    static_cast<void>(in_nic_.insert(id, start));
}

void Ledger::ended(FrameId id, Time time, Fate fate)
{
    const auto start = in_nic_.remove(id);
    if (!start) return ended_unknown(id, time, fate);
    end(id, fate, *start, time);
}

void Ledger::written_back(FrameId id, Time time, WriteBack result)
{
    if (!in_nic_.has_at_hand(id)) return written_back_late(id, time, result);
    enter_ring(id, *in_nic_.remove(id), time, result);
}

// Entered, so that the sums show the breach too, but not told: the sinks know nothing of such a frame.
void Ledger::ended_unknown(FrameId id, Time time, Fate fate)
{
    broken(id, "ended without being in the NIC");
    enter(id, fate, time);
}

void Ledger::enter_nic_late(FrameId id, Time start)
{
    if (!in_nic_.insert(id, start)) broken(id, "was offered twice");
}

void Ledger::written_back_late(FrameId id, Time time, WriteBack result)
{
    const auto start = in_nic_.remove(id);
    if (!start) return broken(id, "was written back without being in the NIC");
    enter_ring(id, *start, time, result);
}

void Ledger::taken(Time time, Fate fate)
{
    if (in_ring_.empty()) return broken("the driver took a frame that no write-back had given it");
    const InRing frame = in_ring_.front();
    in_ring_.pop();
    if (frame.id == InRing::ended) return;
    --in_ring_good_;
    wire_to_driver_.record(time - frame.start);
    end(frame.id, fate, frame.start, time);
}

FateRecord Ledger::fate(Fate fate) const noexcept
{
    const Ends& ends   = fates_[static_cast<std::size_t>(fate)];
    FateRecord  record = ends.record;
    record.longest_run = std::max(record.longest_run, ends.expected - ends.row);
    return record;
}

void Ledger::broken(FrameId id, const char* what)
{
    if (breach_.empty()) breach_ = fmt::format("frame {} {}", id, what);
}

void Ledger::broken(const char* what)
{
    if (breach_.empty()) breach_ = what;
}

std::uint64_t Ledger::ended() const noexcept
{
    std::uint64_t sum = 0;
    for (const Ends& ends : fates_) sum += ends.record.count;
    return sum;
}

std::string Ledger::breach() const
{
    if (!breach_.empty()) return breach_;
    if (offered_ != ended() + in_flight())
        return fmt::format("{} frames offered, but {} ended and {} in flight", offered_, ended(), in_flight());
    return {};
}

}  // namespace overrun
