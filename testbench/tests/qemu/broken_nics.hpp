// SPDX-License-Identifier: Apache-2.0
// NICs with one flaw each, built around the model: the differential tester must notice them.
#pragma once

#include <cstring>
#include <vector>

#include "hw/engine/descriptors.hpp"
#include "testbench/tests/laws/broken_engines.hpp"

namespace overrun::laws {

/// Changes what is written to host memory, where a write looks like a descriptor: 16 octets with DD.
class SpoilingPort : public DmaPort {
public:
    explicit SpoilingPort(DmaPort& inner) : inner_{inner} {}

    DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length, Time t) override
    {
        return inner_.schedule(operation, address, length, t);
    }
    bool commit_write(std::uint64_t address, std::span<const std::byte> octets) override
    {
        if (octets.size() % rx_descriptor_octets != 0 || address >= HostMemory::default_base + 0x1'0000)
            return inner_.commit_write(address, octets);
        std::vector<std::byte> spoilt{octets.begin(), octets.end()};
        for (std::size_t at = 0; at < spoilt.size(); at += rx_descriptor_octets) spoil(spoilt.data() + at);
        return inner_.commit_write(address, spoilt);
    }
    bool commit_read(std::uint64_t address, std::span<std::byte> octets) override
    {
        return inner_.commit_read(address, octets);
    }

protected:
    virtual void spoil(std::byte* descriptor) = 0;

private:
    DmaPort& inner_;
};

/// The length of long frames is one too small.
class ShortLengths final : public SpoilingPort {
public:
    using SpoilingPort::SpoilingPort;

private:
    void spoil(std::byte* descriptor) override
    {
        // Extended and legacy have it in different places; the status tells.
        const std::size_t at =
            (descriptor[8] & std::byte{3}) == std::byte{3} && descriptor[13] != std::byte{0} ? 12 : 8;
        std::uint16_t length = 0;
        std::memcpy(&length, descriptor + at, 2);
        if (length > 1000) --length;
        std::memcpy(descriptor + at, &length, 2);
    }
};

/// A wrong TCP checksum is called right.
class ForgivesTcp final : public SpoilingPort {
public:
    using SpoilingPort::SpoilingPort;

private:
    void spoil(std::byte* descriptor) override
    {
        constexpr std::byte tcpe{rx_error::tcpe};
        if ((descriptor[8] & std::byte{1}) != std::byte{0}) descriptor[11] &= ~tcpe;
        if ((descriptor[12] & std::byte{3}) == std::byte{3}) descriptor[13] &= ~tcpe;
    }
};

template <class Port>
struct PortHolder {
    explicit PortHolder(DmaPort& inner) : port{inner} {}
    Port port;
};

template <class Port>
class SpoilsWrites final : private PortHolder<Port>, public Wrapped {
public:
    SpoilsWrites(const NicParameters& parameters, const EngineSeams& seams)
        : PortHolder<Port>{seams.dma}, Wrapped{parameters, {this->port, seams.wire, seams.interrupts, seams.probe}}
    {
    }
};

/// Takes the wrong octets of a multicast address for the table: RCTL.MO 1 is 2.
class WrongHash final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        if (offset == reg::RCTL::offset && reg::RCTL::MO.get(value) == 1) value = reg::RCTL::MO.set(value, 2);
        model.post_write(space, offset, value, arrival);
    }
    Answer read(Space space, std::uint32_t offset, Time arrival) override
    {
        Answer answer = model.read(space, offset, arrival);
        if (offset == reg::RCTL::offset && reg::RCTL::MO.get(answer.value) == 2)
            answer.value = reg::RCTL::MO.set(answer.value, 1);
        return answer;
    }
};

/// VLAN 2048 passes the filter for VLAN 0.
class VlanFilterIgnoresHighBit final : public Wrapped {
public:
    using Wrapped::Wrapped;
    void post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival) override
    {
        model.post_write(space, offset, value, arrival);
        if (offset == reg::VFTA::at(0)) model.post_write(space, reg::VFTA::at(64), value, arrival);
    }
};

/// A counter loses its lowest bit when it is read.
template <std::uint32_t counter>
class ForgetsOne final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Answer read(Space space, std::uint32_t offset, Time arrival) override
    {
        Answer answer = model.read(space, offset, arrival);
        if (offset == counter) answer.value &= ~1U;
        return answer;
    }
};

/// The line stays low.
class NeverInterrupts final : public Wrapped {
public:
    using Wrapped::Wrapped;

private:
    InterruptEdge changed(const InterruptEdge& edge) override
    {
        InterruptEdge low = edge;
        low.level         = false;
        return low;
    }
};

/// RXDMT0 never comes.
class ForgetsThreshold final : public Wrapped {
public:
    using Wrapped::Wrapped;
    Answer read(Space space, std::uint32_t offset, Time arrival) override
    {
        Answer answer = model.read(space, offset, arrival);
        if (offset == reg::ICR::offset) answer.value &= ~reg::ICR::RXDMT0.mask();
        return answer;
    }
};

}  // namespace overrun::laws
