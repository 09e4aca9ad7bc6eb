// SPDX-License-Identifier: Apache-2.0
// The wire to QEMU's NIC: its `stream` netdev, where each frame follows its length in four octets, big endian.
// Frames carry no frame check sequence: QEMU knows none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "driver_sim/qtest/channel.hpp"

namespace overrun::qtest {

class StreamNetdev {
public:
    explicit StreamNetdev(EventLoop& loop)
        : channel_{loop, [this](std::string_view octets) { received_ += octets.size(); }}
    {
    }

    [[nodiscard]] Channel& channel() noexcept { return channel_; }

    /// Queues a frame without its FCS; flush() sends what is queued.
    void send(std::span<const std::byte> frame)
    {
        const auto                size = static_cast<std::uint32_t>(frame.size());
        const std::array<char, 4> prefix{static_cast<char>(size >> 24U), static_cast<char>(size >> 16U),
                                         static_cast<char>(size >> 8U), static_cast<char>(size)};
        channel_.append({prefix.data(), prefix.size()});
        channel_.append({reinterpret_cast<const char*>(frame.data()), frame.size()});
    }
    void flush() { channel_.send(); }

    /// Octets that the NIC has sent; nobody looks at them.
    [[nodiscard]] std::uint64_t received() const noexcept { return received_; }

private:
    std::uint64_t received_ = 0;
    Channel       channel_;
};

}  // namespace overrun::qtest
