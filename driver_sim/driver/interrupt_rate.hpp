// SPDX-License-Identifier: Apache-2.0
// Interrupt moderation as Linux's e1000e understands `ethtool -C rx-usecs`: fixed, or by what each interrupt brought.
// Never touches a register: it says what ITR shall hold.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace overrun {

/// What an interrupt's traffic asks for. The order is that of fewer and fewer interrupts.
enum class LatencyClass : std::uint8_t { lowest, low, bulk };

/// The class after an interrupt that brought `frames` of `octets` in all, without FCS. Few small frames move towards
/// lowest, many octets towards bulk; between the bounds the class stays.
[[nodiscard]] constexpr LatencyClass next_latency_class(LatencyClass now, std::uint64_t frames,
                                                        std::uint64_t octets) noexcept
{
    if (frames == 0) return now;
    constexpr std::uint64_t many     = 35;  // frames
    const std::uint64_t     per_each = octets / frames;
    if (now == LatencyClass::bulk) {
        const bool lighter = octets > 25'000 ? frames > many : octets < 6'000;
        return lighter ? LatencyClass::low : now;
    }
    if (now == LatencyClass::lowest) {
        if (per_each > 8'000) return LatencyClass::bulk;
        return frames < 5 && octets > 512 ? LatencyClass::low : now;
    }
    if (octets > 10'000) {
        if (frames < 10 || per_each > 1'200) return LatencyClass::bulk;
        return frames > many ? LatencyClass::lowest : now;
    }
    if (per_each > 2'000) return LatencyClass::bulk;
    return frames <= 2 && octets < 512 ? LatencyClass::lowest : now;
}

/// ITR for so many interrupts a second; 0 for no limit.
[[nodiscard]] constexpr std::uint32_t itr_units(std::uint32_t per_second) noexcept
{
    constexpr std::uint32_t units_per_second = 1'000'000'000 / 256;
    constexpr std::uint32_t most             = 0xffff;
    return per_second == 0 ? 0 : std::min(units_per_second / per_second, most);
}

class InterruptRate {
public:
    // What rx-usecs means below 10, where it is no time.
    static constexpr std::uint32_t off = 0, dynamic = 1, conservative = 3, simplified = 4;

    InterruptRate() = default;
    /// @param rx_usecs one of the above, or 10 to 10,000 microseconds between interrupts
    explicit InterruptRate(std::uint32_t rx_usecs) : mode_{rx_usecs}, per_second_{first(rx_usecs)} {}

    /// Whether the rate depends on the traffic.
    [[nodiscard]] bool adapts() const noexcept { return mode_ == dynamic || mode_ == conservative; }
    /// Interrupts a second; 0: no limit.
    [[nodiscard]] std::uint32_t per_second() const noexcept { return per_second_; }
    [[nodiscard]] LatencyClass  latency_class() const noexcept { return class_; }

    /// An interrupt's work is done. Precondition: adapts().
    /// @param gigabit the link's speed: below, the rate is fixed
    /// @return what ITR shall hold, when that changes
    std::optional<std::uint32_t> served(std::uint64_t frames, std::uint64_t octets, bool gigabit) noexcept
    {
        class_ = next_latency_class(class_, frames, octets);
        if (mode_ == conservative) class_ = std::max(class_, LatencyClass::low);
        const std::uint32_t wanted = !gigabit || class_ == LatencyClass::bulk ? 4'000
                                     : class_ == LatencyClass::low            ? 20'000
                                                                              : 70'000;
        if (wanted == per_second_) return std::nullopt;
        // Upwards in steps of a quarter, downwards at once.
        per_second_ = wanted > per_second_ ? std::min(per_second_ + wanted / 4, wanted) : wanted;
        return itr_units(per_second_);
    }

private:
    [[nodiscard]] static constexpr std::uint32_t first(std::uint32_t rx_usecs) noexcept
    {
        if (rx_usecs == off) return 0;
        if (rx_usecs == dynamic || rx_usecs == conservative) return 20'000;
        // Linux chooses 2,000 to 8,000 by how much more is received than sent; nothing is sent.
        if (rx_usecs == simplified) return 8'000;
        return 1'000'000 / rx_usecs;
    }

    std::uint32_t mode_       = off;
    std::uint32_t per_second_ = 0;
    LatencyClass  class_      = LatencyClass::lowest;
};

}  // namespace overrun
