// SPDX-License-Identifier: Apache-2.0
// Typed access to one TOML table of the register map, with messages that name file, line, entry, value and rule.
// It does not know what the keys mean.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <toml++/toml.h>

namespace overrun::register_map {

/// @throws InputError "file:line: what: message", always
[[noreturn]] void fail(std::string_view file, unsigned line, std::string_view what, std::string_view message);

/// The candidate that differs least from `name`; empty when there is none.
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string> candidates);

class TableReader {
public:
    /// @param what "register RDTR", for messages
    TableReader(const toml::table& table, std::string_view file, std::string what);

    [[nodiscard]] unsigned line() const noexcept { return line_; }
    [[nodiscard]] unsigned line_of(std::string_view key) const;
    [[nodiscard]] bool     has(std::string_view key) const { return table_->contains(key); }

    /// Rejects every key that is not in the list.
    void only(std::initializer_list<std::string_view> keys) const;

    [[nodiscard]] std::string                  string(std::string_view key) const;
    [[nodiscard]] std::string                  string_or(std::string_view key, std::string_view otherwise) const;
    [[nodiscard]] std::uint32_t                number(std::string_view key) const;
    [[nodiscard]] std::optional<std::uint32_t> optional_number(std::string_view key) const;
    [[nodiscard]] bool                         flag(std::string_view key) const;

    /// Position of the key's value in `names`.
    [[nodiscard]] std::size_t choice(std::string_view key, std::span<const std::string_view> names) const;

    /// The table under a key. @param what names it in messages
    [[nodiscard]] TableReader table(std::string_view key, std::string what) const;

    [[nodiscard]] const toml::table& raw() const noexcept { return *table_; }
    [[nodiscard]] std::string_view   what() const noexcept { return what_; }

    [[noreturn]] void reject(std::string_view key, std::string_view message) const;

private:
    [[nodiscard]] const toml::node& node(std::string_view key) const;

    const toml::table* table_;
    std::string_view   file_;
    std::string        what_;
    unsigned           line_;
};

}  // namespace overrun::register_map
