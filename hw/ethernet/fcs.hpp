// SPDX-License-Identifier: Apache-2.0
// The frame check sequence: CRC-32 of IEEE 802.3 clause 3.2.9.
// It takes one pass over the octets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "hw/ethernet/frame.hpp"

namespace overrun {

/// CRC-32 of `octets`; on the wire its least significant octet comes first.
[[nodiscard]] std::uint32_t fcs_of(std::span<const std::byte> octets) noexcept;

/// Whether the last four octets are the FCS of those before. False under four octets.
[[nodiscard]] bool fcs_is_right(std::span<const std::byte> frame_with_fcs) noexcept;

/// FCS of a frame's body, its zero padding included, as it stands on the wire.
[[nodiscard]] std::array<std::byte, fcs_octets> fcs_on_wire(const Frame& frame) noexcept;

/// Whether a receiver finds the FCS right. No octet is read when the sender appended it.
[[nodiscard]] bool fcs_is_right(const Frame& frame) noexcept;

}  // namespace overrun
