// SPDX-License-Identifier: Apache-2.0
// An engine's DMA over a TLM initiator socket: time from the link, octets through pointers that the memory granted
// (DMI).
#pragma once

#include <array>
#include <tlm>

#include "hw/engine/dma_port.hpp"
#include "hw/platform/pcie_link.hpp"
#include "hw/systemc/pcie_extensions.hpp"

namespace overrun {

class DmiDmaPort final : public DmaPort {
public:
    using Bus = tlm::tlm_fw_transport_if<>;

    DmiDmaPort();
    ~DmiDmaPort() override;
    DmiDmaPort(const DmiDmaPort&)            = delete;
    DmiDmaPort& operator=(const DmiDmaPort&) = delete;

    /// At the end of elaboration, when sockets and ports are bound.
    void connect(Bus& bus, PcieLink& link);

    /// Whether this bus supports DMI at all. A bus that denies it for every address does not.
    [[nodiscard]] bool supported();

    /// The memory invalidates its pointers to [first, last].
    void invalidate(std::uint64_t first, std::uint64_t last) noexcept;

    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                    Time t) override
    {
        return link_->schedule(operation, address, length, t);
    }
    [[nodiscard]] PcieLink* fast_link() noexcept override { return link_; }
    [[nodiscard]] bool      commit_write(std::uint64_t address, std::span<const std::byte> octets) override;
    [[nodiscard]] bool      commit_read(std::uint64_t address, std::span<std::byte> octets) override;

private:
    /// Octets [first, end) lie at `octets`. Empty when first == end.
    struct Window {
        std::uint64_t first    = 0;
        std::uint64_t end      = 0;
        std::byte*    octets   = nullptr;
        bool          readable = false;
        bool          writable = false;

        [[nodiscard]] bool holds(std::uint64_t address, std::uint64_t length) const noexcept
        {
            return address - first < end - first && length <= end - address;
        }
    };

    /// Where an access goes that the window used last covers, as it nearly always does; null for any other.
    [[nodiscard]] std::byte* at_hand(std::uint64_t address, std::uint64_t length) const noexcept
    {
        const Window& last = windows_[0];
        const bool    fits = last.holds(address, length) && last.readable && last.writable;
        return fits ? last.octets + (address - last.first) : nullptr;
    }
    // All others; apart, so that the ordinary way has no register to save.
    [[nodiscard, gnu::noinline]] bool write_elsewhere(std::uint64_t address, std::span<const std::byte> octets);
    [[nodiscard, gnu::noinline]] bool read_elsewhere(std::uint64_t address, std::span<std::byte> octets);
    /// @return null when no pointer can be had
    [[nodiscard]] std::byte* find(std::uint64_t address, std::uint64_t length, tlm::tlm_command command);
    /// An access that no window covers: the memory can refuse, count and name it, or does it without lending. It is
    /// booked on the link, so the delay that the memory adds says nothing.
    [[nodiscard]] bool transport(std::uint64_t address, std::byte* octets, std::size_t length,
                                 tlm::tlm_command command);

    Bus*                     bus_  = nullptr;
    PcieLink*                link_ = nullptr;
    std::array<Window, 4>    windows_{};  // the one used last in front
    tlm::tlm_generic_payload payload_;
    BookedExtension          booked_;
};

}  // namespace overrun
