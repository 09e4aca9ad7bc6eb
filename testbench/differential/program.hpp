// SPDX-License-Identifier: Apache-2.0
// A program for two NICs: register writes, rings, frames and readings, in order.
// It holds no times: the runner lets both NICs come to rest after each batch of frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace overrun::differential {

using Octets = std::vector<std::byte>;

/// How the host lays out a ring.
struct RingShape {
    std::uint32_t size  = 8;      ///< descriptors, a multiple of 8, up to ring_most
    std::uint32_t head  = 0;      ///< where it begins
    std::uint32_t skew  = 0;      ///< octets from a buffer's slot to the buffer, up to 63
    bool          holes = false;  ///< every fifth buffer address is 0

    friend bool operator==(const RingShape&, const RingShape&) = default;
};

inline constexpr std::uint32_t ring_most = 512;

struct Step {
    enum class Kind : std::uint8_t {
        write,     ///< `value` to the register at `offset`
        read,      ///< the register at `offset`, compared
        ring,      ///< the receiver stops, gets this ring, and goes on
        frame,     ///< onto the wire, in one batch with its neighbours; `octets` are without FCS
        sync,      ///< the batch ends
        tail,      ///< from now on finished descriptors go back `value` at a time
        starve,    ///< the next batch finds `value` descriptors, and more only when these are used up
        counters,  ///< all statistics, compared; their reading clears them
    };

    Kind          kind   = Kind::sync;
    std::uint32_t offset = 0;
    std::uint32_t value  = 0;
    RingShape     ring{};
    Octets        octets{};

    friend bool operator==(const Step&, const Step&) = default;
};

using Program = std::vector<Step>;

[[nodiscard]] inline Step write_step(std::uint32_t offset, std::uint32_t value)
{
    return {Step::Kind::write, offset, value, {}, {}};
}
[[nodiscard]] inline Step read_step(std::uint32_t offset)
{
    return {Step::Kind::read, offset, 0, {}, {}};
}
[[nodiscard]] inline Step ring_step(const RingShape& ring)
{
    return {Step::Kind::ring, 0, 0, ring, {}};
}
[[nodiscard]] inline Step frame_step(Octets octets)
{
    return {Step::Kind::frame, 0, 0, {}, std::move(octets)};
}
/// sync, tail, starve or counters.
[[nodiscard]] inline Step plain_step(Step::Kind kind, std::uint32_t value = 0)
{
    return {kind, 0, value, {}, {}};
}

}  // namespace overrun::differential
