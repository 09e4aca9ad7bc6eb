// SPDX-License-Identifier: Apache-2.0
// Names of an enumeration's values; the compiler checks that there is one for each value, in the order of the values.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace overrun {

/// Whether an enumeration ends before `Value`: no enumerator has this value, or one that is called count.
template <class E, E Value>
[[nodiscard]] consteval bool enum_ends_before() noexcept
{
    // Ends with "E::name]" for an enumerator and with "(E)7]" for a value that has none.
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_suffix(1);
    if (text.ends_with("::count")) return true;
    text = text.substr(0, text.find_last_not_of("0123456789") + 1);
    return text.ends_with(')');
}

/// Whether a table has one row for each value of an enumeration, in the order of the values, which count from 0.
/// @param value the member of a row that says whose row it is
template <class Row, std::size_t Rows, class E>
[[nodiscard]] consteval bool is_table_of_enum(const std::array<Row, Rows>& table, E Row::*value) noexcept
{
    for (std::size_t i = 0; i < Rows; ++i)
        if (static_cast<std::size_t>(table[i].*value) != i) return false;
    return enum_ends_before<E, static_cast<E>(Rows)>();
}

template <class E>
struct EnumName {
    E                value;
    std::string_view name;
};

/// Made by enum_names().
template <class E, std::size_t Count>
class EnumNames {
public:
    consteval explicit EnumNames(const std::array<EnumName<E>, Count>& rows)
    {
        if (!is_table_of_enum(rows, &EnumName<E>::value)) throw "not one name for each value, in the order of values";
        for (std::size_t i = 0; i < Count; ++i) names_[i] = rows[i].name;
    }

    /// Precondition: an enumerator's value.
    [[nodiscard]] constexpr std::string_view operator[](E value) const noexcept
    {
        return names_[static_cast<std::size_t>(value)];
    }

    [[nodiscard]] constexpr std::optional<E> value_of(std::string_view name) const noexcept
    {
        const auto found = std::find(names_.begin(), names_.end(), name);
        if (found == names_.end()) return std::nullopt;
        return static_cast<E>(found - names_.begin());
    }

    /// In the order of the values.
    [[nodiscard]] constexpr const std::array<std::string_view, Count>& all() const noexcept { return names_; }

private:
    std::array<std::string_view, Count> names_{};
};

/// `constexpr auto pacing_names = enum_names<Pacing>({{Pacing::slow, "slow"}, {Pacing::fast, "fast"}});`
/// Does not compile unless each value has a name, in the order of the values.
template <class E, std::size_t Count>
[[nodiscard]] consteval EnumNames<E, Count> enum_names(const EnumName<E> (&rows)[Count])
{
    return EnumNames<E, Count>{std::to_array(rows)};
}

}  // namespace overrun
