// SPDX-License-Identifier: Apache-2.0
// Runs a random program on an engine in one of several ways and keeps all that can be seen from outside.
// It judges only the books, which must balance at every moment.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hw/engine/descriptors.hpp"
#include "hw/platform/link_dma_port.hpp"
#include "hw/platform/wire.hpp"
#include "testbench/ledger/ledger.hpp"
#include "testbench/observe/probe_fan.hpp"
#include "testbench/tests/laws/program_record.hpp"
#include "testbench/tests/laws/random_program.hpp"

namespace overrun::laws {

/// How a program is run. By default the engine is asked for nothing that the program does not need.
struct Way {
    enum class Between { nothing, advance, ask, to_interrupt };

    Between       between       = Between::nothing;  ///< what is called between accesses, at random times
    std::uint64_t seed          = 0;
    bool          snapshots     = false;  ///< now and then keep a copy of what the host can see
    unsigned      extra         = 0;      ///< per cent of accesses after which one more is made
    bool          extra_is_late = false;  ///< ... at a time that the engine has left behind, else at engine time
    Time          stop          = std::numeric_limits<Time>::max();  ///< the run ends here
    bool          levels        = true;  ///< someone listens to more than what becomes of frames
};

class ProgramRun {
public:
    ProgramRun(const Program& program, const EngineMaker& make, const Way& way)
        : program_{program},
          way_{way},
          random_{way.seed},
          link_{program.pcie},
          port_{link_, memory_},
          source_{program.wire},
          wire_{source_, WireRate{program.parameters.wire_rate}},
          recorder_{trace_, port_, program.parameters, way.levels ? all_probe_kinds : frame_life_kinds},
          table_{memory_.allocate(std::uint64_t{ring_most} * rx_descriptor_octets)},
          buffers_{memory_.allocate(std::uint64_t{ring_most} * buffer_spacing)}
    {
        fan_.add(recorder_);
        fan_.add(ledger_);
        engine_ = make(program.parameters, {recorder_, wire_, recorder_, Probe{&fan_}});
        for (const std::uint32_t page : program.refused_pages)
            memory_.revoke({buffers_.address + std::uint64_t{page} * page_octets, page_octets});
    }

    [[nodiscard]] Trace operator()()
    {
        const Time end = std::min(program_.end, way_.stop);
        for (const Access& access : program_.accesses) {
            // A host that waits for an answer makes its next access after that.
            const Time at = std::max(access.at, ready_);
            if (at > end) break;
            between(at - 1);
            perform(access, at);
            if (random_.chance(way_.extra)) perform_extra(at);
        }
        between(end);
        advance(std::max(end, engine_->now()));
        look();
        std::stable_sort(trace_.events.begin(), trace_.events.end(), [](const ProbeEvent& a, const ProbeEvent& b) {
            return a.time != b.time ? a.time < b.time : a.kind < b.kind;
        });
        return std::move(trace_);
    }

private:
    using Kind = Access::Kind;

    // Between two accesses: the engine's time may go up to `limit`.

    void between(Time limit)
    {
        if (way_.between == Way::Between::nothing || engine_->now() > limit) return;
        switch (way_.between) {
            case Way::Between::advance: return advance_at_random(limit);
            case Way::Between::ask: return ask(limit);
            default: return run_to_interrupts(limit);
        }
    }

    void advance(Time t)
    {
        recorder_.set_present(t);
        engine_->advance(t);
        if (engine_->now() != t) fail("advance ends at another time");
        if (!recorder_.all_written(t)) fail("a write that is complete is not in host memory");
        check_books();
    }

    [[nodiscard]] Time some_time(Time limit) { return random_.between(engine_->now(), limit); }

    void advance_at_random(Time limit)
    {
        for (std::uint64_t i = random_.below(6); i > 0; --i) {
            Time t = some_time(limit);
            if (random_.chance(30)) t = std::min(limit, std::max(engine_->now(), engine_->next_internal()));
            if (random_.chance(10)) t = engine_->now();
            advance(t);
            if (way_.snapshots && random_.chance(15)) look();
        }
    }

    void ask(Time limit)
    {
        for (std::uint64_t i = random_.below(4); i > 0; --i) {
            const Time now   = engine_->now();
            const Time until = some_time(limit);
            const Time bound = engine_->interrupt_not_before(until);
            const auto edges = trace_.edges.size();
            if (bound != never && (bound < now || bound > until))
                fail("interrupt_not_before answers outside [now, limit]");
            advance(until);
            for (std::size_t e = edges; e < trace_.edges.size(); ++e)
                if (trace_.edges[e].level && trace_.edges[e].time < bound) fail("interrupt_not_before was late");
            if (bound == never || bound > now) ++trace_.claims;
        }
    }

    void run_to_interrupts(Time limit)
    {
        for (;;) {
            const auto before = trace_.edges.size();
            const Time begun  = engine_->now();
            recorder_.set_present(limit);
            const Time stopped = engine_->advance_to_interrupt(limit);
            recorder_.set_present(engine_->now());
            Time first = never;
            for (std::size_t e = trace_.edges.size(); e-- > before;)
                if (trace_.edges[e].level) first = trace_.edges[e].time;
            if (stopped != first) fail("advance_to_interrupt does not name the first rising edge");
            if (engine_->now() < begun) fail("engine time falls");
            if (stopped != never ? engine_->now() != stopped
                                 : engine_->now() > limit || engine_->next_internal() <= limit)
                fail("advance_to_interrupt ends at another time");
            check_books();
            if (stopped == never) return;
            ++trace_.claims;
        }
    }

    // Accesses.

    void perform(const Access& access, Time at)
    {
        trace_.taken.push_back(engine_->access_edge(at));
        switch (access.kind) {
            case Kind::write: return write(access.space, access.offset, access.value, at);
            case Kind::set_up: return set_up(program_.set_ups[access.value], at);
            case Kind::serve: return serve(access.value, at);
            case Kind::read: return await(at, [&] { return engine_->read(access.space, access.offset, at); });
            case Kind::config_read:
                return await(at, [&] { return engine_->config_read(access.offset, access.octets, at); });
            case Kind::config_write:
                return await(at, [&] {
                    return Answer{0, engine_->config_write(access.offset, access.value, access.octets, at)};
                });
            case Kind::power_on:
                return await(at, [&] {
                    engine_->reset(at);
                    return Answer{0, never};
                });
        }
    }

    /// One more access, when all before it have taken effect.
    void perform_extra(Time arrival)
    {
        const Time period = program_.parameters.clock().period();
        const Time now    = engine_->access_edge(arrival);
        advance(now);
        ready_ = now;
        // The first edge after such an arrival is over.
        const Time past = random_.between<Time>(0, now - period);
        const Time when = way_.extra_is_late ? past : now;
        if (way_.extra_is_late) {
            ++trace_.late;
            last_edge_ = now;  // engine time counts in place of the arrival
        }
        switch (random_.below(4)) {
            case 0: return await(when, [&] { return engine_->read(Space::csr, reg::ICR::offset, when); });
            case 1: return await(when, [&] { return engine_->config_read(4, 2, when); });
            case 2: return await(when, [&] { return Answer{0, engine_->config_write(4, 6, 2, when)}; });
            default: return write(Space::csr, reg::IMS::offset, 0xd4, when);
        }
    }

    /// The first edge after the arrival that no access has, found without the engine's help.
    [[nodiscard]] Time next_edge(Time arrival) const
    {
        const Time period = program_.parameters.clock().period();
        return std::max((arrival / period + 1) * period, last_edge_ + period);
    }

    void take_edge(Time arrival)
    {
        last_edge_ = next_edge(arrival);
        if (engine_->access_edge(arrival) != last_edge_) fail("an access that announces another edge");
    }

    /// An access that the host waits for.
    template <class Do>
    void await(Time arrival, Do&& access)
    {
        take_edge(arrival);
        recorder_.set_present(last_edge_);
        const Answer answer = access();
        if (engine_->now() != last_edge_) fail("an access on another edge");
        if (answer.time < last_edge_) fail("an answer before the access");
        trace_.answers.push_back(answer.value);
        trace_.answers.push_back(static_cast<std::uint64_t>(answer.time));
        ready_ = last_edge_;
    }

    void write(Space space, std::uint32_t offset, std::uint32_t value, Time at)
    {
        take_edge(at);
        engine_->post_write(space, offset, value, at);
    }
    void write(std::uint32_t offset, std::uint32_t value, Time at) { write(Space::csr, offset, value, at); }

    // The host's ring.

    void prepare(std::uint32_t index)
    {
        const bool             hole = ring_.holes && index % 5 == 2;
        const RxDescriptorRead descriptor{hole ? 0 : buffers_.address + std::uint64_t{index} * buffer_spacing, 0};
        std::memcpy(memory_.at(slot(index)), &descriptor, sizeof descriptor);
    }
    [[nodiscard]] std::uint64_t slot(std::uint32_t index) const
    {
        return table_.address + std::uint64_t{index} * rx_descriptor_octets;
    }

    void set_up(const RingSetup& ring, Time at)
    {
        advance(at);
        ring_ = ring;
        next_ = ring.head;
        for (std::uint32_t i = 0; i < ring.size; ++i) prepare(i);
        tail_ = (ring.head + ring.given) % ring.size;
        write(reg::RFCTL::offset, reg::RFCTL::EXTEN.set(0, ring.extended ? 1 : 0), at);
        write(reg::RXDCTL::at(0), ring.rxdctl, at);
        write(reg::RDBAL::at(0), static_cast<std::uint32_t>(table_.address), at);
        write(reg::RDBAH::at(0), static_cast<std::uint32_t>(table_.address >> 32U), at);
        write(reg::RDLEN::at(0), ring.size * rx_descriptor_octets, at);
        write(reg::RDH::at(0), ring.head, at);
        write(reg::RDT::at(0), ring.head, at);
        write(reg::RCTL::offset, ring.rctl, at);
        write(reg::RDT::at(0), tail_, at);
        write(reg::IMS::offset, ring.ims, at);
    }

    void serve(std::uint32_t most, Time at)
    {
        advance(at);
        std::uint32_t taken = 0;
        for (; taken < most && next_ != tail_; ++taken) {
            std::array<std::byte, rx_descriptor_octets> octets{};
            std::memcpy(octets.data(), memory_.at(slot(next_)), octets.size());
            if ((octets[ring_.extended ? 8 : 12] & std::byte{1}) == std::byte{0}) break;
            trace_.answers.push_back(fcs_of(octets));
            trace_.answers.push_back(
                fcs_of({memory_.at(buffers_.address + std::uint64_t{next_} * buffer_spacing), 256}));
            prepare(next_);
            next_ = (next_ + 1) % ring_.size;
        }
        trace_.answers.push_back(taken);
        tail_ = (tail_ + taken) % ring_.size;
        if (taken != 0) write(reg::RDT::at(0), tail_, at);
    }

    // Looking without touching.

    void check_books()
    {
        if (const std::string breach = ledger_.breach(); !breach.empty()) return fail(breach);
        if (engine_->frames_held().total() != ledger_.in_nic()) fail("the NIC and the ledger hold different frames");
    }

    void look()
    {
        View view;
        view.at = engine_->now();
        for (std::uint64_t page = table_.address; page < buffers_.address + buffers_.octets; page += page_octets)
            view.memory.push_back(fcs_of({memory_.at(page), page_octets}));
        for (const reg::RegisterInfo& row : reg::register_table)
            for (std::uint32_t i = 0; i < row.count; ++i)
                view.registers.push_back(engine_->peek(row.offset + i * row.stride));
        view.misuse        = engine_->misuse();
        view.edges         = trace_.edges.size();
        view.held          = engine_->frames_held();
        view.fifo_peak     = engine_->fifo_peak();
        view.ring_free_min = engine_->ring_free_min() ? *engine_->ring_free_min() + 1 : 0;
        view.dma           = memory_.dma_count() + memory_.refused_count();
        trace_.views.push_back(std::move(view));
    }

    void fail(const std::string& what)
    {
        if (trace_.breach.empty()) trace_.breach = what + " at " + std::to_string(engine_->now()) + " ps";
    }

    const Program&             program_;
    Way                        way_;
    Random                     random_;
    Trace                      trace_;
    HostMemory                 memory_{std::uint64_t{2} << 20U};
    PcieLink                   link_;
    LinkDmaPort                port_;
    ProgramSource              source_;
    Wire                       wire_;
    Recorder                   recorder_;
    Ledger                     ledger_;
    ProbeFan                   fan_;
    DmaBuffer                  table_;
    DmaBuffer                  buffers_;
    RingSetup                  ring_;
    std::uint32_t              next_      = 0;
    std::uint32_t              tail_      = 0;
    Time                       ready_     = 0;  // of the host for its next access
    Time                       last_edge_ = 0;  // on which an access took effect or will
    std::unique_ptr<NicEngine> engine_;
};

[[nodiscard]] inline Trace run(const Program& program, const EngineMaker& make, const Way& way = {})
{
    return ProgramRun{program, make, way}();
}

}  // namespace overrun::laws
