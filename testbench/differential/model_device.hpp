// SPDX-License-Identifier: Apache-2.0
// Our side: an engine on a bare platform whose link costs nothing.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "hw/engine/nic_engine.hpp"
#include "hw/platform/link_dma_port.hpp"
#include "hw/platform/wire.hpp"
#include "testbench/differential/device.hpp"

namespace overrun::differential {

class ModelDevice final : public Device, private FrameSource, private InterruptSink {
public:
    explicit ModelDevice(EngineMaker make);

    void                                     reset() override;
    void                                     write(std::uint32_t offset, std::uint32_t value) override;
    [[nodiscard]] std::vector<std::uint32_t> read(std::span<const std::uint32_t> offsets) override;
    [[nodiscard]] bool                       interrupt_level() const override { return level_; }
    [[nodiscard]] std::byte*                 at(std::uint64_t address) override { return memory_->at(address); }
    void                                     append(std::span<const std::byte> frame) override;
    void                                     start() override {}
    bool                                     work(const std::function<bool()>& done) override;

private:
    [[nodiscard]] Offer next() override;
    void                release(FrameId) noexcept override {}
    void                interrupt(const InterruptEdge& edge) override { level_ = edge.level; }

    void advance(Time t);

    EngineMaker                        make_;
    NicParameters                      parameters_;
    PcieProfile                        free_link_;
    std::optional<PcieLink>            link_;
    std::optional<HostMemory>          memory_;
    std::optional<LinkDmaPort>         port_;
    std::optional<Wire>                wire_;
    std::deque<std::vector<std::byte>> frames_;        // octets that the engine may still read
    std::size_t                        given_    = 0;  // of them, to the engine
    Time                               promised_ = 1;
    Time                               earliest_ = 0;  // no frame of the batch starts before
    Time                               wire_end_ = 0;
    bool                               level_    = false;
    std::unique_ptr<NicEngine>         engine_;
};

}  // namespace overrun::differential
