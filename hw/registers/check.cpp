// SPDX-License-Identifier: Apache-2.0
// Checks what one line of a register map alone cannot show: overlaps, alignment, resets, unique names, pairs, aliases.
// The first thing that is wrong ends the run.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "hw/registers/register_map.hpp"
#include "hw/registers/table_reader.hpp"

namespace overrun::register_map {
namespace {

using reg::Kind;
using reg::Status;

constexpr unsigned last_stage = 8;

class Checker {
public:
    explicit Checker(RegisterMap& map) : map_{map} {}

    void run()
    {
        check_groups();
        for (const RegisterEntry& entry : map_.registers) {
            check_place(entry);
            check_names(entry);
            check_shape(entry);
            check_fields(entry);
            check_reset(entry);
        }
        for (std::size_t i = 0; i < map_.registers.size(); ++i) check_pair(i);
        for (AliasEntry& alias : map_.aliases) check_alias(alias);
    }

private:
    [[noreturn]] void reject(const RegisterEntry& entry, std::string_view message) const
    {
        fail(map_.file, entry.line, "register " + entry.name, message);
    }
    [[noreturn]] void reject(const RegisterEntry& entry, const FieldEntry& field, std::string_view message) const
    {
        fail(map_.file, field.line, fmt::format("register {}: field {}", entry.name, field.name), message);
    }

    /// Upper case, digits and underscores, as the datasheet and C++ both take it.
    [[nodiscard]] static bool is_identifier(std::string_view name)
    {
        const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
        return !name.empty() && upper(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
            return upper(c) || (c >= '0' && c <= '9') || c == '_';
        });
    }

    [[nodiscard]] static bool is_sentence(std::string_view text) { return text.size() > 1 && text.back() == '.'; }

    void check_groups() const
    {
        std::set<std::string_view> ids;
        for (const GroupEntry& group : map_.groups)
            if (!ids.insert(group.id).second) fail(map_.file, group.line, "group " + group.id, "the id is used twice");
    }

    void check_names(const RegisterEntry& entry)
    {
        if (!is_identifier(entry.name)) reject(entry, "the name must be upper case letters, digits and underscores");
        if (!is_sentence(entry.text)) reject(entry, "the text is missing or is no sentence that ends with a full stop");
        std::vector<std::string> names{entry.name};
        for (std::uint32_t i = 0; entry.is_array && i < entry.count; ++i) names.push_back(entry.element_name(i));
        for (const std::string& name : names)
            if (const auto [other, fresh] = names_.emplace(name, entry.line); !fresh)
                reject(entry, fmt::format("the name {} is used in line {} already", name, other->second));
        if (!entry.ethtool.empty() && !ethtool_.insert(entry.ethtool).second)
            reject(entry, fmt::format("ethtool name \"{}\" belongs to another counter already", entry.ethtool));
        if (std::none_of(map_.groups.begin(), map_.groups.end(), [&](const auto& g) { return g.id == entry.group; })) {
            std::vector<std::string> ids;
            for (const GroupEntry& group : map_.groups) ids.push_back(group.id);
            reject(entry, fmt::format("group \"{}\" is unknown; allowed: {}", entry.group, fmt::join(ids, ", ")));
        }
        if (entry.stage > last_stage) reject(entry, fmt::format("stage {}; allowed: 0 to {}", entry.stage, last_stage));
    }

    void check_place(const RegisterEntry& entry)
    {
        if (entry.count == 0) reject(entry, "count 0; allowed: 1 and more");
        if (entry.stride == 0 || entry.stride % 4 != 0)
            reject(entry, fmt::format("stride {}; allowed: multiples of 4 above 0", entry.stride));
        if (entry.engine_count && (entry.status != Status::engine || *entry.engine_count >= entry.count))
            reject(entry, fmt::format("engine_count {}; allowed: fewer than count, with status \"engine\"",
                                      *entry.engine_count));
        for (std::uint64_t i = 0; i < entry.count; ++i) take(entry, entry.offset + i * entry.stride, i);
    }

    void take(const RegisterEntry& entry, std::uint64_t offset, std::uint64_t element)
    {
        if (offset % 4 != 0) reject(entry, fmt::format("offset 0x{:04X} is not a multiple of 4", offset));
        if (offset >= map_.space)
            reject(entry, fmt::format("offset 0x{:04X} is beyond the register space of 0x{:X}", offset, map_.space));
        const std::string name = entry.element_name(static_cast<std::uint32_t>(element));
        if (const auto [other, fresh] = places_.emplace(offset, name); !fresh)
            reject(entry, fmt::format("{} at 0x{:04X} overlaps {}", name, offset, other->second));
    }

    void check_shape(const RegisterEntry& entry) const
    {
        const bool described = entry.number || !entry.fields.empty() || entry.unnamed_rw;
        if (entry.status == Status::absent && (described || entry.reset || entry.kind != Kind::plain))
            reject(entry, "an absent register has no fields, no access, no reset and no kind");
        if (entry.kind != Kind::plain && (described || entry.reset || entry.is_array))
            reject(entry, "a counter has no fields, no access, no reset and no array");
        if (entry.kind == Kind::plain && entry.status != Status::absent && !described)
            reject(entry, "neither fields nor \"access\" are given");
        if (entry.number && (!entry.fields.empty() || entry.unnamed_rw))
            reject(entry, "\"access\" of the whole register stands beside fields; only one is allowed");
        if (entry.kind == Kind::plain && !entry.ethtool.empty()) reject(entry, "only a counter has an ethtool name");
    }

    void check_fields(const RegisterEntry& entry) const
    {
        std::set<std::string_view> names;
        const FieldEntry*          below = nullptr;
        for (const FieldEntry& field : entry.fields) {
            if (!is_identifier(field.name))
                reject(entry, field, "the name must be upper case letters, digits and underscores");
            if (!is_sentence(field.text))
                reject(entry, field, "the text is missing or is no sentence that ends with a full stop");
            if (!names.insert(field.name).second) reject(entry, field, "the name is used twice in this register");
            if (below != nullptr && (below->bits.mask() & field.bits.mask()) != 0)
                reject(entry, field, fmt::format("bits overlap field {}", below->name));
            below = &field;
        }
    }

    void check_reset(const RegisterEntry& entry) const
    {
        for (const FieldEntry& field : entry.fields) {
            if (!field.reset) continue;
            if (field.bits.get(field.bits.set(0, *field.reset)) != *field.reset)
                reject(entry, field,
                       fmt::format("reset 0x{:X} does not fit; allowed: 0 to 0x{:X}", *field.reset,
                                   field.bits.get(~std::uint32_t{0})));
            if (entry.reset && field.bits.get(*entry.reset) != *field.reset)
                reject(entry, field,
                       fmt::format("reset 0x{:X} is not what the register's reset 0x{:08X} says", *field.reset,
                                   *entry.reset));
        }
        const std::uint32_t reset    = reset_of(entry);
        const std::uint32_t readable = masks_of(entry).readable;
        if ((reset & ~readable) != 0)
            reject(entry, fmt::format("reset 0x{:08X} sets bits that can never read 1; allowed: within 0x{:08X}", reset,
                                      readable));
    }

    void check_pair(std::size_t index) const
    {
        const RegisterEntry& entry = map_.registers[index];
        const bool           half  = entry.kind == Kind::counter_low || entry.kind == Kind::counter_high;
        if (half == entry.pair.empty())
            reject(entry, "\"pair\" and kind \"counter_low\" or \"counter_high\" need each other");
        if (!half) return;
        if (!is_identifier(entry.pair)) reject(entry, fmt::format("pair \"{}\" is no identifier", entry.pair));
        if (names_.contains(entry.pair))
            reject(entry, fmt::format("pair {} is the name of a register already", entry.pair));
        const bool          low   = entry.kind == Kind::counter_low;
        const std::uint32_t other = low ? entry.offset + 4 : entry.offset - 4;
        const Kind          kind  = low ? Kind::counter_high : Kind::counter_low;
        if (std::none_of(map_.registers.begin(), map_.registers.end(), [&](const RegisterEntry& r) {
                return r.pair == entry.pair && r.kind == kind && r.offset == other;
            }))
            reject(entry, fmt::format("pair {} has no {} half at 0x{:04X}", entry.pair, low ? "high" : "low", other));
        if (std::count_if(map_.registers.begin(), map_.registers.end(),
                          [&](const RegisterEntry& r) { return r.pair == entry.pair; }) != 2)
            reject(entry, fmt::format("pair {} has more than two halves", entry.pair));
        if (!low && !entry.ethtool.empty()) reject(entry, "the ethtool name of a pair belongs to its low half");
    }

    void check_alias(AliasEntry& alias)
    {
        const std::string what = fmt::format("alias 0x{:04X}", alias.offset);
        const auto        target =
            std::find_if(places_.begin(), places_.end(), [&](const auto& place) { return place.second == alias.name; });
        if (target == places_.end()) {
            std::vector<std::string> names;
            for (const auto& [offset, name] : places_) names.push_back(name);
            fail(map_.file, alias.line, what,
                 fmt::format("register \"{}\" is unknown; nearest: {}", alias.name, nearest(alias.name, names)));
        }
        alias.target = static_cast<std::uint32_t>(target->first);
        if (alias.offset % 4 != 0) fail(map_.file, alias.line, what, "the offset is not a multiple of 4");
        if (alias.dwords == 0) fail(map_.file, alias.line, what, "dwords 0; allowed: 1 and more");
        for (std::uint64_t i = 0; i < alias.dwords; ++i) {
            const std::uint64_t from = alias.offset + 4 * i;
            const std::uint64_t to   = alias.target + 4 * i;
            if (from >= map_.space) fail(map_.file, alias.line, what, "reaches beyond the register space");
            if (const auto place = places_.find(from); place != places_.end())
                fail(map_.file, alias.line, what, fmt::format("0x{:04X} overlaps {}", from, place->second));
            if (!places_.contains(to))
                fail(map_.file, alias.line, what, fmt::format("0x{:04X} points at no register (0x{:04X})", from, to));
            if (!alias_places_.insert(from).second)
                fail(map_.file, alias.line, what, fmt::format("0x{:04X} overlaps another alias", from));
        }
    }

    RegisterMap&                         map_;
    std::map<std::string, unsigned>      names_;   // with the line where each is used
    std::map<std::uint64_t, std::string> places_;  // element at each offset
    std::set<std::uint64_t>              alias_places_;
    std::set<std::string_view>           ethtool_;
};

}  // namespace

RegisterMap check(RegisterMap map)
{
    if (map.space == 0 || map.space % 4 != 0)
        fail(map.file, 1, "map", fmt::format("space 0x{:X}; allowed: multiples of 4 above 0", map.space));
    Checker{map}.run();

    const auto rank = [&](const RegisterEntry& entry) {
        return std::find_if(map.groups.begin(), map.groups.end(), [&](const auto& g) { return g.id == entry.group; });
    };
    std::stable_sort(map.registers.begin(), map.registers.end(), [&](const auto& a, const auto& b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.offset < b.offset;
    });
    std::sort(map.aliases.begin(), map.aliases.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    return map;
}

}  // namespace overrun::register_map
