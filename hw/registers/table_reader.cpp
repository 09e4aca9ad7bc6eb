// SPDX-License-Identifier: Apache-2.0
// Typed access to one TOML table of the register map, with messages that name file, line, entry, value and rule.
#include "hw/registers/table_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "hw/base/input_error.hpp"

namespace overrun::register_map {
namespace {

/// Insertions, deletions and replacements that lead from one word to the other.
std::size_t edits(std::string_view from, std::string_view to)
{
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal                   = row[j + 1];
            row[j + 1]                 = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

void fail(std::string_view file, unsigned line, std::string_view what, std::string_view message)
{
    throw InputError{fmt::format("{}:{}: {}: {}", file, line, what, message)};
}

std::string nearest(std::string_view name, std::span<const std::string> candidates)
{
    const auto best = std::min_element(candidates.begin(), candidates.end(),
                                       [&](const auto& a, const auto& b) { return edits(name, a) < edits(name, b); });
    return best == candidates.end() ? std::string{} : *best;
}

TableReader::TableReader(const toml::table& table, std::string_view file, std::string what)
    : table_{&table}, file_{file}, what_{std::move(what)}, line_{table.source().begin.line}
{
}

unsigned TableReader::line_of(std::string_view key) const
{
    const toml::node* found = table_->get(key);
    return found != nullptr && found->source().begin.line != 0 ? found->source().begin.line : line_;
}

void TableReader::reject(std::string_view key, std::string_view message) const
{
    fail(file_, line_of(key), what_, message);
}

void TableReader::only(std::initializer_list<std::string_view> keys) const
{
    for (const auto& [key, value] : *table_)
        if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
            reject(key.str(), fmt::format("key \"{}\" is unknown; allowed: {}", key.str(), fmt::join(keys, ", ")));
}

const toml::node& TableReader::node(std::string_view key) const
{
    const toml::node* found = table_->get(key);
    if (found == nullptr) reject(key, fmt::format("key \"{}\" is missing", key));
    return *found;
}

std::string TableReader::string(std::string_view key) const
{
    const auto value = node(key).value_exact<std::string>();
    if (!value) reject(key, fmt::format("\"{}\" must be a string", key));
    return *value;
}

std::string TableReader::string_or(std::string_view key, std::string_view otherwise) const
{
    return has(key) ? string(key) : std::string{otherwise};
}

std::uint32_t TableReader::number(std::string_view key) const
{
    constexpr std::int64_t highest = std::numeric_limits<std::uint32_t>::max();

    const auto value = node(key).value_exact<std::int64_t>();
    if (!value) reject(key, fmt::format("\"{}\" must be an integer", key));
    if (*value < 0 || *value > highest) reject(key, fmt::format("\"{}\" is {}; allowed: 0 to 0xFFFFFFFF", key, *value));
    return static_cast<std::uint32_t>(*value);
}

std::optional<std::uint32_t> TableReader::optional_number(std::string_view key) const
{
    return has(key) ? std::optional{number(key)} : std::nullopt;
}

bool TableReader::flag(std::string_view key) const
{
    if (!has(key)) return false;
    const auto value = node(key).value_exact<bool>();
    if (!value) reject(key, fmt::format("\"{}\" must be true or false", key));
    return *value;
}

std::size_t TableReader::choice(std::string_view key, std::span<const std::string_view> names) const
{
    const std::string value = string(key);
    const auto        found = std::find(names.begin(), names.end(), value);
    if (found == names.end())
        reject(key, fmt::format("{} \"{}\" is unknown; allowed: {}", key, value, fmt::join(names, ", ")));
    return static_cast<std::size_t>(found - names.begin());
}

TableReader TableReader::table(std::string_view key, std::string what) const
{
    const toml::table* inner = node(key).as_table();
    if (inner == nullptr) reject(key, fmt::format("\"{}\" must be a table", key));
    return TableReader{*inner, file_, std::move(what)};
}

}  // namespace overrun::register_map
