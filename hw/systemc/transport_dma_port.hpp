// SPDX-License-Identifier: Apache-2.0
// An engine's DMA on a platform of which nothing is known but its socket: what b_transport says is the time.
// Never more than one transaction at a time, and never in another order than the engine's.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <systemc>
#include <tlm>
#include <vector>

#include "hw/engine/dma_port.hpp"
#include "hw/platform/host_memory.hpp"

namespace overrun {

/// Accesses wait in a queue and are sent by one thread as soon as they are issued, so none passes another: a target
/// that only annotates its delay takes no time from those behind, one that calls wait() holds them up.
class TransportDmaPort final : public DmaPort {
public:
    using Bus = tlm::tlm_fw_transport_if<>;

    static constexpr std::size_t writes_posted = 8;  ///< that may be on their way while the next one is accepted

    TransportDmaPort();

    /// At the end of elaboration, when the socket is bound.
    void connect(Bus& bus) noexcept { bus_ = &bus; }
    /// No transaction is longer than `octets`, a power of two, or crosses a multiple of it.
    void limit(std::uint32_t octets) noexcept { largest_ = octets; }

    void bind(DmaClient& device) override { device_ = &device; }

    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                    Time t) override;
    /// The octets are under way already; this is their fate.
    [[nodiscard]] bool commit_write(std::uint64_t address, std::span<const std::byte> octets) override;
    [[nodiscard]] bool commit_read(std::uint64_t address, std::span<std::byte> octets) override;

    /// Sends the oldest access that waits, or the next one to come, and tells the device. From an SC_THREAD.
    void serve();

    /// Until all writes that are booked now have been taken. From another SC_THREAD.
    void                        wait_for_writes();
    [[nodiscard]] std::uint64_t writes_booked() const noexcept { return writes_booked_; }
    [[nodiscard]] std::uint64_t writes_taken() const noexcept { return writes_taken_; }
    /// When the last write that was taken is visible.
    [[nodiscard]] Time last_visible() const noexcept { return last_visible_; }

    /// What the platform answered with an error.
    [[nodiscard]] std::uint64_t                       refused_count() const noexcept { return refused_count_; }
    [[nodiscard]] const std::optional<RefusedAccess>& first_refused() const noexcept { return first_refused_; }

private:
    struct Request {
        DmaOperation  operation;
        std::uint64_t address;
        std::uint32_t length;
        Time          issued;
    };
    struct Written {
        std::uint32_t left;  // octets that the engine has not asked about
        bool          taken;
    };
    struct Read {
        std::uint64_t          address;
        std::vector<std::byte> octets;
        bool                   answered;
    };

    /// @return whether all of it was answered with OK
    [[nodiscard]] bool transport(const Request& request, std::span<std::byte> octets, sc_core::sc_time& delay);
    [[nodiscard]] Time accepted(Time now, Time completed) noexcept;

    Bus*                            bus_     = nullptr;
    DmaClient*                      device_  = nullptr;
    std::uint32_t                   largest_ = page_octets;
    std::deque<Request>             requests_;
    sc_core::sc_event               requested_;
    sc_core::sc_event               taken_;
    std::vector<std::byte>          octets_;  // of the write under way
    std::deque<Written>             written_;
    std::deque<Read>                reads_;
    std::array<Time, writes_posted> posted_{};  // when the last ones are visible, a ring
    std::uint64_t                   writes_booked_ = 0;
    std::uint64_t                   writes_taken_  = 0;
    Time                            last_visible_  = 0;
    std::uint64_t                   refused_count_ = 0;
    std::optional<RefusedAccess>    first_refused_;
    tlm::tlm_generic_payload        payload_;
};

}  // namespace overrun
