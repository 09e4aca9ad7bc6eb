// SPDX-License-Identifier: Apache-2.0
// A model engine on a bench: host memory, link, scripted wire, and recorders of all that it does.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "hw/engine/descriptors.hpp"
#include "hw/platform/link_dma_port.hpp"
#include "hw/platform/wire.hpp"
#include "hw/registers/82574l.hpp"
#include "hw/registers/counters.hpp"
#include "model/model_engine.hpp"
#include "testbench/ledger/ledger.hpp"
#include "testbench/observe/probe_fan.hpp"
#include "testbench/tests/bench/recording_port.hpp"
#include "testbench/tests/support/capture_maker.hpp"

namespace overrun::test {

inline constexpr MacAddress    station        = default_station_address;
inline constexpr MacAddress    everyone       = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
inline constexpr MacAddress    pause_address  = {{0x01, 0x80, 0xc2, 0x00, 0x00, 0x01}};
inline constexpr MacAddress    other_station  = {{0x02, 0x00, 0x00, 0x00, 0x00, 0x77}};
inline constexpr std::uint16_t ordinary_type  = 0x88b5;  // IEEE 802: local experimental EtherType 1
inline constexpr std::uint16_t control_type   = 0x8808;
inline constexpr std::uint32_t memory_enable  = 2;  // PCI Command
inline constexpr std::uint32_t bus_master     = 4;
inline constexpr std::uint32_t command_offset = 4;

[[nodiscard]] inline std::uint32_t below(std::uint32_t limit, std::mt19937& random)
{
    return static_cast<std::uint32_t>(random() % limit);
}

/// Body of a frame whose length with FCS is `length`: addresses, EtherType, then octets that differ from each other.
[[nodiscard]] inline Octets body_to(const MacAddress& to, std::uint32_t length, std::uint16_t type = ordinary_type,
                                    unsigned seed = 1)
{
    Octets body = frame_octets(std::max(length, fcs_octets + header_octets) - fcs_octets, seed);
    for (std::size_t i = 0; i < address_octets; ++i) {
        body[i]                  = static_cast<std::byte>(to.octets[i]);
        body[address_octets + i] = static_cast<std::byte>(i == 0 ? 2U : 0U);
    }
    body[12] = static_cast<std::byte>(type >> 8U);
    body[13] = static_cast<std::byte>(type & 0xffU);
    body.resize(std::max(length, fcs_octets) - fcs_octets);
    return body;
}

/// What a frame carries besides its octets.
struct Marks {
    Time start   = 0;  ///< absolute; earlier than the wire is free means as soon as it is
    bool bad_fcs = false;
    bool rx_er   = false;
    bool dribble = false;
    bool no_sfd  = false;
};

/// Frames in the order in which a test gives them. Between two runs more may come.
class ScriptedSource final : public FrameSource {
public:
    /// @param frame whose octets, if any, are copied
    void add(Frame frame)
    {
        octets_.emplace_back(frame.octets, frame.octets + frame.stored);
        frame.octets = octets_.back().data();
        frame.start  = std::max(frame.start, promised_);
        frames_.push_back(frame);
    }
    /// Nothing that is added later starts before `t`.
    void promise(Time t) { promised_ = std::max(promised_, t); }

    [[nodiscard]] Offer next() override
    {
        if (given_ == frames_.size()) return Offer::none(promised_);
        Offer offer;
        offer.kind  = Offer::Kind::frame;
        offer.frame = frames_[given_++];
        return offer;
    }
    void release(FrameId last) noexcept override { released_ = last; }

    [[nodiscard]] FrameId released() const { return released_; }
    [[nodiscard]] Time    promised() const { return promised_; }

private:
    std::deque<Octets> octets_;
    std::vector<Frame> frames_;
    std::size_t        given_    = 0;
    Time               promised_ = 0;
    FrameId            released_ = 0;
};

class InterruptRecorder final : public InterruptSink {
public:
    void interrupt(const InterruptEdge& edge) override { edges.push_back(edge); }

    [[nodiscard]] std::vector<Time> rises() const
    {
        std::vector<Time> times;
        for (const InterruptEdge& edge : edges)
            if (edge.level) times.push_back(edge.time);
        return times;
    }
    [[nodiscard]] bool level() const { return !edges.empty() && edges.back().level; }

    std::vector<InterruptEdge> edges;
};

class EventRecorder final : public ProbeSink {
public:
    [[nodiscard]] ProbeKinds kinds() const override { return all_probe_kinds; }
    void                     event(const ProbeEvent& event) override { events.push_back(event); }
    void                     committed(Time) override {}

    /// When `kind` first happened to the frame; empty when it did not.
    [[nodiscard]] std::optional<Time> when(ProbeKind kind, FrameId id) const
    {
        for (const ProbeEvent& event : events)
            if (event.kind == kind && event.id == id) return event.time;
        return std::nullopt;
    }

    std::vector<ProbeEvent> events;
};

/// What is not 0, by name.
struct Totals : std::map<std::string, std::uint64_t> {
    using std::map<std::string, std::uint64_t>::map;

    friend std::ostream& operator<<(std::ostream& out, const Totals& totals)
    {
        for (const auto& [name, value] : totals) out << name << ' ' << value << ", ";
        return out;
    }
};

struct Ring {
    std::uint32_t                size     = 64;
    std::optional<std::uint32_t> given    = {};    ///< RDT; all but one when empty
    std::uint32_t                spacing  = 2048;  ///< octets from buffer to buffer
    bool                         extended = true;
    std::uint32_t                head     = 0;
};

class BareNic {
public:
    explicit BareNic(const NicParameters& nic = {}, const PcieProfile& pcie = {},
                     std::uint32_t command = memory_enable | bus_master)
        : BareNic{nic, pcie, &BareNic::dma, command}
    {
    }
    /// @param used the port that the engine is given: `dma`, which records, or `port`, which the engine may pass by
    template <class Port>
    BareNic(const NicParameters& nic, const PcieProfile& pcie, Port BareNic::*used,
            std::uint32_t command = memory_enable | bus_master)
        : rate{nic.wire_rate},
          link{pcie},
          wire{source, rate},
          engine{nic, {this->*used, wire, interrupts, Probe{attach()}}}
    {
        dma.watch(engine);
        set_command(command);
    }
    BareNic(const BareNic&)            = delete;
    BareNic& operator=(const BareNic&) = delete;

    // Time.

    [[nodiscard]] Time now() const { return engine.now(); }
    void               run_to(Time t)
    {
        source.promise(t + 1);
        engine.advance(t);
    }
    void run_for(Time span) { run_to(now() + span); }
    /// Until all frames are over, and `more` after that.
    void finish(Time more = 100 * microsecond) { run_to(std::max(now(), busy_until_) + more); }

    // Accesses that arrive at engine time. Each takes the device to its edge.

    void write(std::uint32_t offset, std::uint32_t value, Space space = Space::csr)
    {
        const Time edge = engine.access_edge(now());
        engine.post_write(space, offset, value, now());
        run_to(edge);
    }
    [[nodiscard]] std::uint32_t read(std::uint32_t offset, Space space = Space::csr)
    {
        source.promise(engine.access_edge(now()) + 1);
        return engine.read(space, offset, now()).value;
    }
    [[nodiscard]] std::uint32_t peek(std::uint32_t offset) const { return engine.peek(offset); }
    void                        set_command(std::uint32_t value) { write_config(command_offset, value, 2); }
    [[nodiscard]] std::uint32_t read_config(std::uint32_t offset, unsigned octets)
    {
        source.promise(engine.access_edge(now()) + 1);
        return engine.config_read(offset, octets, now()).value;
    }
    void write_config(std::uint32_t offset, std::uint32_t value, unsigned octets)
    {
        source.promise(engine.access_edge(now()) + 1);
        static_cast<void>(engine.config_write(offset, value, octets, now()));
    }
    /// PERST#.
    void reset()
    {
        source.promise(engine.access_edge(now()) + 1);
        engine.reset(now());
    }

    // Frames.

    /// A frame of `body` and its FCS; starts as soon as the wire is free unless the marks say later.
    void send(const Octets& body, const Marks& marks = {})
    {
        Octets octets = with_fcs(body);
        if (marks.bad_fcs) octets.back() ^= std::byte{1};
        send_raw(octets, marks);
    }
    /// These octets, whatever they are.
    void send_raw(const Octets& octets, const Marks& marks = {})
    {
        const auto length = static_cast<std::uint32_t>(octets.size());
        add({octets.data(), length, length, Fcs::stored, marks.rx_er, marks.dribble, marks.no_sfd, 0, marks.start});
    }
    /// `body`, zeros up to `length` with FCS, and an FCS that is not stored.
    void send_padded(const Octets& body, std::uint32_t length, const Marks& marks = {})
    {
        const auto stored = static_cast<std::uint32_t>(body.size());
        add({body.data(), stored, length, Fcs::appended, marks.rx_er, marks.dribble, marks.no_sfd, 0, marks.start});
    }

    // The receive ring.

    /// Flow control constants, a ring with its buffers, then RCTL. The ring's memory is new at each call.
    void receive(std::uint32_t rctl, const Ring& shape = {})
    {
        write(reg::FCT::offset, control_type);
        write(reg::FCAL::offset, 0x00c28001);
        write(reg::FCAH::offset, 0x0100);
        write(reg::RFCTL::offset, shape.extended ? reg::RFCTL::EXTEN.mask() : 0);
        write(reg::RXCSUM::offset, reg::RXCSUM::PCSD.mask());  // no checksum of any kind
        ring    = shape;
        table   = memory.allocate(std::uint64_t{shape.size} * rx_descriptor_octets);
        buffers = memory.allocate(std::uint64_t{shape.size} * shape.spacing);
        for (std::uint32_t i = 0; i < shape.size; ++i) prepare(i, buffer(i));
        write(reg::RDBAL::at(0), static_cast<std::uint32_t>(table.address));
        write(reg::RDBAH::at(0), static_cast<std::uint32_t>(table.address >> 32U));
        write(reg::RDLEN::at(0), shape.size * rx_descriptor_octets);
        write(reg::RDH::at(0), shape.head);
        write(reg::RDT::at(0), shape.head);
        write(reg::RCTL::offset, rctl);
        write(reg::RDT::at(0), shape.given.value_or((shape.head + shape.size - 1) % shape.size));
    }
    [[nodiscard]] std::uint64_t buffer(std::uint32_t i) const
    {
        return buffers.address + std::uint64_t{i} * ring.spacing;
    }
    [[nodiscard]] std::uint64_t slot(std::uint32_t i) const { return table.address + i * rx_descriptor_octets; }
    void                        prepare(std::uint32_t i, std::uint64_t address, std::uint64_t rest = 0)
    {
        const RxDescriptorRead descriptor{address, rest};
        std::memcpy(memory.at(slot(i)), &descriptor, sizeof descriptor);
    }
    template <class Descriptor>
    [[nodiscard]] Descriptor descriptor(std::uint32_t i)
    {
        Descriptor found;
        std::memcpy(&found, memory.at(slot(i)), sizeof found);
        return found;
    }
    [[nodiscard]] RxDescriptorExtended extended(std::uint32_t i) { return descriptor<RxDescriptorExtended>(i); }
    [[nodiscard]] bool                 done(std::uint32_t i)
    {
        return (octets_at(slot(i), 16)[ring.extended ? 8 : 12] & std::byte{1}) != std::byte{0};
    }
    [[nodiscard]] Octets octets_at(std::uint64_t address, std::uint32_t n)
    {
        const std::byte* from = memory.at(address);
        return {from, from + n};
    }

    // What has happened.

    [[nodiscard]] Totals counters() const
    {
        Totals     totals;
        const auto peek = [this](std::uint32_t offset) { return engine.peek(offset); };
        for (const reg::CounterInfo& info : reg::counter_table)
            if (const std::uint64_t value = reg::counter_value(info, peek); value != 0)
                totals[std::string{info.name}] = value;
        return totals;
    }
    /// Frames by fate; those in the ring count as "stored".
    [[nodiscard]] Totals fates() const
    {
        Totals totals;
        for (const FateInfo& info : fate_table)
            if (const auto n = ledger.fate(info.fate).count; n != 0) totals[std::string{info.name}] = n;
        if (ledger.in_ring() != 0) totals["stored"] = ledger.in_ring();
        if (ledger.in_nic() != 0) totals["in the NIC"] = ledger.in_nic();
        return totals;
    }
    [[nodiscard]] Totals misuse() const
    {
        Totals totals;
        for (std::size_t i = 0; i < engine.misuse().size(); ++i)
            if (engine.misuse()[i] != 0) totals[std::string{name_of(static_cast<Misuse>(i))}] = engine.misuse()[i];
        return totals;
    }

    WireRate          rate;
    HostMemory        memory{std::uint64_t{64} << 20U};
    PcieLink          link;
    LinkDmaPort       port{link, memory};
    RecordingPort     dma{port};
    ScriptedSource    source;
    Wire              wire;
    InterruptRecorder interrupts;
    EventRecorder     recorder;
    Ledger            ledger;
    ProbeFan          fan;
    ModelEngine       engine;
    Ring              ring;
    DmaBuffer         table;
    DmaBuffer         buffers;

private:
    ProbeSink* attach()
    {
        fan.add(recorder);
        fan.add(ledger);
        return &fan;
    }
    void add(const Frame& frame)
    {
        busy_until_ = std::max({busy_until_, frame.start, source.promised()}) + rate.slot(frame.length);
        source.add(frame);
    }

    Time busy_until_ = 0;
};

}  // namespace overrun::test
