// SPDX-License-Identifier: Apache-2.0
// Writes the C++ header: typed fields for each register, and one table of everything.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "hw/registers/emit.hpp"

namespace overrun::register_map {
namespace {

using reg::Kind;

using Out = std::back_insert_iterator<std::string>;

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string_view kind_name(Kind kind)
{
    constexpr std::array<std::string_view, 4> names{"plain", "counter", "counter_low", "counter_high"};
    return names[static_cast<std::size_t>(kind)];
}

void write_namespace(Out out, const RegisterEntry& entry)
{
    fmt::format_to(out, "\n/// {}\nnamespace {} {{\n", entry.text, entry.name);
    fmt::format_to(out, "inline constexpr std::uint32_t offset = 0x{:04X};\n", entry.offset);
    fmt::format_to(out, "inline constexpr std::uint32_t reset = 0x{:08X};\n", reset_of(entry));
    if (entry.is_array) {
        fmt::format_to(out, "inline constexpr std::uint32_t count = {};\n", entry.count);
        fmt::format_to(out, "inline constexpr std::uint32_t stride = 0x{:X};\n", entry.stride);
        fmt::format_to(out,
                       "[[nodiscard]] constexpr std::uint32_t at(std::uint32_t n) noexcept "
                       "{{ return offset + n * stride; }}\n");
    }
    if (entry.number)
        fmt::format_to(out, "inline constexpr Field VALUE{{{}, {}}};\n", entry.number->bits.lsb,
                       entry.number->bits.width);
    for (const FieldEntry& field : entry.fields)
        fmt::format_to(out, "inline constexpr Field {}{{{}, {}}};  ///< {}\n", field.name, field.bits.lsb,
                       field.bits.width, field.text);
    fmt::format_to(out, "}}  // namespace {}\n", entry.name);
}

/// The counters in order of their offsets: pairs are named by their low half.
std::vector<const RegisterEntry*> counters_of(const RegisterMap& map)
{
    std::vector<const RegisterEntry*> counters;
    for (const RegisterEntry& entry : map.registers)
        if (entry.kind == Kind::counter || entry.kind == Kind::counter_low) counters.push_back(&entry);
    return counters;
}

const std::string& counter_name(const RegisterEntry& entry)
{
    return entry.pair.empty() ? entry.name : entry.pair;
}

void write_counters(Out out, const RegisterMap& map)
{
    const auto counters = counters_of(map);
    fmt::format_to(out, "\nenum class Counter : std::uint8_t {{\n");
    for (const RegisterEntry* entry : counters) fmt::format_to(out, "    {},\n", counter_name(*entry));
    fmt::format_to(out, "    count,\n}};\n\ninline constexpr std::size_t counter_count = {};\n\n", counters.size());
    fmt::format_to(out, "inline constexpr std::array<CounterInfo, counter_count> counter_table{{{{\n");
    for (const RegisterEntry* entry : counters)
        fmt::format_to(out, "    {{{}, 0x{:04X}, {}, {},\n     {}}},\n", quoted(counter_name(*entry)), entry->offset,
                       entry->kind == Kind::counter_low, quoted(entry->ethtool), quoted(entry->text));
    fmt::format_to(out, "}}}};\n");
}

void write_fields(Out out, const RegisterMap& map)
{
    std::size_t count = 0;
    for (const RegisterEntry& entry : map.registers) count += entry.fields.size();
    fmt::format_to(out, "\nnamespace detail {{\n\ninline constexpr std::array<FieldInfo, {}> fields{{{{\n", count);
    for (const RegisterEntry& entry : map.registers)
        for (const FieldEntry& field : entry.fields)
            fmt::format_to(out, "    {{\"{}\", {{{}, {}}}, Access::{}, 0x{:X}, {}}},\n", field.name, field.bits.lsb,
                           field.bits.width, name_of(field.access), field.bits.get(reset_of(entry)),
                           quoted(field.text));
    fmt::format_to(out,
                   "}}}};\n\n[[nodiscard]] constexpr std::span<const FieldInfo> "
                   "part(std::size_t first, std::size_t n) noexcept\n"
                   "{{\n    return std::span<const FieldInfo>{{fields}}.subspan(first, n);\n}}\n");
}

void write_rows(Out out, const RegisterMap& map)
{
    std::size_t first = 0;
    fmt::format_to(out, "\ninline constexpr std::array<RegisterInfo, {}> rows{{{{\n", map.registers.size());
    for (const RegisterEntry& entry : map.registers) {
        const Masks masks = masks_of(entry);
        const bool  acted = entry.status == reg::Status::engine;
        fmt::format_to(out, "    {{\"{}\", 0x{:04X}, {}, 0x{:X}, 0x{:08X}, 0x{:08X}, 0x{:08X}, 0x{:08X}, 0x{:08X}, ",
                       entry.name, entry.offset, entry.count, entry.stride, reset_of(entry), masks.writable,
                       masks.readable, masks.read_clear, masks.write_one_clears);
        fmt::format_to(out, "0x{:08X}, 0x{:08X},\n     Kind::{}, Status::{}, {}, {}, \"{}\",\n     {},\n",
                       masks.write_one_sets, masks.self_clearing, kind_name(entry.kind), name_of(entry.status),
                       entry.stage, entry.survives_reset, entry.ethtool, quoted(entry.text));
        std::string counter = "count";
        if (entry.kind != Kind::plain) counter = counter_name(entry);
        fmt::format_to(out, "     part({}, {}), 0x{:08X}, 0x{:08X}, {}, \"{}\", Counter::{}}},\n", first,
                       entry.fields.size(), masks.write_zero_clears, masks.read_sets,
                       acted ? entry.engine_count.value_or(entry.count) : 0, entry.group, counter);
        first += entry.fields.size();
    }
    fmt::format_to(out, "}}}};\n");
}

void write_aliases(Out out, const RegisterMap& map)
{
    fmt::format_to(out, "\ninline constexpr std::array<AliasInfo, {}> aliases{{{{\n", map.aliases.size());
    for (const AliasEntry& alias : map.aliases)
        fmt::format_to(out, "    {{0x{:04X}, 0x{:04X}, {}}},\n", alias.offset, alias.target, alias.dwords);
    fmt::format_to(out, "}}}};\n");
}

/// Numbers in lines of sixteen.
void write_numbers(Out out, const std::vector<std::size_t>& numbers)
{
    for (std::size_t i = 0; i < numbers.size(); ++i)
        fmt::format_to(out, "{}{},{}", i % 16 == 0 ? "    " : " ", numbers[i],
                       i % 16 == 15 || i + 1 == numbers.size() ? "\n" : "");
}

/// Two levels, so that the table stays small: a page is 64 registers; page 0 is the empty one.
void write_index(Out out, const RegisterMap& map)
{
    constexpr std::uint32_t page_octets = 256;

    std::map<std::uint32_t, std::array<std::size_t, page_octets / 4>> pages;
    for (std::size_t row = 0; row < map.registers.size(); ++row) {
        const RegisterEntry& entry = map.registers[row];
        for (std::uint32_t i = 0; i < entry.count; ++i) {
            const std::uint32_t offset                            = entry.offset + i * entry.stride;
            pages[offset / page_octets][offset % page_octets / 4] = row + 1;
        }
    }
    std::vector<std::size_t> page_of((map.space + page_octets - 1) / page_octets, 0);
    std::vector<std::size_t> index(page_octets / 4, 0);
    for (const auto& [page, numbers] : pages) {
        page_of[page] = index.size() / numbers.size();
        index.insert(index.end(), numbers.begin(), numbers.end());
    }
    fmt::format_to(out,
                   "\n// Row + 1 of each offset, 0 for none: first the page of 256 octets, then the dword in it.\n");
    fmt::format_to(out, "inline constexpr std::array<std::uint16_t, {}> page_of{{\n", page_of.size());
    write_numbers(out, page_of);
    fmt::format_to(out, "}};\ninline constexpr std::array<std::uint16_t, {}> row_of{{\n", index.size());
    write_numbers(out, index);
    fmt::format_to(out, "}};\n\n}}  // namespace detail\n");
}

}  // namespace

std::string cpp_header(const RegisterMap& map)
{
    std::string text;
    const Out   out{text};
    fmt::format_to(out, "// {}\n// SPDX-License-Identifier: Apache-2.0\n", generated_marker);
    fmt::format_to(out, "// The registers of the {}: offsets, fields, resets, masks and counters.\n", map.device);
    fmt::format_to(out, "// Never holds behaviour: that is the engines'.\n");
    fmt::format_to(out,
                   "#pragma once\n\n#include <array>\n#include <cstddef>\n#include <cstdint>\n#include <optional>\n"
                   "#include <span>\n#include <string>\n#include <string_view>\n\n"
                   "#include \"hw/registers/register_types.hpp\"\n\nnamespace overrun::reg {{\n\n");
    fmt::format_to(out, "/// Octets of BAR0.\ninline constexpr std::uint32_t register_space = 0x{:X};\n", map.space);
    for (const RegisterEntry& entry : map.registers) write_namespace(out, entry);
    write_counters(out, map);
    write_fields(out, map);
    write_rows(out, map);
    write_aliases(out, map);
    write_index(out, map);
    text += cpp_lookup();
    text += "\n}  // namespace overrun::reg\n";
    return text;
}

}  // namespace overrun::register_map
