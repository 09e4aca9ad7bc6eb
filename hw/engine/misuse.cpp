// SPDX-License-Identifier: Apache-2.0
// The words for what a driver can do wrong, as results print them.
// Never decides what counts as misuse: engines do.
#include "hw/engine/nic_engine.hpp"

namespace overrun {

std::string_view name_of(Misuse misuse) noexcept
{
    constexpr std::array<std::string_view, static_cast<std::size_t>(Misuse::count)> names{
        "unmapped_read",    "unmapped_write",       "unimplemented_read", "unimplemented_write",
        "unaligned_access", "tail_beyond_ring",     "head_beyond_ring",   "ring_changed_while_active",
        "null_buffer",      "reserved_buffer_size", "descriptor_fault",   "write_fault",
        "no_bus_master",    "late_access"};
    return names[static_cast<std::size_t>(misuse)];
}

}  // namespace overrun
