// SPDX-License-Identifier: Apache-2.0
// The driver's side of the receive ring: descriptors and buffers in host memory.
// Contract: one descriptor is never with the device, because head == tail means an empty ring (contract D10).
#pragma once

#include <bit>
#include <cstdint>

#include "hw/base/ring_distance.hpp"
#include "hw/engine/descriptors.hpp"
#include "hw/platform/host_memory.hpp"

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
        restart();
    }
    /// The device has forgotten the ring: the same memory, nothing prepared.
    void restart() noexcept { next_ = gap_ = with_device_ = 0; }
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
        for (gap_ = 0; gap_ != size_ - 1; ++gap_) prepare(bus);
        with_device_ = size_ - 1;
    }

    /// Whether the device is done with the next descriptor.
    template <class B>
    [[nodiscard]] bool done(B& bus)
    {
        if (with_device_ == 0) return false;
        // DD once seen stays, so only a descriptor without it asks for what the device did last.
        const std::uint64_t at = address(next_);
        found_                 = bus.template peek<RxDescriptorRead>(at);
        if (found_done()) return true;
        found_ = bus.template load<RxDescriptorRead>(at);
        return found_done();
    }
    /// What done() found.
    [[nodiscard]] Received received() const noexcept
    {
        if (extended_) {
            const auto written = std::bit_cast<RxDescriptorExtended>(found_);
            return {buffer(next_), written.length, written.status_error >> rx_error::extended_shift,
                    (written.status_error & rx_status::eop) != 0};
        }
        const auto written = std::bit_cast<RxDescriptorLegacy>(found_);
        return {buffer(next_), written.length, written.errors, (written.status & rx_status::eop) != 0};
    }

    /// Goes past the descriptor that done() found and prepares one more for the device.
    template <class B>
    void refill(B& bus)
    {
        prepare(bus);
        gap_  = next_;
        next_ = ring_next(next_, size_);
        --with_device_;
    }

    /// Descriptors prepared and not yet announced. Precondition: filled.
    [[nodiscard]] std::uint32_t unannounced() const noexcept { return size_ - 1 - with_device_; }
    void                        announce(std::uint32_t count) noexcept { with_device_ += count; }

    [[nodiscard]] std::uint64_t base() const noexcept { return descriptors_.address; }
    [[nodiscard]] std::uint32_t tail() const noexcept { return (next_ + with_device_) % size_; }
    /// Descriptors announced to the device and not yet found done.
    [[nodiscard]] std::uint32_t with_device() const noexcept { return with_device_; }
    void                        set_extended(bool extended) noexcept { extended_ = extended; }

private:
    [[nodiscard]] bool found_done() const noexcept
    {
        const std::uint32_t status = extended_ ? std::bit_cast<RxDescriptorExtended>(found_).status_error
                                               : std::bit_cast<RxDescriptorLegacy>(found_).status;
        return (status & rx_status::dd) != 0;
    }

    /// Both formats keep their status in the upper half, so clearing that clears DD.
    template <class B>
    void prepare(B& bus)
    {
        bus.store(address(gap_), RxDescriptorRead{buffer(gap_), 0});
    }

    [[nodiscard]] std::uint64_t address(std::uint32_t index) const noexcept
    {
        return descriptors_.address + std::uint64_t{index} * rx_descriptor_octets;
    }
    [[nodiscard]] std::uint64_t buffer(std::uint32_t index) const noexcept
    {
        return buffers_.address + std::uint64_t{index} * buffer_octets;
    }

    std::uint32_t    size_;
    DmaBuffer        descriptors_;
    DmaBuffer        buffers_;
    std::uint32_t    next_        = 0;  // the next descriptor the device will finish
    std::uint32_t    gap_         = 0;  // the one before it, which alone is not prepared
    std::uint32_t    with_device_ = 0;  // from next_ to the tail as the device knows it
    bool             extended_    = true;
    RxDescriptorRead found_{};  // by done()
};

}  // namespace overrun
