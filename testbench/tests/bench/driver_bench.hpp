// SPDX-License-Identifier: Apache-2.0
// The reference driver on a bench: a model engine, a CPU, and frames that carry their number.
// It keeps the books and checks every octet delivered.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "driver_sim/driver/driver.hpp"
#include "driver_sim/host/bare_port.hpp"
#include "driver_sim/host/host_cpu.hpp"
#include "hw/ethernet/fcs.hpp"
#include "hw/platform/link_dma_port.hpp"
#include "hw/platform/wire.hpp"
#include "model/model_engine.hpp"
#include "testbench/ledger/ledger.hpp"

namespace overrun::laws {

/// A frame to be sent: to whom, when at the earliest, what is wrong with it.
struct Sent {
    std::uint32_t length  = 64;
    Time          start   = 0;  ///< absolute
    MacAddress    to      = default_station_address;
    bool          bad_fcs = false;
};

/// Frame `number`'s octets, FCS included.
[[nodiscard]] inline std::vector<std::byte> numbered_octets(std::uint64_t number, const Sent& sent)
{
    std::vector<std::byte> octets(sent.length);
    for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::byte>(number * 31 + i);
    for (std::size_t i = 0; i < address_octets; ++i) octets[i] = std::byte{sent.to.octets[i]};
    octets[12] = std::byte{0x88};
    octets[13] = std::byte{0xb5};
    for (std::size_t i = 0; i < 8; ++i) octets[header_octets + i] = static_cast<std::byte>(number >> (8 * i));
    std::uint32_t fcs = fcs_of(std::span{octets}.first(sent.length - fcs_octets));
    if (sent.bad_fcs) fcs ^= 1;
    for (std::size_t i = 0; i < fcs_octets; ++i)
        octets[sent.length - fcs_octets + i] = static_cast<std::byte>(fcs >> (8 * i));
    return octets;
}

/// What is sent as frame 0, 1, 2, ...; empty when no more.
using Traffic = std::function<std::optional<Sent>(std::uint64_t)>;

/// Octets that were given back are spoilt.
class NumberedSource final : public FrameSource {
public:
    explicit NumberedSource(Traffic traffic) : traffic_{std::move(traffic)} {}

    [[nodiscard]] Offer next() override
    {
        Offer      offer;
        const auto sent = traffic_(given_);
        if (!sent) return offer;
        octets_.push_back(numbered_octets(given_++, *sent));
        offer.kind         = Offer::Kind::frame;
        offer.frame.octets = octets_.back().data();
        offer.frame.stored = offer.frame.length = sent->length;
        offer.frame.fcs                         = Fcs::stored;
        offer.frame.start                       = sent->start;
        return offer;
    }
    void release(FrameId last) noexcept override
    {
        for (; released_ < last; ++released_)
            for (std::byte& octet : octets_[released_]) octet = std::byte{0xdd};
    }
    [[nodiscard]] std::uint64_t given() const { return given_; }

private:
    Traffic                            traffic_;
    std::deque<std::vector<std::byte>> octets_;
    std::uint64_t                      given_    = 0;
    FrameId                            released_ = 0;
};

/// Checks every frame delivered against what was sent under its number.
class NumberedConsumer final : public FrameConsumer {
public:
    NumberedConsumer(Traffic traffic, bool fcs_stripped) : traffic_{std::move(traffic)}, stripped_{fcs_stripped} {}

    void frame(std::span<const std::byte> octets, Time) override
    {
        std::uint64_t number = 0;
        for (std::size_t i = 8; i-- > 0;)
            number = number << 8U | std::to_integer<std::uint64_t>(octets[header_octets + i]);
        numbers.push_back(number);
        const auto sent  = traffic_(number);
        auto       whole = sent ? numbered_octets(number, *sent) : std::vector<std::byte>{};
        if (stripped_ && !whole.empty()) whole.resize(whole.size() - fcs_octets);
        if (!std::equal(octets.begin(), octets.end(), whole.begin(), whole.end())) ++wrong;
    }

    std::vector<std::uint64_t> numbers;  ///< in the order of delivery
    std::uint64_t              wrong = 0;

private:
    Traffic traffic_;
    bool    stripped_;
};

/// Everything that the driver does to the device, and what it does with frames.
struct DriverBench {
    using Cpu = HostCpu<BarePort>;

    /// A CPU that notes register accesses on their way.
    class Bus : public Cpu {
    public:
        using Cpu::Cpu;
        void write32(std::uint32_t offset, std::uint32_t value)
        {
            if (before_write) before_write(offset, value);
            writes.emplace_back(offset, value);
            if (offset != lost) Cpu::write32(offset, value);
        }
        [[nodiscard]] std::uint32_t read32(std::uint32_t offset)
        {
            reads.push_back(offset);
            return Cpu::read32(offset);
        }

        std::vector<std::pair<std::uint32_t, std::uint32_t>> writes;
        std::vector<std::uint32_t>                           reads;
        std::function<void(std::uint32_t, std::uint32_t)>    before_write;
        std::optional<std::uint32_t>                         lost;  // writes of this register do not arrive
    };

    DriverBench(const DriverSettings& settings, const PlatformProfile& platform, const Traffic& traffic,
                const NicParameters& nic = {}, std::vector<Stall> stalls = {})
        : link{platform.pcie},
          dma{link, memory},
          interrupts{link},
          source{traffic},
          wire{source, WireRate{nic.wire_rate}},
          engine{nic, {dma, wire, interrupts, Probe{&ledger}}},
          port{engine, link, memory, interrupts},
          cpu{port, platform.host, StallSchedule{std::move(stalls)}, Probe{}},
          consumer{traffic, settings.strip_fcs},
          driver{cpu, settings, Probe{&ledger}, &consumer}
    {
    }
    DriverBench(const DriverBench&)            = delete;
    DriverBench& operator=(const DriverBench&) = delete;

    /// Frames in order, each once, none missing up to the last, and every octet as sent.
    [[nodiscard]] bool delivered_in_order(std::uint64_t count) const
    {
        if (consumer.wrong != 0 || consumer.numbers.size() != count) return false;
        for (std::uint64_t i = 0; i < count; ++i)
            if (consumer.numbers[i] != i) return false;
        return true;
    }
    [[nodiscard]] std::uint64_t ended(Fate fate) const { return ledger.fate(fate).count; }
    /// What was written to a register, in order.
    [[nodiscard]] std::vector<std::uint32_t> written(std::uint32_t offset) const
    {
        std::vector<std::uint32_t> values;
        for (const auto& [at, value] : cpu.writes)
            if (at == offset) values.push_back(value);
        return values;
    }

    Ledger           ledger;
    PcieLink         link;
    HostMemory       memory{std::uint64_t{64} << 20U};
    LinkDmaPort      dma;
    InterruptQueue   interrupts;
    NumberedSource   source;
    Wire             wire;
    ModelEngine      engine;
    BarePort         port;
    Bus              cpu;
    NumberedConsumer consumer;
    Driver<Bus>      driver;
};

/// When a bring-up is over for certain.
inline constexpr Time traffic_begin = 60 * millisecond;

/// `count` frames back to back from traffic_begin on, of lengths between `least` and `most`.
[[nodiscard]] inline Traffic burst(std::uint64_t count, std::uint32_t least = 64, std::uint32_t most = 64)
{
    return [=](std::uint64_t i) -> std::optional<Sent> {
        if (i >= count) return std::nullopt;
        return Sent{least + static_cast<std::uint32_t>((i * 2654435761U) % (most - least + 1)), traffic_begin};
    };
}

}  // namespace overrun::laws
