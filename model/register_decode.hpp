// SPDX-License-Identifier: Apache-2.0
// Which register an access to the register window means, and which misuse the access is by itself.
#pragma once

#include <cstdint>
#include <optional>

#include "hw/engine/nic_engine.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun {

/// Every engine decodes an access in this way, so that all count the same misuse.
struct DecodedAccess {
    const reg::RegisterInfo* row    = nullptr;  ///< null: a read returns 0, a write is ignored
    std::uint32_t            offset = 0;        ///< of the register, where `row` is set: an alias is resolved
    bool                     acts   = false;    ///< the engine acts on the register, which is more than a store
    std::optional<Misuse>    misuse = std::nullopt;
};

/// @param unmapped, unimplemented the misuse of an offset without a register, and of a register not acted on
[[nodiscard]] inline DecodedAccess decode_access(std::uint32_t offset, Misuse unmapped, Misuse unimplemented) noexcept
{
    if (offset % 4 != 0) return {.misuse = Misuse::unaligned_access};
    const std::uint32_t      target = reg::resolve_alias(offset);
    const reg::RegisterInfo* row    = reg::find(target);
    if (row == nullptr) return {.misuse = unmapped};
    const reg::Status status = row->status_of(row->element(target));
    if (status == reg::Status::absent) return {.misuse = unimplemented};
    if (status == reg::Status::storage) return {row, target, false, unimplemented};
    return {row, target, true, std::nullopt};
}
[[nodiscard]] inline DecodedAccess decode_read(std::uint32_t offset) noexcept
{
    return decode_access(offset, Misuse::unmapped_read, Misuse::unimplemented_read);
}
[[nodiscard]] inline DecodedAccess decode_write(std::uint32_t offset) noexcept
{
    return decode_access(offset, Misuse::unmapped_write, Misuse::unimplemented_write);
}

}  // namespace overrun
