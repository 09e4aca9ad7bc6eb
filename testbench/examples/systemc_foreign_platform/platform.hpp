// SPDX-License-Identifier: Apache-2.0
// The NIC between a CPU, a bus and a memory of another project, and frames that come in on its wire.
// The only modules of ours are the Nic and the end of its wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <systemc>
#include <vector>

#include "hw/platform/wire.hpp"
#include "hw/systemc/nic.hpp"
#include "hw/systemc/wire_module.hpp"
#include "model/model_engine.hpp"
#include "testbench/examples/systemc_foreign_platform/bus.hpp"
#include "testbench/examples/systemc_foreign_platform/cpu.hpp"
#include "testbench/examples/systemc_foreign_platform/memory.hpp"

namespace overrun::example {

/// Frames to the NIC's own address, each with other octets, from `start` on as fast as the wire takes them.
class Frames final : public FrameSource {
public:
    Frames(const MacAddress& to, std::uint32_t count, std::uint32_t length, Time start)
    {
        for (std::uint32_t i = 0; i < count; ++i) {
            std::vector<std::byte>& body = bodies_.emplace_back(length - fcs_octets);
            for (std::size_t k = 0; k < body.size(); ++k) body[k] = static_cast<std::byte>(i * 37 + k * 11 + 5);
            for (std::size_t k = 0; k < address_octets; ++k) body[k] = static_cast<std::byte>(to.octets[k]);
            body[address_octets] = std::byte{2};     // a station's address, locally administered
            body[12]             = std::byte{0x88};  // local experimental EtherType 1
            body[13]             = std::byte{0xb5};
        }
        start_ = start;
    }

    [[nodiscard]] Offer next() override
    {
        if (given_ == bodies_.size()) return Offer::none();
        const auto stored = static_cast<std::uint32_t>(bodies_[given_].size());
        Offer      offer;
        offer.kind         = Offer::Kind::frame;
        offer.frame.octets = bodies_[given_++].data();
        offer.frame.stored = stored;
        offer.frame.length = stored + fcs_octets;
        offer.frame.start  = start_;
        return offer;
    }
    void release(FrameId) noexcept override {}

    /// Whether the CPU got exactly the octets of frame `i`.
    [[nodiscard]] bool same(std::size_t i, const std::vector<unsigned char>& octets) const
    {
        return bodies_[i].size() == octets.size() && std::memcmp(bodies_[i].data(), octets.data(), octets.size()) == 0;
    }

private:
    std::deque<std::vector<std::byte>> bodies_;
    std::size_t                        given_ = 0;
    Time                               start_;
};

struct Settings {
    MemorySettings memory;
    BusSettings    bus;
    CpuSettings    cpu;
    NicParameters  nic;
    std::uint32_t  longest_dma = 4096;
    std::uint32_t  frames      = 20;
    std::uint32_t  length      = 512;  ///< with FCS
    Time           start       = 100 * microsecond;
};

class Platform {
public:
    explicit Platform(const Settings& settings)
        : frames{settings.nic.nvm_address, settings.frames, settings.length, settings.start},
          wire{frames, WireRate{settings.nic.wire_rate}},
          wire_end{"wire", wire},
          memory{"memory", settings.memory},
          bus{"bus", settings.bus},
          cpu{"cpu", settings.cpu},
          nic{"nic", settings.nic,
              [](const NicParameters& parameters, const EngineSeams& seams) {
                  return std::make_unique<ModelEngine>(parameters, seams);
              }},
          irq{"irq"}
    {
        cpu.bus.bind(bus.from_cpu);
        bus.to_device.bind(nic.registers);
        bus.to_memory.bind(memory.bus);
        nic.dma.bind(bus.from_device);
        nic.wire(wire_end);  // and nic.pcie stays open: the time of DMA is what the bus says
        nic.irq(irq);
        cpu.irq(irq);
        nic.limit_dma(settings.longest_dma);
    }

    Frames                   frames;
    Wire                     wire;
    WireModule               wire_end;
    Memory                   memory;
    Bus                      bus;
    Cpu                      cpu;
    Nic                      nic;
    sc_core::sc_signal<bool> irq;
};

}  // namespace overrun::example
