// SPDX-License-Identifier: Apache-2.0
// The DMA port of our own platform: timing from the PCIe link, octets to and from host memory.
// Never used on a foreign platform, where the Nic module asks the bus instead.
#pragma once

#include "hw/engine/dma_port.hpp"
#include "hw/platform/host_memory.hpp"
#include "hw/platform/pcie_link.hpp"

namespace overrun {

class LinkDmaPort final : public DmaPort {
public:
    LinkDmaPort(PcieLink& link, HostMemory& memory) : link_{link}, memory_{memory} {}

    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                    Time t) override
    {
        return link_.schedule(operation, address, length, t);
    }
    [[nodiscard]] PcieLink* fast_link() noexcept override { return &link_; }
    [[nodiscard]] bool      commit_write(std::uint64_t address, std::span<const std::byte> octets) override
    {
        return memory_.dma_write(address, octets);
    }
    [[nodiscard]] bool commit_read(std::uint64_t address, std::span<std::byte> octets) override
    {
        return memory_.dma_read(address, octets);
    }

private:
    PcieLink&   link_;
    HostMemory& memory_;
};

}  // namespace overrun
