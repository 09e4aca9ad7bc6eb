// SPDX-License-Identifier: Apache-2.0
// Prints the key table as text, as Markdown and as JSON Schema.
// Never knows a key by name, apart from the tables whose keys depend on each other.
#include "testbench/scenario/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "hw/platform/platform_profile.hpp"
#include "testbench/scenario/key_table.hpp"
#include "testbench/scenario/key_text.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun {

namespace {

using Json = nlohmann::ordered_json;

// "traffic[]" of "traffic[].length"; nothing for a key at the top.
[[nodiscard]] std::string_view table_of(const ScenarioKey& key)
{
    const auto dot = key.path.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : key.path.substr(0, dot);
}

// "[wire]", "[[traffic]]", "[traffic.errors]", as a scenario writes it.
[[nodiscard]] std::string heading_of(std::string_view table)
{
    if (table.ends_with("[]")) return fmt::format("[[{}]]", table.substr(0, table.size() - 2));
    if (const auto list = table.find("[]"); list != std::string_view::npos)
        return fmt::format("[{}{}]", table.substr(0, list), table.substr(list + 2));
    return table.empty() ? "At the top" : fmt::format("[{}]", table);
}

// A default that a scenario could write, not a word about one.
[[nodiscard]] bool has_default(const ScenarioKey& key)
{
    return !key.facts.required && key.facts.absent.empty();
}

[[nodiscard]] std::string profiles_text()
{
    return fmt::format("{}, or a file", fmt::join(builtin_platform_profiles(), ", "));
}

[[nodiscard]] std::string allowed_in_table(const ScenarioKey& key)
{
    return key.type == KeyType::profile ? profiles_text() : allowed_text(key);
}

constexpr std::string_view address_pattern   = "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$";
constexpr std::string_view station_pattern   = "^(auto|[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5})$";
constexpr std::string_view multicast_pattern = "^[0-9A-Fa-f][13579BDFbdf](:[0-9A-Fa-f]{2}){5}$";

[[nodiscard]] std::string pattern_of(QuantityKind kind)
{
    std::vector<std::string_view> names;
    for (const QuantityUnit& unit : units_of(kind)) names.push_back(unit.name);
    return fmt::format("^[0-9]+(\\.[0-9]+)? ?({})$", fmt::join(names, "|"));
}

[[nodiscard]] Json integer_schema(const KeyFacts& facts)
{
    Json schema{{"type", "integer"}};
    if (facts.power_of_two) {
        for (std::int64_t value = facts.least; value <= facts.most; value *= 2) schema["enum"].push_back(value);
        return schema;
    }
    schema["minimum"] = facts.least;
    schema["maximum"] = facts.most;
    if (facts.step > 1) schema["multipleOf"] = facts.step;
    if (!facts.except.empty())
        schema["not"]["enum"] = std::vector<std::int64_t>{facts.except.begin(), facts.except.end()};
    return schema;
}

[[nodiscard]] Json type_schema(const ScenarioKey& key)
{
    const KeyFacts& facts = key.facts;
    if (const auto kind = quantity_of(key.type)) return {{"type", "string"}, {"pattern", pattern_of(*kind)}};
    switch (key.type) {
        case KeyType::text: return {{"type", "string"}, {"minLength", facts.least}, {"maxLength", facts.most}};
        case KeyType::name: {
            const auto names = facts.names();
            return {{"type", "string"}, {"enum", std::vector<std::string>{names.begin(), names.end()}}};
        }
        case KeyType::truth: return {{"type", "boolean"}};
        case KeyType::integer: return integer_schema(facts);
        case KeyType::number:
            return {{"type", "number"}, {"minimum", facts.least_number}, {"maximum", facts.most_number}};
        case KeyType::station: return {{"type", "string"}, {"pattern", station_pattern}};
        case KeyType::address: return {{"type", "string"}, {"pattern", address_pattern}};
        case KeyType::addresses:
            return {{"type", "array"},
                    {"maxItems", facts.most},
                    {"items", {{"type", "string"}, {"pattern", multicast_pattern}}}};
        case KeyType::integers: return {{"type", "array"}, {"items", integer_schema(facts)}};
        case KeyType::profile: {
            const Json builtin{{"enum", builtin_platform_profiles()}};
            const Json file{{"pattern", "\\.toml$|/"}};
            return {{"type", "string"}, {"anyOf", Json::array({builtin, file})}};
        }
        case KeyType::files: {
            const Json file{{"type", "string"}, {"minLength", 1}};
            const Json list{{"type", "array"}, {"minItems", 1}, {"items", file}};
            return {{"anyOf", Json::array({file, list})}};
        }
        case KeyType::frames: {
            const Json chance{{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
            const Json number{{"type", "integer"}, {"minimum", 1}, {"maximum", facts.most}};
            const Json list{{"type", "array"}, {"minItems", 1}, {"items", number}};
            return {{"anyOf", Json::array({chance, list})}};
        }
        case KeyType::measure: {
            const Json time{{"type", "string"}, {"pattern", pattern_of(QuantityKind::time)}};
            return {{"anyOf", Json::array({integer_schema(facts), time})}};
        }
        default: return Json::object();
    }
}

[[nodiscard]] Json default_value(const ScenarioKey& key)
{
    const std::string text = key.default_text(key);
    switch (key.type) {
        case KeyType::truth:
        case KeyType::integer:
        case KeyType::number:
        case KeyType::addresses: return Json::parse(text);
        default: return text;
    }
}

[[nodiscard]] Json key_schema(const ScenarioKey& key)
{
    Json        schema = type_schema(key);
    std::string description{key.text};
    // A pattern cannot say a quantity's range.
    if (quantity_of(key.type))
        description += fmt::format(" Allowed: {}.", allowed_text(key));
    else if (!unit_text(key).empty())
        description += fmt::format(" Unit: {}.", unit_text(key));
    schema["description"] = description;
    if (has_default(key)) schema["default"] = default_value(key);
    return schema;
}

[[nodiscard]] Json empty_table()
{
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
}

// The schema of the table at a path, made when it is not there yet.
[[nodiscard]] Json& table_at(Json& root, std::string_view path)
{
    Json* at = &root;
    while (!path.empty()) {
        const auto             dot  = path.find('.');
        const std::string_view part = path.substr(0, dot);
        path                        = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
        const bool        list      = part.ends_with("[]");
        const std::string name{list ? part.substr(0, part.size() - 2) : part};
        Json&             properties = (*at)["properties"];
        if (!properties.contains(name))
            properties[name] = list ? Json{{"type", "array"}, {"items", empty_table()}} : empty_table();
        at = list ? &properties[name]["items"] : &properties[name];
    }
    return *at;
}

// What one kind of traffic refuses and needs.
[[nodiscard]] Json rules_of(TrafficKind kind)
{
    Json rules{{"properties", Json::object()}};
    for (const ScenarioKey& key : scenario_keys()) {
        if (key.belongs_to(kind)) continue;
        const std::string_view name                                      = key.path.substr(key.path.find('.') + 1);
        rules["properties"][std::string{name.substr(0, name.find('.'))}] = false;
    }
    if (kind == TrafficKind::poisson)
        for (const char* name : {"rate", "load"}) rules["anyOf"].push_back(Json{{"required", Json::array({name})}});
    if (kind == TrafficKind::burst) rules["required"] = Json::array({"burst", "gap"});
    if (kind == TrafficKind::pcap) rules["required"] = Json::array({"file"});
    return rules;
}

// Kind after kind; what is none of the others, or names none, is fixed.
void add_traffic_rules(Json& table)
{
    Json chain = rules_of(TrafficKind::fixed);
    for (const TrafficKind kind : {TrafficKind::poisson, TrafficKind::burst, TrafficKind::pcap}) {
        Json condition{{"properties", {{"kind", {{"const", traffic_kind_names[kind]}}}}},
                       {"required", Json::array({"kind"})}};
        chain = Json{{"if", condition}, {"then", rules_of(kind)}, {"else", chain}};
    }
    table.update(chain);
    for (const auto& pair : {Json::array({"rate", "load"}), Json::array({"rate", "bit_rate"})})
        table["not"]["anyOf"].push_back(Json{{"required", pair}});
}

void add_expect_rules(Json& table)
{
    const auto required = [](std::string_view name) { return Json{{"required", Json::array({name})}}; };
    for (const ScenarioKey& key : scenario_keys()) {
        if (table_of(key) != "expect[]") continue;
        const std::string_view name = key.path.substr(key.path.rfind('.') + 1);
        if (key.type == KeyType::name) table["oneOf"].push_back(required(name));
        if (key.type == KeyType::measure && name != "within") table["anyOf"].push_back(required(name));
    }
    table["dependentRequired"]["within"] = Json::array({"equals"});
}

}  // namespace

std::string scenario_key_table()
{
    std::size_t width = 0;
    for (const ScenarioKey& key : scenario_keys()) width = std::max(width, key.path.size());
    std::string out;
    for (const ScenarioKey& key : scenario_keys()) {
        const std::string unit = unit_text(key);
        out +=
            fmt::format("{:<{}}  {}{}; {}; default {}\n", key.path, width, type_text(key),
                        unit.empty() ? "" : fmt::format(" in {}", unit), allowed_in_table(key), key.default_text(key));
        out += fmt::format("{:<{}}  {}\n", "", width, key.text);
    }
    for (const ScenarioKey& key : scenario_keys())
        if (has_long_list(key)) out += fmt::format("\nnames of {}: {}\n", key.path, list_of(key.facts.names()));
    return out;
}

std::string scenario_key_markdown()
{
    std::string      out;
    std::string_view table = "none yet";
    for (const ScenarioKey& key : scenario_keys()) {
        if (table_of(key) != table) {
            table = table_of(key);
            out += fmt::format(
                "\n### {}\n\n| key | type | unit | default | allowed | meaning |\n|---|---|---|---|---|---|\n",
                table.empty() ? heading_of(table) : fmt::format("`{}`", heading_of(table)));
        }
        const std::string written = key.default_text(key);
        out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.path, type_text(key), unit_text(key),
                           has_default(key) ? fmt::format("`{}`", written) : written, allowed_in_table(key), key.text);
    }
    out += "\n### Names\n";
    for (const ScenarioKey& key : scenario_keys())
        if (has_long_list(key)) out += fmt::format("\n`{}`: {}.\n", key.path, list_of(key.facts.names()));
    return out + "\n";
}

std::string scenario_json_schema()
{
    Json root{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Overrun scenario"}};
    root.update(empty_table());
    for (const ScenarioKey& key : scenario_keys()) {
        Json&             table = table_at(root, table_of(key));
        const std::string name{key.path.substr(key.path.rfind('.') + 1)};
        table["properties"][name] = key_schema(key);
        if (key.facts.required) table["required"].push_back(name);
    }
    root["required"]                          = Json::array({"traffic"});
    root["properties"]["traffic"]["minItems"] = 1;
    add_traffic_rules(table_at(root, "traffic[]"));
    table_at(root, "driver")["not"]["required"] = Json::array({"itr", "rx_usecs"});
    add_expect_rules(table_at(root, "expect[]"));
    return root.dump(2) + "\n";
}

}  // namespace overrun
