// SPDX-License-Identifier: Apache-2.0
// What a register's fields make of its 32 bits: the masks that reads and writes obey, and the reset word.
// A bit that no field and no storage covers is reserved.
#include "hw/registers/register_map.hpp"

namespace overrun::register_map {
namespace {

using reg::Access;

void add(Masks& masks, std::uint32_t bits, Access access) noexcept
{
    if (access != Access::sc && access != Access::wo) masks.readable |= bits;
    switch (access) {
        case Access::rw: masks.writable |= bits; break;
        case Access::ro: break;
        case Access::rc: masks.read_clear |= bits; break;
        case Access::w1c: masks.write_one_clears |= bits; break;
        case Access::rc_w1c:
            masks.read_clear |= bits;
            masks.write_one_clears |= bits;
            break;
        case Access::w0c: masks.write_zero_clears |= bits; break;
        case Access::w1s: masks.write_one_sets |= bits; break;
        case Access::rs:
            masks.writable |= bits;
            masks.read_sets |= bits;
            break;
        case Access::sc: masks.self_clearing |= bits; break;
        case Access::wo: break;
    }
}

}  // namespace

Masks masks_of(const RegisterEntry& entry) noexcept
{
    Masks         masks;
    std::uint32_t named = 0;
    for (const FieldEntry& field : entry.fields) {
        add(masks, field.bits.mask(), field.access);
        named |= field.bits.mask();
    }
    if (entry.number) add(masks, entry.number->bits.mask(), entry.number->access);
    if (entry.unnamed_rw) add(masks, ~named, Access::rw);
    if (entry.kind != reg::Kind::plain) {
        // A pair is cleared as one, by the read of its high half.
        add(masks, ~std::uint32_t{0}, entry.kind == reg::Kind::counter_low ? Access::ro : Access::rc);
    }
    return masks;
}

std::uint32_t reset_of(const RegisterEntry& entry) noexcept
{
    if (entry.reset) return *entry.reset;
    std::uint32_t word = 0;
    for (const FieldEntry& field : entry.fields) word = field.bits.set(word, field.reset.value_or(0));
    return word;
}

}  // namespace overrun::register_map
