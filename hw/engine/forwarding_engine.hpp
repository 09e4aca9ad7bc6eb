// SPDX-License-Identifier: Apache-2.0
// An engine in front of another one: every call goes there unless a derived class overrides it.
#pragma once

#include "hw/engine/nic_engine.hpp"

namespace overrun {

class ForwardingEngine : public NicEngine {
public:
    void advance(Time t) override { inner().advance(t); }
    void post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        inner().post_write(space, offset, value, arrival);
    }
    [[nodiscard]] Answer read(Space space, std::uint32_t offset, Time arrival) override
    {
        return inner().read(space, offset, arrival);
    }
    [[nodiscard]] Answer config_read(std::uint32_t offset, unsigned octets, Time arrival) override
    {
        return inner().config_read(offset, octets, arrival);
    }
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time arrival) override
    {
        return inner().config_write(offset, value, octets, arrival);
    }
    void               reset(Time arrival) override { inner().reset(arrival); }
    [[nodiscard]] Time access_edge(Time arrival) const override { return inner().access_edge(arrival); }
    [[nodiscard]] Time interrupt_not_before(Time limit) const override { return inner().interrupt_not_before(limit); }
    Time               advance_to_interrupt(Time limit) override { return inner().advance_to_interrupt(limit); }
    [[nodiscard]] Time next_internal() const override { return inner().next_internal(); }
    [[nodiscard]] bool idle() const override { return inner().idle(); }
    [[nodiscard]] Time now() const noexcept override { return inner().now(); }

    [[nodiscard]] FramesHeld                   frames_held() const override { return inner().frames_held(); }
    [[nodiscard]] const MisuseCounts&          misuse() const override { return inner().misuse(); }
    [[nodiscard]] std::uint32_t                fifo_peak() const override { return inner().fifo_peak(); }
    [[nodiscard]] std::optional<std::uint32_t> ring_free_min() const override { return inner().ring_free_min(); }
    [[nodiscard]] std::uint32_t peek(std::uint32_t offset) const override { return inner().peek(offset); }
    void                        set_probe(Probe probe) override { inner().set_probe(probe); }
    void                        report_levels(ProbeSink& sink) const override { inner().report_levels(sink); }

protected:
    /// The engine behind this one.
    [[nodiscard]] virtual NicEngine& inner() const noexcept = 0;
};

}  // namespace overrun
