// SPDX-License-Identifier: Apache-2.0
// An engine that is looked at, at moments named beforehand. Between them it costs a comparison for each call.
#pragma once

#include <memory>

#include "hw/engine/forwarding_engine.hpp"

namespace overrun {

/// Looks at an engine at moments that it names beforehand.
class EngineWatch {
public:
    virtual ~EngineWatch() = default;

    /// The next moment, after the one before; `never` for none. Asked when the engine is built and after each sample.
    [[nodiscard]] virtual Time next_sample() const = 0;

    /// The engine has done everything up to and including `t`, and nothing after it. May observe it and change its
    /// probe, and nothing else. Not called for a moment after which nothing happens any more.
    virtual void sample(NicEngine& engine, Time t) = 0;
};

/// Splits each advance at the moments of a watch, which law 1 allows.
class WatchedEngine final : public ForwardingEngine {
public:
    /// @param watch outlives this
    WatchedEngine(std::unique_ptr<NicEngine> engine, EngineWatch& watch)
        : engine_{std::move(engine)}, watch_{watch}, next_{watch.next_sample()}
    {
    }

    void advance(Time t) override
    {
        while (next_ <= t) sample();
        engine_->advance(t);
    }
    [[nodiscard]] Answer read(Space space, std::uint32_t offset, Time arrival) override
    {
        sample_before_access(arrival);
        return engine_->read(space, offset, arrival);
    }
    [[nodiscard]] Answer config_read(std::uint32_t offset, unsigned octets, Time arrival) override
    {
        sample_before_access(arrival);
        return engine_->config_read(offset, octets, arrival);
    }
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time arrival) override
    {
        sample_before_access(arrival);
        return engine_->config_write(offset, value, octets, arrival);
    }
    void reset(Time arrival) override
    {
        sample_before_access(arrival);
        engine_->reset(arrival);
    }
    Time advance_to_interrupt(Time limit) override
    {
        while (next_ <= limit && next_ != never) {
            if (const Time edge = engine_->advance_to_interrupt(next_); edge != never) return edge;
            // Without a limit, time ends at the last thing that happens.
            if (limit == never && engine_->next_internal() == never) return never;
            sample();
        }
        return engine_->advance_to_interrupt(limit);
    }

private:
    [[nodiscard]] NicEngine& inner() const noexcept override { return *engine_; }

    void sample()
    {
        const Time t = next_;
        engine_->advance(t);
        watch_.sample(*engine_, t);
        next_ = watch_.next_sample();
    }
    /// Samples before the edge of an access; a sample on that edge sees the access, too.
    void sample_before_access(Time arrival)
    {
        if (next_ == never) return;
        const Time edge = engine_->access_edge(arrival);
        while (next_ < edge) sample();
    }

    std::unique_ptr<NicEngine> engine_;
    EngineWatch&               watch_;
    Time                       next_;
};

}  // namespace overrun
