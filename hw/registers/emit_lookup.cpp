// SPDX-License-Identifier: Apache-2.0
// The end of the generated C++ header: lookups by offset and by name over the tables before them.
// An offset leads to its row in two steps, without a search.
#include "hw/registers/emit.hpp"

namespace overrun::register_map {

std::string_view cpp_lookup() noexcept
{
    return R"text(
/// One row for each register or array of registers, by group and offset.
inline constexpr std::span<const RegisterInfo> register_table{detail::rows};

/// By offset.
inline constexpr std::span<const AliasInfo> alias_table{detail::aliases};

/// The row of a register or of any element of an array; nullptr where there is none, also at an alias and at an
/// offset that is not a multiple of 4.
[[nodiscard]] constexpr const RegisterInfo* find(std::uint32_t at) noexcept
{
    if (at >= register_space || at % 4 != 0) return nullptr;
    const std::size_t row = detail::row_of[std::size_t{detail::page_of[at >> 8U]} * 64 + (at >> 2U) % 64];
    return row == 0 ? nullptr : &detail::rows[row - 1];
}

/// The offset of the register that answers at `at`: `at` itself unless it is an alias.
[[nodiscard]] constexpr std::uint32_t resolve_alias(std::uint32_t at) noexcept
{
    for (const AliasInfo& alias : detail::aliases) {
        if (at < alias.offset) break;
        if (at < alias.offset + 4 * alias.dwords) return alias.target + (at - alias.offset);
    }
    return at;
}

/// The offset of "RCTL", "RDT1" or "RAL15"; a bare array name is its element 0.
[[nodiscard]] constexpr std::optional<std::uint32_t> offset_named(std::string_view name) noexcept
{
    for (const RegisterInfo& row : detail::rows) {
        if (name == row.name) return row.offset;
        if (row.count == 1 || !name.starts_with(row.name)) continue;
        const std::string_view digits  = name.substr(row.name.size());
        std::uint32_t          element = 0;
        bool                   good    = digits.size() <= 3 && (digits.size() == 1 || digits.front() != '0');
        for (const char c : digits) {
            good    = good && c >= '0' && c <= '9';
            element = element * 10 + static_cast<std::uint32_t>(c - '0');
        }
        if (good && element < row.count) return row.offset + element * row.stride;
    }
    return std::nullopt;
}

/// "RCTL" or "RDT1"; empty where there is no register.
[[nodiscard]] inline std::string name_at(std::uint32_t at)
{
    const RegisterInfo* row = find(at);
    if (row == nullptr) return {};
    return row->count == 1 ? std::string{row->name} : std::string{row->name} + std::to_string(row->element(at));
}

[[nodiscard]] constexpr const CounterInfo& info(Counter counter) noexcept
{
    return counter_table[static_cast<std::size_t>(counter)];
}

[[nodiscard]] constexpr std::string_view name_of(Counter counter) noexcept { return info(counter).name; }

/// "MPC", "GORC".
[[nodiscard]] constexpr std::optional<Counter> counter_named(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < counter_count; ++i)
        if (counter_table[i].name == name) return static_cast<Counter>(i);
    return std::nullopt;
}
)text";
}

}  // namespace overrun::register_map
