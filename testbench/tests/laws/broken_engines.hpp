// SPDX-License-Identifier: Apache-2.0
// Engines that break one law each, built around the model: the laws' tests must notice them.
#pragma once

#include <algorithm>
#include <memory>

#include "model/model_engine.hpp"
#include "testbench/tests/laws/program_run.hpp"

namespace overrun::laws {

template <class Engine>
[[nodiscard]] EngineMaker maker()
{
    return [](const NicParameters& parameters, const EngineSeams& seams) -> std::unique_ptr<NicEngine> {
        return std::make_unique<Engine>(parameters, seams);
    };
}

/// The model behind one more layer, which breaks nothing yet.
class Wrapped : public NicEngine, private InterruptSink, private ProbeSink {
public:
    Wrapped(const NicParameters& parameters, const EngineSeams& seams)
        : cycle{parameters.clock().period()},
          interrupts_{seams.interrupts},
          probe_{seams.probe},
          inner{parameters, {seams.dma, seams.wire, *this, Probe{this}, seams.watch}}
    {
    }

    void advance(Time t) override { inner.advance(t); }
    void post_write(Bar bar, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        inner.post_write(bar, offset, value, arrival);
    }
    std::uint32_t read(Bar bar, std::uint32_t offset, Time at) override { return inner.read(bar, offset, at); }
    std::uint32_t config_read(std::uint32_t offset, unsigned octets, Time at) override
    {
        return inner.config_read(offset, octets, at);
    }
    void config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time at) override
    {
        inner.config_write(offset, value, octets, at);
    }
    void                reset(Time at) override { inner.reset(at); }
    Time                interrupt_not_before(Time limit) const override { return inner.interrupt_not_before(limit); }
    Time                advance_to_interrupt(Time limit) override { return inner.advance_to_interrupt(limit); }
    Time                next_internal() const override { return inner.next_internal(); }
    void                untold_octets(std::span<std::byte> octets) override { inner.untold_octets(octets); }
    void                dma_done(const DmaDone& done) override { inner.dma_done(done); }
    bool                idle() const override { return inner.idle(); }
    Time                now() const noexcept override { return inner.now(); }
    FramesHeld          frames_held() const override { return inner.frames_held(); }
    const MisuseCounts& misuse() const override { return inner.misuse(); }
    std::uint32_t       fifo_peak() const override { return inner.fifo_peak(); }
    std::optional<std::uint32_t> ring_free_min() const override { return inner.ring_free_min(); }
    std::uint32_t                peek(std::uint32_t offset) const override { return inner.peek(offset); }
    void                         set_probe(Probe probe) override { probe_ = probe; }
    void                         report_levels(ProbeSink& sink) const override { inner.report_levels(sink); }

protected:
    [[nodiscard]] virtual InterruptEdge changed(const InterruptEdge& edge) { return edge; }
    [[nodiscard]] virtual unsigned      times(const ProbeEvent&) { return 1; }

    Time cycle;

private:
    void interrupt(const InterruptEdge& edge) override { interrupts_.interrupt(changed(edge)); }

    [[nodiscard]] ProbeKinds kinds() const override { return all_probe_kinds; }
    void                     event(const ProbeEvent& event) override
    {
        for (unsigned i = times(event); i > 0; --i) probe_(event.kind, event.time, event.id, event.value, event.extra);
    }
    void committed(Time t) override { probe_.committed(t); }

    InterruptSink& interrupts_;
    Probe          probe_;

protected:
    mutable ModelEngine inner;
};

/// Interrupt edges carry the time of the call that found them, not their own.
class EdgesAtEndOfCall final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void advance(Time t) override
    {
        call_ = t;
        inner.advance(t);
    }

private:
    InterruptEdge changed(const InterruptEdge& edge) override
    {
        InterruptEdge late = edge;
        late.time          = std::max(edge.time, call_);
        return late;
    }

    Time call_ = 0;
};

/// Now and then a call of advance clears the causes.
class SplitsHaveEffect final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void advance(Time t) override
    {
        inner.advance(t);
        if (++calls_ % 4 == 0) static_cast<void>(inner.read(Bar::csr, reg::ICR::offset, t));
    }

private:
    unsigned calls_ = 0;
};

/// A short advance is put off until a longer one comes.
class DropsShortAdvances final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void advance(Time t) override
    {
        now_ = std::max(now_, t);
        if (t - inner.now() > 30 * cycle) inner.advance(t);
    }
    Time now() const noexcept override { return std::max(now_, inner.now()); }

private:
    Time now_ = 0;
};

/// Does more than it was asked for.
class RunsAhead final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void advance(Time t) override
    {
        inner.advance(t + 3 * cycle);
        now_ = t;
    }
    Time now() const noexcept override { return now_ == 0 ? inner.now() : now_; }

private:
    Time now_ = 0;
};

class BoundIsLate final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time interrupt_not_before(Time limit) const override
    {
        const Time bound = inner.interrupt_not_before(limit);
        return bound == never || bound + cycle > limit ? never : bound + cycle;
    }
};

/// Looks ahead by going there.
class BoundHasEffect final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time interrupt_not_before(Time limit) const override
    {
        const Time bound = inner.interrupt_not_before(limit);
        inner.advance(limit);
        return bound;
    }
};

class StopsAtSecondEdge final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time advance_to_interrupt(Time limit) override
    {
        const Time first = inner.advance_to_interrupt(limit);
        return first == never ? never : inner.advance_to_interrupt(limit);
    }
};

/// Names the right edge, but does not stop there.
class StopsTooLate final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time advance_to_interrupt(Time limit) override
    {
        const Time first = inner.advance_to_interrupt(limit);
        inner.advance(std::min(limit, inner.now() + 2 * cycle));
        return first;
    }
};

class EdgesOffTheGrid final : public Wrapped {
public:
    using Wrapped::Wrapped;

private:
    InterruptEdge changed(const InterruptEdge& edge) override
    {
        InterruptEdge off = edge;
        off.time -= off.time % cycle == 0 && off.time > 0 ? 1 : 0;
        return off;
    }
};

class LateIsNotCounted final : public Wrapped {
public:
    using Wrapped::Wrapped;
    const MisuseCounts& misuse() const override
    {
        counts_                                                = inner.misuse();
        counts_[static_cast<std::size_t>(Misuse::late_access)] = 0;
        return counts_;
    }

private:
    mutable MisuseCounts counts_{};
};

/// Counts a late write and drops it.
class LateIsLost final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void post_write(Bar bar, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        const bool late = arrival < inner.now();
        inner.post_write(bar, late ? reg::IMS::offset : offset, late ? 0 : value, arrival);
    }
};

class ResetIsSlow final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void post_write(Bar bar, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        const bool reset = offset == reg::CTRL::offset && reg::CTRL::RST.in(value);
        inner.post_write(bar, offset, value, arrival + (reset ? 50 * cycle : 0));
    }
};

/// One cycle slower for each frame when no level is wanted.
class SlowerUnobserved final : public Wrapped {
public:
    SlowerUnobserved(const NicParameters& parameters, const EngineSeams& seams)
        : Wrapped{slower(parameters, !seams.probe.wants_levels()), seams}
    {
    }

private:
    [[nodiscard]] static NicParameters slower(NicParameters parameters, bool unobserved)
    {
        if (unobserved) ++parameters.rx_dma_cycles;
        return parameters;
    }
};

class ForgetsTheWire final : public Wrapped {
public:
    using Wrapped::Wrapped;
    FramesHeld frames_held() const override
    {
        FramesHeld held = inner.frames_held();
        held.on_wire    = 0;
        return held;
    }
};

/// Every tenth frame that ends in the NIC does so twice, or not at all.
template <unsigned how_often>
class EndsFrames final : public Wrapped {
public:
    using Wrapped::Wrapped;

private:
    unsigned times(const ProbeEvent& event) override
    {
        return event.kind == ProbeKind::ended && ++ended_ % 10 == 0 ? how_often : 1;
    }

    unsigned ended_ = 0;
};

}  // namespace overrun::laws
