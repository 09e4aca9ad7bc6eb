// SPDX-License-Identifier: Apache-2.0
#include "hw/engine/misuse.hpp"

#include "hw/base/enum_names.hpp"

namespace overrun {

namespace {

constexpr auto names = enum_names<Misuse>({
    {Misuse::unmapped_read, "unmapped_read"},
    {Misuse::unmapped_write, "unmapped_write"},
    {Misuse::unimplemented_read, "unimplemented_read"},
    {Misuse::unimplemented_write, "unimplemented_write"},
    {Misuse::unaligned_access, "unaligned_access"},
    {Misuse::tail_beyond_ring, "tail_beyond_ring"},
    {Misuse::head_beyond_ring, "head_beyond_ring"},
    {Misuse::ring_changed_while_active, "ring_changed_while_active"},
    {Misuse::null_buffer, "null_buffer"},
    {Misuse::reserved_buffer_size, "reserved_buffer_size"},
    {Misuse::descriptor_fault, "descriptor_fault"},
    {Misuse::write_fault, "write_fault"},
    {Misuse::no_bus_master, "no_bus_master"},
    {Misuse::late_access, "late_access"},
});

}  // namespace

std::string_view name_of(Misuse misuse) noexcept
{
    return names[misuse];
}

}  // namespace overrun
