// SPDX-License-Identifier: Apache-2.0
// Engines that break one law each, built around the model: the laws' tests must notice them.
#pragma once

#include <algorithm>
#include <memory>

#include "hw/engine/forwarding_engine.hpp"
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
class Wrapped : public ForwardingEngine, private InterruptSink, private ProbeSink {
public:
    Wrapped(const NicParameters& parameters, const EngineSeams& seams)
        : cycle{parameters.clock().period()},
          interrupts_{seams.interrupts},
          probe_{seams.probe},
          model{parameters, {seams.dma, seams.wire, *this, Probe{this}}}
    {
    }

    void set_probe(Probe probe) override { probe_ = probe; }

protected:
    [[nodiscard]] virtual InterruptEdge changed(const InterruptEdge& edge) { return edge; }
    [[nodiscard]] virtual Time          time_of(const ProbeEvent& event) { return event.time; }
    [[nodiscard]] virtual unsigned      times(const ProbeEvent&) { return 1; }

    Time cycle;

private:
    [[nodiscard]] NicEngine& inner() const noexcept override { return model; }

    void interrupt(const InterruptEdge& edge) override { interrupts_.interrupt(changed(edge)); }

    [[nodiscard]] ProbeKinds kinds() const override { return all_probe_kinds; }
    void                     event(const ProbeEvent& event) override
    {
        for (unsigned i = times(event); i > 0; --i)
            probe_(event.kind, time_of(event), event.id, event.value, event.extra);
    }
    void committed(Time t) override { probe_.committed(t); }

    InterruptSink& interrupts_;
    Probe          probe_;

protected:
    mutable ModelEngine model;
};

/// Interrupt edges carry the time of the call that found them, not their own.
class EdgesAtEndOfCall final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void advance(Time t) override
    {
        call_ = t;
        model.advance(t);
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
        model.advance(t);
        if (++calls_ % 4 == 0) model.post_write(Space::csr, reg::ICR::offset, ~0U, t);
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
        if (t - model.now() > 30 * cycle) model.advance(t);
    }
    Time now() const noexcept override { return std::max(now_, model.now()); }

private:
    Time now_ = 0;
};

/// Does more than it was asked for.
class RunsAhead final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void advance(Time t) override
    {
        model.advance(t + 3 * cycle);
        now_ = t;
    }
    Time now() const noexcept override { return now_ == 0 ? model.now() : now_; }

private:
    Time now_ = 0;
};

class BoundIsLate final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time interrupt_not_before(Time limit) const override
    {
        const Time bound = model.interrupt_not_before(limit);
        return bound == never || bound + cycle > limit ? never : bound + cycle;
    }
};

/// Looks ahead by going there.
class BoundHasEffect final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time interrupt_not_before(Time limit) const override
    {
        const Time bound = model.interrupt_not_before(limit);
        model.advance(limit);
        return bound;
    }
};

class StopsAtSecondEdge final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time advance_to_interrupt(Time limit) override
    {
        const Time first = model.advance_to_interrupt(limit);
        return first == never ? never : model.advance_to_interrupt(limit);
    }
};

/// Names the right edge, but does not stop there.
class StopsTooLate final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time advance_to_interrupt(Time limit) override
    {
        const Time first = model.advance_to_interrupt(limit);
        model.advance(std::min(limit, model.now() + 2 * cycle));
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

/// A register is written between two edges.
class AccessesBetweenEdges final : public Wrapped {
public:
    using Wrapped::Wrapped;

private:
    Time time_of(const ProbeEvent& event) override { return event.time - (event.kind == ProbeKind::csr ? 1 : 0); }
};

/// An access takes effect an edge later than it may.
class AccessesWait final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time access_edge(Time arrival) const override { return model.access_edge(arrival + cycle); }
    void post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        model.post_write(space, offset, value, arrival + cycle);
    }
};

/// An access takes effect on its edge whether or not another one has it.
class AccessesShareEdges final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Time access_edge(Time arrival) const override { return (arrival / cycle + 1) * cycle; }
};

class LateIsNotCounted final : public Wrapped {
public:
    using Wrapped::Wrapped;
    const MisuseCounts& misuse() const override
    {
        counts_                                                = model.misuse();
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
    void post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        const bool late = (arrival / cycle + 1) * cycle <= model.now();
        model.post_write(space, late ? reg::IMS::offset : offset, late ? 0 : value, arrival);
    }
};

class ResetIsSlow final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        const bool reset = offset == reg::CTRL::offset && reg::CTRL::RST.in(value);
        model.post_write(space, offset, value, arrival + (reset ? 50 * cycle : 0));
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
        FramesHeld held = model.frames_held();
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
