// SPDX-License-Identifier: Apache-2.0
// The model on a DMA port that cannot tell times at once: the same times are told right after each step.
#pragma once

#include <deque>
#include <vector>

#include "testbench/tests/laws/broken_engines.hpp"

namespace overrun::laws {

/// Books on another port, keeps what that says to itself, and moves the octets that the engine gave beforehand.
class LatePort final : public DmaPort {
public:
    explicit LatePort(DmaPort& port) : port_{port} {}

    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                    Time t) override
    {
        waiting_.push_back({{operation, t, port_.schedule(operation, address, length, t)}, length});
        return {time_unknown, time_unknown};
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

    void bind(DmaClient& device) override { device_ = &device; }

    /// @param late added to what reads and writes take
    void tell(Time late)
    {
        for (; !waiting_.empty(); waiting_.pop_front()) {
            Booked booked = waiting_.front();
            if (booked.done.operation == DmaOperation::write) {
                std::vector<std::byte> octets(booked.length);
                device_->pending_write_octets(octets);
                octets_.insert(octets_.end(), octets.begin(), octets.end());
            }
            booked.done.times.completed += late;
            device_->dma_completed(booked.done);
        }
    }

private:
    struct Booked {
        DmaCompletion done;
        std::uint32_t length;
    };

    DmaPort&              port_;
    DmaClient*            device_ = nullptr;
    std::deque<Booked>    waiting_;
    std::deque<std::byte> octets_;  // of writes that are told and not committed
};

struct HasLatePort {
    LatePort late_port;
};

/// @tparam late in picoseconds; 0 makes no difference
template <Time late>
class TellsLater final : private HasLatePort, public Wrapped {
public:
    TellsLater(const NicParameters& parameters, const EngineSeams& seams)
        : HasLatePort{LatePort{seams.dma}}, Wrapped{parameters, {late_port, seams.wire, seams.interrupts, seams.probe}}
    {
    }

    void advance(Time t) override
    {
        step_to(t);
        model.advance(t);
    }
    Answer read(Space space, std::uint32_t offset, Time arrival) override
    {
        step_to(model.access_edge(arrival) - 1);
        const Answer answer = model.read(space, offset, arrival);
        tell();
        return answer;
    }
    Answer config_read(std::uint32_t offset, unsigned octets, Time arrival) override
    {
        step_to(model.access_edge(arrival) - 1);
        const Answer answer = model.config_read(offset, octets, arrival);
        tell();
        return answer;
    }
    Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time arrival) override
    {
        step_to(model.access_edge(arrival) - 1);
        const Time sent = model.config_write(offset, value, octets, arrival);
        tell();
        return sent;
    }
    void reset(Time arrival) override
    {
        step_to(model.access_edge(arrival) - 1);
        model.reset(arrival);
        tell();
    }
    Time advance_to_interrupt(Time limit) override
    {
        for (Time next = model.next_internal(); next <= limit && next != never; next = model.next_internal()) {
            const Time edge = model.advance_to_interrupt(next);
            tell();
            if (edge != never) return edge;
        }
        return model.advance_to_interrupt(limit);
    }

private:
    void tell() { late_port.tell(late); }
    void step_to(Time t)
    {
        for (Time next = model.next_internal(); next <= t; next = model.next_internal()) {
            model.advance(next);
            tell();
        }
    }
};

}  // namespace overrun::laws
