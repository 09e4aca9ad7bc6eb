// SPDX-License-Identifier: Apache-2.0
// The cycle-approximate engine: merges beats, completions, timers and host accesses in time order, lazily.
// Never includes SystemC, and never does anything that lies after the time it was asked to advance to.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hw/engine/nic_engine.hpp"
#include "model/csr.hpp"
#include "model/horizon.hpp"
#include "model/host_accesses.hpp"
#include "model/interrupts.hpp"
#include "model/link.hpp"
#include "model/nvm.hpp"
#include "model/pci_config.hpp"
#include "model/rx_control.hpp"
#include "model/rx_dma.hpp"
#include "model/rx_fifo.hpp"
#include "model/rx_filter.hpp"
#include "model/rx_mac.hpp"
#include "model/statistics.hpp"

namespace overrun {

class ModelEngine final : public NicEngine {
public:
    ModelEngine(const NicParameters& parameters, const EngineSeams& seams);

    void                        advance(Time t) override;
    void                        post_write(Bar bar, std::uint32_t offset, std::uint32_t value, Time arrival) override;
    [[nodiscard]] std::uint32_t read(Bar bar, std::uint32_t offset, Time at) override;
    [[nodiscard]] std::uint32_t config_read(std::uint32_t offset, unsigned octets, Time at) override;
    void               config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time at) override;
    void               reset(Time at) override;
    [[nodiscard]] Time interrupt_not_before(Time limit) const override;
    Time               advance_to_interrupt(Time limit) override;
    [[nodiscard]] Time next_internal() const override;
    [[nodiscard]] bool idle() const override;
    [[nodiscard]] Time now() const noexcept override { return now_; }
    void               untold_octets(std::span<std::byte> octets) override { dma_.untold_octets(octets); }
    void               dma_done(const DmaDone& done) override;

    [[nodiscard]] FramesHeld                   frames_held() const override;
    [[nodiscard]] const MisuseCounts&          misuse() const override { return misuse_; }
    [[nodiscard]] std::uint32_t                fifo_peak() const override { return fifo_.peak(); }
    [[nodiscard]] std::optional<std::uint32_t> ring_free_min() const override { return dma_.free_min(); }
    [[nodiscard]] std::uint32_t                peek(std::uint32_t offset) const override;
    void                                       set_probe(Probe probe) override;
    void                                       report_levels(ProbeSink& sink) const override;

private:
    // model_engine.cpp: time.
    [[nodiscard]] bool run(Time limit, bool to_interrupt);
    template <Levels levels>
    [[nodiscard, gnu::flatten]] bool run(Time limit, bool to_interrupt);
    template <Levels levels>
    [[gnu::flatten, gnu::noinline]] void receive(Time t);
    [[gnu::noinline]] bool               run_watched(Time limit, bool to_interrupt);
    [[nodiscard]] NextEvents             next_events() const noexcept;
    template <Levels levels>
    [[nodiscard]] Time wire_ahead(NextEvents& next, bool to_interrupt) const noexcept;
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
    [[nodiscard]] Time not_late(Time t) noexcept;

    // model_registers.cpp: what accesses do.
    [[nodiscard]] std::uint32_t read_register(std::uint32_t offset, Time t);
    void                        write_register(std::uint32_t offset, std::uint32_t value, Time t);
    void                        write_tail(std::uint32_t value, Time t);
    void                        set_tail(Time t);
    void                        report_write(std::uint32_t target, Time t);
    void                        act_on_write(std::uint32_t offset, std::uint32_t value, std::uint32_t before, Time t);
    void                        apply(const HostAccess& write, Time t);
    [[nodiscard]] std::uint32_t live_value(std::uint32_t offset) const;
    /// PCI Command enables I/O and memory apart (contract A.1).
    [[nodiscard]] bool answers(Bar bar) const noexcept
    {
        return bar == Bar::io ? config_.io_enabled() : config_.memory_enabled();
    }
    void read_nvm_word(std::uint32_t command);
    void count(Misuse misuse) noexcept { ++misuse_[static_cast<std::size_t>(misuse)]; }

    // model_control.cpp: resets, link, and registers decoded for the blocks.
    void full_reset(Time t);
    void mac_reset(bool all, Time t);
    void load_nvm();
    void update_link(Time t);
    void change_link(bool up, Time t);
    void update_rx_control(Time t);
    void update_filter();
    void update_ring(bool head_written, Time t);
    void update_thresholds(Time t);
    void update_master(Time t);

    [[nodiscard]] std::uint32_t ring_size() const noexcept { return csr_[reg::RDLEN::at(0)] / rx_descriptor_octets; }

    NicParameters parameters_;
    DmaPort&      dma_port_;
    FrameSource&  wire_;
    Probe         probe_;
    EngineWatch*  watch_;
    CoreClock     clock_;
    MisuseCounts  misuse_{};
    Csr           csr_;
    PciConfig     config_;
    Nvm           nvm_;
    Statistics    statistics_;
    RxControl     control_;
    Link          link_;
    RxFilter      filter_;
    RxFifo        fifo_;
    Interrupts    interrupts_;
    RxDma         dma_;
    RxMac         mac_;

    HostAccesses  accesses_;
    Time          now_         = 0;
    Time          next_        = 0;      // when there is something to do next
    Time          look_        = never;  // when the watch wants to look
    Time          reset_until_ = 0;      // CTRL.RST reads 1 before this
    Time          nvm_ready_   = 0;      // EECD.AUTO_RD reads 0 before this
    std::uint32_t io_address_  = 0;      // IOADDR
    FrameId       released_    = 0;      // told to the wire
};

}  // namespace overrun
