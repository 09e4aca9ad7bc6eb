// SPDX-License-Identifier: Apache-2.0
// The decoder of register accesses over the whole window: each dword once, against a walk through the register table.
#include "model/register_decode.hpp"

#include <map>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using reg::RegisterInfo;
using reg::Status;

namespace {

/// What the table says of each offset, aliases included, found by a walk from the rows.
struct Place {
    const RegisterInfo* row;
    std::uint32_t       offset;
    Status              status;
};

std::map<std::uint32_t, Place> places()
{
    std::map<std::uint32_t, Place> all;
    for (const RegisterInfo& row : reg::register_table) {
        for (std::uint32_t i = 0; i < row.count; ++i) {
            const bool beyond = row.status == Status::engine && i >= row.engine_count;
            const auto offset = row.offset + i * row.stride;
            all[offset]       = {&row, offset, beyond ? Status::storage : row.status};
        }
    }
    for (const reg::AliasInfo& alias : reg::alias_table)
        for (std::uint32_t i = 0; i < alias.dwords; ++i)
            if (const auto target = all.find(alias.target + 4 * i); target != all.end())
                all[alias.offset + 4 * i] = target->second;
    return all;
}

using Decode = DecodedAccess (*)(std::uint32_t) noexcept;

/// Offsets at which the decoder says other than the table.
std::size_t differences(Decode decode, Misuse unmapped, Misuse unimplemented)
{
    const auto  all   = places();
    std::size_t found = 0;
    for (std::uint32_t offset = 0; offset < reg::register_space; offset += 4) {
        const DecodedAccess access = decode(offset);
        const auto          place  = all.find(offset);
        if (place == all.end()) {
            found += access.row != nullptr || access.misuse != unmapped ? 1 : 0;
            continue;
        }
        const auto [row, target, status] = place->second;
        const bool there                 = status != Status::absent;
        const bool right = access.row == (there ? row : nullptr) && (!there || access.offset == target) &&
                           access.acts == (status == Status::engine) &&
                           access.misuse == (status == Status::engine ? std::nullopt : std::optional{unimplemented});
        found += right ? 0 : 1;
    }
    return found;
}

}  // namespace

TEST_CASE("each offset of the window is decoded as the register table says", "[register_decode]")
{
    CHECK(differences(decode_read, Misuse::unmapped_read, Misuse::unimplemented_read) == 0);
    CHECK(differences(decode_write, Misuse::unmapped_write, Misuse::unimplemented_write) == 0);
}

TEST_CASE("a decoder that knows no alias, or no end of the engine's elements, is caught", "[register_decode]")
{
    const Decode no_alias = [](std::uint32_t offset) noexcept {
        DecodedAccess access = decode_read(offset);
        if (access.offset != offset && access.row != nullptr) access = {.misuse = Misuse::unmapped_read};
        return access;
    };
    const Decode no_end = [](std::uint32_t offset) noexcept {
        DecodedAccess access = decode_read(offset);
        if (access.row != nullptr && access.row->status == Status::engine) access.acts = true;
        return access;
    };
    CHECK(differences(no_alias, Misuse::unmapped_read, Misuse::unimplemented_read) > 0);
    CHECK(differences(no_end, Misuse::unmapped_read, Misuse::unimplemented_read) > 0);
}

TEST_CASE("an access that is no aligned dword means no register", "[register_decode]")
{
    for (std::uint32_t offset = 0; offset < 16; ++offset) {
        if (offset % 4 == 0) continue;
        CAPTURE(offset);
        CHECK(decode_read(offset).row == nullptr);
        CHECK(decode_read(offset).misuse == Misuse::unaligned_access);
        CHECK(decode_write(offset).misuse == Misuse::unaligned_access);
    }
}
