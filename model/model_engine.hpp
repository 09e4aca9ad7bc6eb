// SPDX-License-Identifier: Apache-2.0
// The cycle-approximate engine: merges beats, completions, timers and host accesses in time order, lazily.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hw/engine/nic_engine.hpp"
#include "model/horizon.hpp"
#include "model/host_accesses.hpp"
#include "model/interrupts.hpp"
#include "model/link.hpp"
#include "model/register_block.hpp"
#include "model/rx_control.hpp"
#include "model/rx_dma.hpp"
#include "model/rx_fifo.hpp"
#include "model/rx_filter.hpp"
#include "model/rx_mac.hpp"
#include "model/statistics.hpp"

namespace overrun {

class ModelEngine final : public NicEngine, private DmaClient {
public:
    ModelEngine(const NicParameters& parameters, const EngineSeams& seams);

    void                 advance(Time t) override;
    [[nodiscard]] Time   access_edge(Time arrival) const override;
    void                 post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) override;
    [[nodiscard]] Answer read(Space space, std::uint32_t offset, Time arrival) override;
    [[nodiscard]] Answer config_read(std::uint32_t offset, unsigned octets, Time arrival) override;
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time arrival) override;
    void               reset(Time arrival) override;
    [[nodiscard]] Time interrupt_not_before(Time limit) const override;
    Time               advance_to_interrupt(Time limit) override;
    [[nodiscard]] Time next_internal() const override;
    [[nodiscard]] bool idle() const override;
    [[nodiscard]] Time now() const noexcept override { return now_; }

    [[nodiscard]] FramesHeld                   frames_held() const override;
    [[nodiscard]] const MisuseCounts&          misuse() const override { return misuse_; }
    [[nodiscard]] std::uint32_t                fifo_peak() const override { return fifo_.peak(); }
    [[nodiscard]] std::optional<std::uint32_t> ring_free_min() const override { return dma_.free_min(); }
    [[nodiscard]] std::uint32_t peek(std::uint32_t offset) const override { return registers_.peek(offset, now_); }
    void                        set_probe(Probe probe) override;
    void                        report_levels(ProbeSink& sink) const override;

private:
    void pending_write_octets(std::span<std::byte> octets) override { dma_.pending_write_octets(octets); }
    void dma_completed(const DmaCompletion& completion) override;

    [[nodiscard]] bool run(Time limit, bool to_interrupt);
    template <Levels levels>
    [[nodiscard, gnu::flatten]] bool run(Time limit, bool to_interrupt);
    template <Levels levels>
    [[gnu::flatten, gnu::noinline]] void receive(Time t);
    [[nodiscard]] NextEvents             next_events() const noexcept;
    template <Levels levels>
    [[nodiscard]] Time wire_ahead(NextEvents next, bool to_interrupt) const noexcept;
    template <Levels levels>
    [[gnu::flatten, gnu::noinline]] void step(Time t);
    void                                 step_rest(Time t);
    void                                 settle(Time t);
    [[gnu::noinline]] void               release_octets();
    /// After anything changed.
    void look_again() noexcept { next_ = std::min(std::min(mac_.next(), dma_.next()), next_of_rest()); }
    /// What is neither the wire's nor the DMA's.
    [[nodiscard]] Time next_of_rest() const noexcept
    {
        return std::min(interrupts_.next(), std::min(accesses_.next(), link_.next()));
    }
    [[nodiscard]] Time edge_for(Time arrival) noexcept;
    [[nodiscard]] Time advance_to_access(Time arrival);

    NicParameters parameters_;
    DmaPort&      dma_port_;
    FrameSource&  wire_;
    Probe         probe_;
    CoreClock     clock_;
    Time          csr_read_;
    MisuseCounts  misuse_{};
    Statistics    statistics_;
    RxControl     control_;
    Link          link_;
    RxFilter      filter_;
    RxFifo        fifo_;
    Interrupts    interrupts_;
    RxDma         dma_;
    RxMac         mac_;
    RegisterBlock registers_;

    HostAccesses accesses_;
    Time         now_      = 0;
    Time         next_     = 0;  // when there is something to do next
    FrameId      released_ = 0;  // told to the wire
};

}  // namespace overrun
