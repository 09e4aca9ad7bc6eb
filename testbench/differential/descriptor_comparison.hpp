// SPDX-License-Identifier: Apache-2.0
// Two written-back descriptors, field by field.
// Where one value explains a difference, only that value is forgiven, not the whole field.
#pragma once

#include <cstdint>
#include <optional>

#include "hw/engine/descriptors.hpp"
#include "testbench/differential/forgiveness.hpp"

namespace overrun::differential {

/// What the driver leaves in each 16-bit field that it has no use for. DD is 0 in it, in either format.
inline constexpr std::uint16_t left_over = 0x5a5a;

/// What both formats have in common.
struct WrittenBack {
    std::uint64_t buffer   = 0;  ///< legacy only
    std::uint32_t mrq      = 0;  ///< extended only, like the next one
    std::uint16_t ip_id    = 0;
    std::uint32_t status   = 0;  ///< as in the extended format: status, type, errors from bit 24
    std::uint16_t length   = 0;
    std::uint16_t checksum = 0;
    std::uint16_t vlan     = 0;

    [[nodiscard]] bool done() const noexcept { return (status & rx_status::dd) != 0; }
    [[nodiscard]] bool ends_frame() const noexcept { return (status & rx_status::eop) != 0; }
};

[[nodiscard]] WrittenBack written_back(const RxDescriptorRead& descriptor, bool extended) noexcept;

/// What is known of the frame besides its descriptors.
struct FrameContext {
    bool                     legacy  = false;  ///< the descriptors' format
    bool                     by_hash = false;  ///< it passed by the multicast table alone
    std::optional<Departure> parsing{};        ///< why the two sides see different protocols in it
};

/// @param forgiveness counts what it is asked for
/// @throws Difference naming the field and both values
void compare(const WrittenBack& ours, const WrittenBack& theirs, const FrameContext& frame, Forgiveness& forgiveness);

}  // namespace overrun::differential
