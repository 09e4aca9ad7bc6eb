// SPDX-License-Identifier: Apache-2.0
// Reads a register map from TOML: one entry at a time, each key of the right type and from the right list.
// Entries are compared with each other in check.cpp; here one register may copy fields from another.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "hw/registers/register_map.hpp"
#include "hw/registers/table_reader.hpp"

namespace overrun::register_map {
namespace {

using reg::Access;
using reg::Kind;
using reg::Status;

constexpr std::array<std::string_view, 10> access_names{"rw",  "ro",  "rc", "w1c", "rc_w1c",
                                                        "w0c", "w1s", "rs", "sc",  "wo"};
constexpr std::array<std::string_view, 3>  status_names{"engine", "storage", "absent"};
constexpr std::array<std::string_view, 4>  kind_names{"plain", "counter", "counter_low", "counter_high"};
constexpr std::array<std::string_view, 1>  unnamed_names{"rw"};

/// "31", or "high:low" with 31 >= high >= low.
reg::Field bits_of(const TableReader& table)
{
    const std::string text   = table.string("bits");
    const char*       end    = text.data() + text.size();
    unsigned          high   = 0;
    auto [rest, first_error] = std::from_chars(text.data(), end, high);
    unsigned low             = high;
    bool     good            = first_error == std::errc{} && high <= 31;
    if (good && rest != end) {
        const auto second = *rest == ':' ? std::from_chars(rest + 1, end, low) : std::from_chars_result{};
        good              = second.ec == std::errc{} && second.ptr == end && low <= high;
    }
    if (!good)
        table.reject("bits", fmt::format("bits \"{}\"; allowed: \"n\" or \"high:low\" with 31 >= high >= low", text));
    return {low, high - low + 1};
}

Access access_of(const TableReader& table)
{
    return static_cast<Access>(table.choice("access", access_names));
}

FieldEntry field_of(const TableReader& table, std::string name)
{
    table.only({"bits", "access", "reset", "text"});
    FieldEntry field;
    field.name   = std::move(name);
    field.bits   = bits_of(table);
    field.access = access_of(table);
    field.reset  = table.optional_number("reset");
    field.text   = table.string_or("text", "");
    field.line   = table.line();
    return field;
}

void sort_by_bit(std::vector<FieldEntry>& fields)
{
    std::stable_sort(fields.begin(), fields.end(),
                     [](const auto& a, const auto& b) { return a.bits.lsb < b.bits.lsb; });
}

std::vector<FieldEntry> fields_of(const TableReader& table)
{
    std::vector<FieldEntry> fields;
    if (!table.has("field")) return fields;
    const TableReader all = table.table("field", std::string{table.what()});
    for (const auto& [key, value] : all.raw())
        fields.push_back(field_of(all.table(key.str(), fmt::format("{}: field {}", table.what(), key.str())),
                                  std::string{key.str()}));
    sort_by_bit(fields);
    return fields;
}

/// The fields of another register that stands before this one, all but the read-only ones under another access kind.
std::vector<FieldEntry> fields_like(const TableReader& table, const std::vector<RegisterEntry>& before)
{
    const TableReader like = table.table("like", fmt::format("{}: like", table.what()));
    like.only({"register", "access", "except"});
    const std::string name = like.string("register");
    const auto source      = std::find_if(before.begin(), before.end(), [&](const auto& r) { return r.name == name; });
    if (source == before.end()) {
        std::vector<std::string> names;
        for (const RegisterEntry& entry : before) names.push_back(entry.name);
        like.reject("register", fmt::format("register \"{}\" does not stand before this one; nearest: {}", name,
                                            nearest(name, names)));
    }
    std::vector<FieldEntry> fields = source->fields;
    const Access            access = access_of(like);
    for (FieldEntry& field : fields) {
        if (field.access != Access::ro) field.access = access;
        field.line = like.line();
    }
    if (like.has("except")) {
        const toml::array* except = like.raw()["except"].as_array();
        if (except == nullptr) like.reject("except", "\"except\" must be a list of field names");
        for (const toml::node& node : *except) {
            const std::string gone = node.value_or(std::string{});
            if (std::erase_if(fields, [&](const FieldEntry& field) { return field.name == gone; }) == 0)
                like.reject("except", fmt::format("field \"{}\" is not in {}", gone, name));
        }
    }
    return fields;
}

RegisterEntry register_of(const toml::table& raw, const std::string& file, const std::vector<RegisterEntry>& before)
{
    const std::string name = TableReader{raw, file, "register"}.string("name");
    const TableReader table{raw, file, fmt::format("register {}", name)};
    table.only({"name", "offset", "group", "stage", "status", "text", "array", "engine_count", "reset", "unnamed",
                "like", "survives_reset", "kind", "pair", "ethtool", "access", "bits", "field"});
    RegisterEntry entry;
    entry.name           = name;
    entry.line           = table.line();
    entry.offset         = table.number("offset");
    entry.group          = table.string("group");
    entry.text           = table.string_or("text", "");
    entry.ethtool        = table.string_or("ethtool", "");
    entry.pair           = table.string_or("pair", "");
    entry.stage          = table.number("stage");
    entry.status         = static_cast<Status>(table.choice("status", status_names));
    entry.kind           = table.has("kind") ? static_cast<Kind>(table.choice("kind", kind_names)) : Kind::plain;
    entry.survives_reset = table.flag("survives_reset");
    entry.unnamed_rw     = table.has("unnamed") && table.choice("unnamed", unnamed_names) == 0;
    entry.reset          = table.optional_number("reset");
    entry.engine_count   = table.optional_number("engine_count");
    if (table.has("array")) {
        const TableReader array = table.table("array", fmt::format("register {}: array", name));
        array.only({"count", "stride"});
        entry.is_array = true;
        entry.count    = array.number("count");
        entry.stride   = array.number("stride");
    }
    if (table.has("bits") && !table.has("access"))
        table.reject("bits", "\"bits\" of a whole register need \"access\" beside them");
    if (table.has("access")) {
        FieldEntry number;
        number.bits   = table.has("bits") ? bits_of(table) : reg::Field{0, 32};
        number.access = access_of(table);
        number.text   = entry.text;
        number.line   = entry.line;
        entry.number  = std::move(number);
    }
    entry.fields = fields_of(table);
    if (table.has("like")) {
        for (FieldEntry& field : fields_like(table, before)) entry.fields.push_back(std::move(field));
        sort_by_bit(entry.fields);
    }
    return entry;
}

/// Calls `each` with every table of the array of tables `key`.
template <typename Each>
void for_each_table(const TableReader& root, std::string_view key, Each each)
{
    if (!root.has(key)) return;
    const toml::array* array = root.raw()[key].as_array();
    if (array == nullptr) root.reject(key, fmt::format("\"{}\" must be written [[{}]]", key, key));
    for (const toml::node& node : *array) {
        if (!node.is_table()) root.reject(key, fmt::format("\"{}\" must be written [[{}]]", key, key));
        each(*node.as_table());
    }
}

toml::table parse_toml(std::string_view text, const std::string& file)
{
    try {
        return toml::parse(text, std::string_view{file});
    } catch (const toml::parse_error& error) {
        fail(file, error.source().begin.line, "TOML", error.description());
    }
}

}  // namespace

std::string_view name_of(Access access) noexcept
{
    return access_names[static_cast<std::size_t>(access)];
}
std::string_view name_of(Status status) noexcept
{
    return status_names[static_cast<std::size_t>(status)];
}

RegisterMap parse(std::string_view text, std::string file)
{
    const toml::table document = parse_toml(text, file);
    const TableReader root{document, file, "map"};
    root.only({"map", "group", "register", "alias"});
    const TableReader head = root.table("map", "map");
    head.only({"device", "space"});

    RegisterMap map;
    map.device = head.string("device");
    map.space  = head.number("space");
    for_each_table(root, "group", [&](const toml::table& raw) {
        const TableReader table{raw, file, "group"};
        table.only({"id", "title"});
        map.groups.push_back({table.string("id"), table.string("title"), table.line()});
    });
    for_each_table(root, "register",
                   [&](const toml::table& raw) { map.registers.push_back(register_of(raw, file, map.registers)); });
    for_each_table(root, "alias", [&](const toml::table& raw) {
        const TableReader table{raw, file, "alias"};
        table.only({"offset", "register", "dwords"});
        map.aliases.push_back({table.number("offset"), 0, table.string("register"),
                               table.optional_number("dwords").value_or(1), table.line()});
    });
    map.file = std::move(file);
    return map;
}

}  // namespace overrun::register_map
