// SPDX-License-Identifier: Apache-2.0
// Writes the two forms that hold no code: the SystemVerilog package and the page of documentation.
// The package holds only integers: Yosys takes no more.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "hw/registers/emit.hpp"

namespace overrun::register_map {
namespace {

using reg::Access;
using reg::Kind;

using Out = std::back_insert_iterator<std::string>;

void write_parameter(Out out, std::string_view name, std::uint32_t value)
{
    fmt::format_to(out, "  localparam int unsigned {} = 32'h{:08X};\n", name, value);
}

void write_bits(Out out, std::string_view name, reg::Field bits)
{
    fmt::format_to(out, "  localparam int unsigned {}_LSB = {};\n", name, bits.lsb);
    fmt::format_to(out, "  localparam int unsigned {}_WIDTH = {};\n", name, bits.width);
}

/// A comment of lines no longer than the style allows in SystemVerilog.
void write_comment(Out out, std::string_view text)
{
    constexpr std::size_t width = 95;
    while (text.size() > width) {
        const std::size_t cut = text.rfind(' ', width);
        if (cut == std::string_view::npos) break;
        fmt::format_to(out, "  // {}\n", text.substr(0, cut));
        text.remove_prefix(cut + 1);
    }
    fmt::format_to(out, "  // {}\n", text);
}

/// The access kinds of a register, each once, in the order of the fields.
std::string access_text(const RegisterEntry& entry)
{
    if (entry.kind == Kind::counter_low) return "ro";
    if (entry.kind != Kind::plain) return "rc";
    if (entry.number)
        return entry.number->bits.width == 32
                   ? std::string{name_of(entry.number->access)}
                   : fmt::format("{} {}", name_of(entry.number->access), bits_text(entry.number->bits));
    std::string      text;
    std::set<Access> seen;
    for (const FieldEntry& field : entry.fields)
        if (seen.insert(field.access).second)
            text += fmt::format("{}{}", text.empty() ? "" : ", ", name_of(field.access));
    if (entry.unnamed_rw && !seen.contains(Access::rw)) text += text.empty() ? "rw" : ", rw";
    return text.empty() ? "-" : text;
}

std::string offset_text(const RegisterEntry& entry)
{
    return entry.is_array ? fmt::format("{:04X} + {:X}n", entry.offset, entry.stride)
                          : fmt::format("{:04X}", entry.offset);
}

std::string name_text(const RegisterEntry& entry)
{
    return entry.is_array ? fmt::format("{}0..{}", entry.name, entry.count - 1) : entry.name;
}

std::string status_text(const RegisterEntry& entry)
{
    if (!entry.engine_count) return std::string{name_of(entry.status)};
    const std::uint32_t last = *entry.engine_count - 1;
    return last == 0 ? "engine for 0, else storage" : fmt::format("engine for 0..{}, else storage", last);
}

void write_group(Out out, const RegisterMap& map, const GroupEntry& group)
{
    const bool statistics = std::any_of(map.registers.begin(), map.registers.end(), [&](const auto& entry) {
        return entry.group == group.id && entry.kind != Kind::plain;
    });
    fmt::format_to(out, "\n## {}\n\n| Offset | Name | Access | Reset | Stage | Status | Meaning |{}\n", group.title,
                   statistics ? " `ethtool -S` |" : "");
    fmt::format_to(out, "|---|---|---|---|---|---|---|{}\n", statistics ? "---|" : "");
    for (const RegisterEntry& entry : map.registers) {
        if (entry.group != group.id) continue;
        fmt::format_to(out, "| {} | {} | {} | {:08X} | {} | {} | {}{} |", offset_text(entry), name_text(entry),
                       access_text(entry), reset_of(entry), entry.stage, status_text(entry), entry.text,
                       entry.survives_reset ? " Survives CTRL.RST." : "");
        if (statistics) fmt::format_to(out, " {} |", entry.ethtool);
        fmt::format_to(out, "\n");
    }
    for (const RegisterEntry& entry : map.registers) {
        if (entry.group != group.id || entry.fields.empty()) continue;
        fmt::format_to(out, "\n### {} ({})\n\n| Bits | Field | Access | Reset | Meaning |\n|---|---|---|---|---|\n",
                       name_text(entry), offset_text(entry));
        for (const FieldEntry& field : entry.fields)
            fmt::format_to(out, "| {} | {} | {} | {:X} | {} |\n", bits_text(field.bits), field.name,
                           name_of(field.access), field.bits.get(reset_of(entry)), field.text);
        if (entry.unnamed_rw) fmt::format_to(out, "| others | | rw | | Plain storage. |\n");
    }
}

constexpr std::string_view preamble = R"(
Offsets are octets from the start of BAR0, in hexadecimal as are resets. Registers are accessed as aligned 32-bit words.
Bits that are not listed are reserved: they read 0 and ignore writes.

| Access | A read | A write |
|---|---|---|
| rw | returns what was written | is kept |
| ro | returns what the device says | is ignored |
| rc | returns what the device says, then clears it | is ignored |
| w1c | returns what the device says | clears the bits written as 1 |
| rc_w1c | returns what the device says, then clears it | clears the bits written as 1 |
| w0c | returns what the device says | clears the bits written as 0 |
| w1s | returns the bits | sets the bits written as 1 |
| rs | returns the bit, then sets it | is kept |
| sc | returns 0 | of 1 acts |
| wo | returns 0 | acts |

Counters have 32 bits, clear when they are read and stick at all ones. Of a pair, the read of the high half clears both.

| Status | Meaning |
|---|---|
| engine | The engine acts on it, at least as far as its present stage goes. |
| storage | The engine keeps what the access kinds allow and does nothing else; each access is counted. |
| absent | Reads 0 and ignores writes, as an offset without a register; each access is counted. |

The stage is the step of the project's plan in which the device comes to act on the register.
)";

}  // namespace

std::string bits_text(reg::Field bits)
{
    return bits.width == 1 ? std::to_string(bits.lsb) : fmt::format("{}:{}", bits.lsb + bits.width - 1, bits.lsb);
}

std::string systemverilog_package(const RegisterMap& map)
{
    std::string text;
    const Out   out{text};
    fmt::format_to(out, "// {}\n// SPDX-License-Identifier: Apache-2.0\n", generated_marker);
    fmt::format_to(out, "// The registers of the {}: offsets, field positions, resets and write masks.\n", map.device);
    fmt::format_to(out, "// Never anything but plain integers.\npackage nic_registers_pkg;\n\n");
    // The package holds the whole map; no design uses all of it.
    fmt::format_to(out, "  // verilator lint_off UNUSEDPARAM\n");
    write_parameter(out, "REGISTER_SPACE", map.space);
    for (const RegisterEntry& entry : map.registers) {
        if (entry.status == reg::Status::absent) continue;
        fmt::format_to(out, "\n");
        write_comment(out, entry.text);
        write_parameter(out, entry.name + "_OFFSET", entry.offset);
        if (entry.is_array) {
            write_parameter(out, entry.name + "_COUNT", entry.count);
            write_parameter(out, entry.name + "_STRIDE", entry.stride);
        }
        if (entry.kind != Kind::plain) continue;
        write_parameter(out, entry.name + "_RESET", reset_of(entry));
        write_parameter(out, entry.name + "_WRITABLE", masks_of(entry).writable);
        for (const FieldEntry& field : entry.fields) write_bits(out, entry.name + "_" + field.name, field.bits);
    }
    fmt::format_to(out, "\n  // verilator lint_on UNUSEDPARAM\nendpackage\n");
    return text;
}

std::string markdown(const RegisterMap& map)
{
    std::string text;
    const Out   out{text};
    fmt::format_to(out, "<!-- {} -->\n# Registers of the {}\n{}", generated_marker, map.device, preamble);
    for (const GroupEntry& group : map.groups) write_group(out, map, group);
    fmt::format_to(out,
                   "\n## Aliases\n\nSecond offsets that older drivers use.\n\n| Offset | Answers as |\n|---|---|\n");
    for (const AliasEntry& alias : map.aliases) {
        const std::uint32_t octets = 4 * (alias.dwords - 1);
        if (octets == 0)
            fmt::format_to(out, "| {:04X} | {} ({:04X}) |\n", alias.offset, alias.name, alias.target);
        else
            fmt::format_to(out, "| {:04X}..{:04X} | {} and on ({:04X}..{:04X}) |\n", alias.offset,
                           alias.offset + octets, alias.name, alias.target, alias.target + octets);
    }
    return text;
}

}  // namespace overrun::register_map
