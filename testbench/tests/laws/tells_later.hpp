// SPDX-License-Identifier: Apache-2.0
// The model on a DMA port that cannot tell times at once: the same times are told right after each step.
#pragma once

#include <deque>
#include <vector>

#include "testbench/tests/laws/broken_engines.hpp"

namespace overrun::laws {

/// Books on another port, keeps what that says to itself, and moves the octets that the engine gave beforehand.
class UntoldPort final : public DmaPort {
public:
    explicit UntoldPort(DmaPort& port) : port_{port} {}

    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                    Time t) override
    {
        waiting_.push_back({{operation, t, port_.schedule(operation, address, length, t)}, length});
        return {untold, untold};
    }
    [[nodiscard]] bool commit_write(std::uint64_t address, std::span<const std::byte> octets) override
    {
        const std::vector<std::byte> given{octets_.begin(),
                                           octets_.begin() + static_cast<std::ptrdiff_t>(octets.size())};
        octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(octets.size()));
        return port_.commit_write(address, given);
    }
    [[nodiscard]] bool commit_read(std::uint64_t address, std::span<std::byte> octets) override
    {
        return port_.commit_read(address, octets);
    }

    /// @param late added to what reads and writes take
    void tell(NicEngine& engine, Time late)
    {
        for (; !waiting_.empty(); waiting_.pop_front()) {
            Booked booked = waiting_.front();
            if (booked.done.operation == DmaOperation::write) {
                std::vector<std::byte> octets(booked.length);
                engine.untold_octets(octets);
                octets_.insert(octets_.end(), octets.begin(), octets.end());
            }
            booked.done.times.completed += late;
            engine.dma_done(booked.done);
        }
    }

private:
    struct Booked {
        DmaDone       done;
        std::uint32_t length;
    };

    DmaPort&              port_;
    std::deque<Booked>    waiting_;
    std::deque<std::byte> octets_;  // of writes that are told and not committed
};

struct HasUntoldPort {
    UntoldPort untold_port;
};

/// @tparam late in picoseconds; 0 makes no difference
template <Time late>
class TellsLater final : private HasUntoldPort, public Wrapped {
public:
    TellsLater(const NicParameters& parameters, const EngineSeams& seams)
        : HasUntoldPort{UntoldPort{seams.dma}},
          Wrapped{parameters, {untold_port, seams.wire, seams.interrupts, seams.probe}}
    {
    }

    void advance(Time t) override
    {
        step_to(t);
        inner.advance(t);
    }
    std::uint32_t read(Bar bar, std::uint32_t offset, Time at) override
    {
        step_to(at);
        const std::uint32_t value = inner.read(bar, offset, at);
        tell();
        return value;
    }
    std::uint32_t config_read(std::uint32_t offset, unsigned octets, Time at) override
    {
        step_to(at);
        return inner.config_read(offset, octets, at);
    }
    void config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time at) override
    {
        step_to(at);
        inner.config_write(offset, value, octets, at);
        tell();
    }
    void reset(Time at) override
    {
        step_to(at);
        inner.reset(at);
        tell();
    }
    Time advance_to_interrupt(Time limit) override
    {
        for (Time next = inner.next_internal(); next <= limit && next != never; next = inner.next_internal()) {
            const Time edge = inner.advance_to_interrupt(next);
            tell();
            if (edge != never) return edge;
        }
        return inner.advance_to_interrupt(limit);
    }

private:
    void tell() { untold_port.tell(inner, late); }
    void step_to(Time t)
    {
        for (Time next = inner.next_internal(); next <= t; next = inner.next_internal()) {
            inner.advance(next);
            tell();
        }
    }
};

}  // namespace overrun::laws
