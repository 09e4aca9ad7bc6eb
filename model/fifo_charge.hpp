// SPDX-License-Identifier: Apache-2.0
// What a frame takes of the receive FIFO, and on which edges it is charged: a header, then a line for each begun beat.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hw/base/time.hpp"
#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/wire_rate.hpp"

namespace overrun {

class FifoCharge {
public:
    struct Geometry {
        std::uint32_t overhead;  ///< charged at a frame's first octet
        std::uint32_t line;      ///< charged for each begun beat
    };

    FifoCharge(Geometry geometry, WireRate rate, CoreClock clock) : geometry_{geometry}, rate_{rate}, clock_{clock} {}

    /// What a frame of `octets` is charged in all.
    [[nodiscard]] std::uint32_t whole(std::uint32_t octets) const noexcept
    {
        return geometry_.overhead + beats(octets) * geometry_.line;
    }

    /// How far a frame gets that finds less room than it needs.
    struct Refusal {
        Time          edge;    ///< of the first beat without room
        std::uint32_t octets;  ///< charged before
    };
    /// Precondition: room < whole(octets).
    [[nodiscard]] Refusal refusal(Time start, std::uint32_t octets, std::uint32_t room) const noexcept
    {
        if (room < geometry_.overhead) return {clock_.edge(start + rate_.of(preamble_octets + 1)), 0};
        // Only a line that costs something can run out here, so it is not zero.
        const std::uint32_t fitting = (room - geometry_.overhead) / geometry_.line;
        const std::uint32_t last    = std::min(octets, beat * (fitting + 1));
        return {clock_.edge(start + rate_.of(std::int64_t{preamble_octets} + last)),
                geometry_.overhead + fitting * geometry_.line};
    }

    /// What a frame was charged on the edges before the edge `t`.
    /// @param whole what it is charged in all
    [[nodiscard, gnu::noinline]] std::uint32_t before(Time t, Time start, std::uint32_t octets,
                                                      std::uint32_t whole) const noexcept
    {
        // An edge lies before `t` exactly when its octets have arrived by the edge before `t`.
        const Time arrived = t - clock_.period() - start;
        if (arrived < rate_.of(preamble_octets + 1)) return 0;
        if (arrived >= rate_.of(std::int64_t{preamble_octets} + octets)) return whole;
        const auto complete = static_cast<std::uint32_t>(rate_.octets_in(arrived) - preamble_octets) / beat;
        return geometry_.overhead + std::min(beats(octets) - 1, complete) * geometry_.line;
    }

private:
    static constexpr std::uint32_t beat = 8;  // octets of the 64-bit MAC datapath

    [[nodiscard]] static constexpr std::uint32_t beats(std::uint32_t octets) noexcept
    {
        return (octets + beat - 1) / beat;
    }

    Geometry  geometry_;
    WireRate  rate_;
    CoreClock clock_;
};

}  // namespace overrun
