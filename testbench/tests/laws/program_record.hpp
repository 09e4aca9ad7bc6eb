// SPDX-License-Identifier: Apache-2.0
// What can be seen of an engine while a random program runs, and the two ends of its seams that a program needs.
// It checks only what holds at every moment: nothing happens after the present or before what is final.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "hw/engine/dma_port.hpp"
#include "hw/engine/nic_engine.hpp"
#include "testbench/tests/laws/random_program.hpp"

namespace overrun::laws {

/// What the host can see at one time.
struct View {
    Time                       at = 0;
    std::vector<std::uint32_t> memory;     ///< of ring and buffers, a checksum for each page
    std::vector<std::uint32_t> registers;  ///< every offset of the map
    MisuseCounts               misuse{};
    std::uint64_t              edges = 0;
    FramesHeld                 held{};
    std::uint32_t              fifo_peak     = 0;
    std::uint64_t              ring_free_min = 0;  ///< 1 more than the device says; 0 when it says nothing
    std::uint64_t              dma           = 0;
};

struct Trace {
    std::vector<ProbeEvent>    events;  ///< by time, then kind, then as they came
    std::vector<InterruptEdge> edges;
    std::vector<std::uint64_t> answers;     ///< of reads, and what the host found in its ring
    std::vector<Time>          taken;       ///< of each access, the edge on which its first part takes effect
    std::vector<Time>          issued;      ///< of DMA accesses
    std::vector<View>          views;       ///< the last one is the end
    std::uint64_t              late   = 0;  ///< accesses made in the past
    std::uint64_t              claims = 0;  ///< times that the way's own question had an answer to be checked
    std::string                breach;      ///< the first thing wrong during the run
};

/// Plays a program's frames; octets that were given back are spoilt.
class ProgramSource final : public FrameSource {
public:
    explicit ProgramSource(const std::vector<WireItem>& items) : items_{items} {}

    [[nodiscard]] Offer next() override
    {
        Offer offer;
        if (given_ == items_.size()) return offer;
        WireItem& item = items_[given_++];
        if (item.none_before != 0) {
            offer.none_before = item.none_before;
            return offer;
        }
        offer.kind         = Offer::Kind::frame;
        offer.frame        = item.frame;
        offer.frame.octets = item.octets.data();
        frames_.push_back(given_ - 1);
        return offer;
    }
    void release(FrameId last) noexcept override
    {
        for (; released_ < std::min<FrameId>(last, frames_.size()); ++released_)
            for (std::byte& octet : items_[frames_[released_]].octets) octet = std::byte{0xdd};
    }

private:
    std::vector<WireItem>    items_;
    std::vector<std::size_t> frames_;
    std::size_t              given_    = 0;
    FrameId                  released_ = 0;
};

/// Keeps what an engine reports and does, and checks that none of it lies after the present or before what is final.
class Recorder final : public ProbeSink, public InterruptSink, public DmaPort {
public:
    Recorder(Trace& trace, DmaPort& port, const NicParameters& parameters, ProbeKinds kinds)
        : trace_{trace}, port_{port}, clock_{parameters.clock()}, beat_{parameters.dma_beat_octets}, kinds_{kinds}
    {
    }

    /// Nothing may happen after `t` until this is called again.
    void set_present(Time t) { present_ = t; }

    [[nodiscard]] ProbeKinds kinds() const override { return kinds_; }
    void                     event(const ProbeEvent& event) override
    {
        if (event.time < committed_) fail("an event after its time was committed");
        if (event.time > present_) fail("an event in the future");
        trace_.events.push_back(event);
    }
    void committed(Time t) override { committed_ = std::max(committed_, t); }
    void interrupt(const InterruptEdge& edge) override
    {
        if (!trace_.edges.empty() && edge.time < trace_.edges.back().time) fail("interrupt edges out of order");
        if (edge.time > present_) fail("an interrupt edge in the future");
        if (edge.level == level_) fail("an edge that is none");
        level_ = edge.level;
        trace_.edges.push_back(edge);
    }

    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                    Time t) override
    {
        if (!trace_.issued.empty() && t < trace_.issued.back()) fail("DMA issued out of order");
        if (t > present_) fail("DMA issued in the future");
        trace_.issued.push_back(t);
        const DmaTimes times = port_.schedule(operation, address, length, t);
        if (operation == DmaOperation::write) {
            // The link may be faster than the device's own data path.
            const Time sent = clock_.edge(std::max(t + clock_.cycles((length + beat_ - 1) / beat_), times.accepted));
            writes_.push_back({address, length, times.completed, std::max(times.completed, sent)});
        }
        return times;
    }
    [[nodiscard]] bool commit_write(std::uint64_t address, std::span<const std::byte> octets) override
    {
        // In the order of issue, in one or more pieces.
        if (writes_.empty() || writes_.front().address != address || writes_.front().length < octets.size()) {
            fail("a write that was not scheduled next");
        } else {
            Write& write = writes_.front();
            if (write.completed > present_) fail("a write before it completes");
            write.address += octets.size();
            write.length -= static_cast<std::uint32_t>(octets.size());
            if (write.length == 0) writes_.pop_front();
        }
        return port_.commit_write(address, octets);
    }
    [[nodiscard]] bool commit_read(std::uint64_t address, std::span<std::byte> octets) override
    {
        return port_.commit_read(address, octets);
    }
    /// Every write that is complete by `t` is in host memory.
    [[nodiscard]] bool all_written(Time t) const { return writes_.empty() || writes_.front().due > t; }

private:
    struct Write {
        std::uint64_t address;
        std::uint32_t length;
        Time          completed;
        Time          due;
    };

    void fail(const char* what)
    {
        if (trace_.breach.empty()) trace_.breach = what;
    }

    Trace&            trace_;
    DmaPort&          port_;
    CoreClock         clock_;
    std::uint32_t     beat_;
    ProbeKinds        kinds_;
    std::deque<Write> writes_;
    Time              committed_ = 0;
    Time              present_   = 0;
    bool              level_     = false;
};

}  // namespace overrun::laws
