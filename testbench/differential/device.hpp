// SPDX-License-Identifier: Apache-2.0
// One side of the comparison: a NIC after power-on, its host memory and its wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hw/platform/host_memory.hpp"

namespace overrun::differential {

/// Host memory of both sides: the same addresses, so that descriptors are comparable as they are.
inline constexpr std::uint64_t memory_base   = HostMemory::default_base;
inline constexpr std::uint64_t memory_octets = std::uint64_t{16} << 20U;
inline constexpr std::uint64_t ring_base     = memory_base;  ///< descriptors; buffers lie behind them

class Device {
public:
    virtual ~Device() = default;

    /// Power-on, with memory cleared; memory decode and bus mastering are on.
    virtual void reset() = 0;

    /// Registers in BAR0, in order.
    virtual void                                     write(std::uint32_t offset, std::uint32_t value) = 0;
    [[nodiscard]] virtual std::vector<std::uint32_t> read(std::span<const std::uint32_t> offsets)     = 0;

    /// The INTx line, as far as the host has been told.
    [[nodiscard]] virtual bool interrupt_level() const = 0;

    /// Host memory from `address` on.
    [[nodiscard]] virtual std::byte* at(std::uint64_t address) = 0;

    /// Puts a frame without its FCS behind those that wait for the wire.
    virtual void append(std::span<const std::byte> frame) = 0;
    /// Lets the frames come.
    virtual void start() = 0;
    /// Lets the device work.
    /// @return whether `done` came true; false when the device has come to rest, or has had long enough
    virtual bool work(const std::function<bool()>& done) = 0;
};

}  // namespace overrun::differential
