// SPDX-License-Identifier: Apache-2.0
// The driver's side of the receive ring: descriptors and buffers in host memory.
// Never gives the device the last free descriptor: head == tail means empty (contract D10).
#pragma once

#include <bit>
#include <cstdint>

#include "hw/descriptors.hpp"
#include "hw/host_memory.hpp"

namespace overrun {

class RxRing {
public:
    static constexpr std::uint32_t buffer_octets = 2048;

    struct Received {
        std::uint64_t buffer;
        std::uint32_t length;  ///< octets in this buffer
        std::uint32_t errors;  ///< rx_error bits, valid with end_of_frame
        bool          end_of_frame;
    };

    explicit RxRing(std::uint32_t size) : size_{size} {}

    template <class B>
    void allocate(B& bus)
    {
        descriptors_ = bus.allocate(std::uint64_t{size_} * rx_descriptor_octets);
        buffers_     = bus.allocate(std::uint64_t{size_} * buffer_octets);
        next_ = prepared_ = tail_ = 0;
    }
    /// The device has forgotten the ring: the same memory, nothing prepared.
    void restart() noexcept { next_ = prepared_ = tail_ = 0; }
    template <class B>
    void revoke(B& bus)
    {
        bus.revoke(descriptors_);
        bus.revoke(buffers_);
    }

    /// Prepares all descriptors but one and announces them, whatever the tail step.
    template <class B>
    void fill(B& bus)
    {
        while (prepared_ != size_ - 1) prepare(bus);
        tail_ = prepared_;
    }

    /// Whether the device is done with the next descriptor.
    template <class B>
    [[nodiscard]] bool done(B& bus)
    {
        if (next_ == tail_) return false;  // the device was given nothing more
        // DD once seen stays, so only a descriptor without it asks for what the device did last.
        const std::uint64_t at = address(next_);
        return find(bus.template peek<RxDescriptorRead>(at)) || find(bus.template load<RxDescriptorRead>(at));
    }
    /// What done() found.
    [[nodiscard]] const Received& received() const noexcept { return received_; }

    /// Goes past the descriptor that done() found and prepares one more for the device.
    template <class B>
    void refill(B& bus)
    {
        next_ = after(next_);
        prepare(bus);
    }

    [[nodiscard]] std::uint32_t unannounced() const noexcept { return distance(tail_, prepared_); }
    void                        announce(std::uint32_t count) noexcept { tail_ = (tail_ + count) % size_; }

    [[nodiscard]] std::uint64_t base() const noexcept { return descriptors_.address; }
    [[nodiscard]] std::uint32_t tail() const noexcept { return tail_; }
    /// Descriptors announced to the device and not yet found done.
    [[nodiscard]] std::uint32_t with_device() const noexcept { return distance(next_, tail_); }
    void                        set_extended(bool extended) noexcept { extended_ = extended; }

private:
    /// Takes a descriptor apart. @return its DD
    bool find(const RxDescriptorRead& descriptor)
    {
        if (extended_) {
            const auto written = std::bit_cast<RxDescriptorExtended>(descriptor);
            if ((written.status_error & rx_status::dd) == 0) return false;
            received_ = {buffer(next_), written.length, written.status_error >> rx_error::extended_shift,
                         (written.status_error & rx_status::eop) != 0};
            return true;
        }
        const auto written = std::bit_cast<RxDescriptorLegacy>(descriptor);
        if ((written.status & rx_status::dd) == 0) return false;
        received_ = {buffer(next_), written.length, written.errors, (written.status & rx_status::eop) != 0};
        return true;
    }

    /// Both formats keep their status in the upper half, so clearing that clears DD.
    template <class B>
    void prepare(B& bus)
    {
        bus.store(address(prepared_), RxDescriptorRead{buffer(prepared_), 0});
        prepared_ = after(prepared_);
    }

    [[nodiscard]] std::uint32_t after(std::uint32_t index) const noexcept { return index + 1 == size_ ? 0 : index + 1; }
    [[nodiscard]] std::uint32_t distance(std::uint32_t from, std::uint32_t to) const noexcept
    {
        return to >= from ? to - from : size_ - from + to;
    }
    [[nodiscard]] std::uint64_t address(std::uint32_t index) const noexcept
    {
        return descriptors_.address + std::uint64_t{index} * rx_descriptor_octets;
    }
    [[nodiscard]] std::uint64_t buffer(std::uint32_t index) const noexcept
    {
        return buffers_.address + std::uint64_t{index} * buffer_octets;
    }

    std::uint32_t size_;
    DmaBuffer     descriptors_;
    DmaBuffer     buffers_;
    std::uint32_t next_     = 0;  // the next descriptor the device will finish
    std::uint32_t prepared_ = 0;  // the next descriptor to prepare
    std::uint32_t tail_     = 0;  // as the device knows it
    bool          extended_ = true;
    Received      received_{};
};

}  // namespace overrun
