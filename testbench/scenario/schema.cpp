// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "testbench/scenario/key_binding.hpp"
#include "testbench/scenario/key_table.hpp"
#include "testbench/scenario/measure_type.hpp"
#include "testbench/scenario/name_types.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun::scenario {

namespace {

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

// Its names do not fit a line.
[[nodiscard]] bool has_long_list(const ScenarioKey& key)
{
    return key.type->names != nullptr && key.type->names().size() > longest_name_list;
}

[[nodiscard]] SchemaJson default_value(const ScenarioKey& key)
{
    const std::string text = key.default_text(key.facts);
    return key.type->bare ? SchemaJson::parse(text) : SchemaJson(text);
}

[[nodiscard]] SchemaJson key_schema(const ScenarioKey& key)
{
    SchemaJson  schema = key.type->schema(key.facts);
    std::string description{key.text};
    // A pattern cannot say a quantity's range.
    if (key.type->quantity)
        description += fmt::format(" Allowed: {}.", key.allowed());
    else if (!key.type->unit(key.facts).empty())
        description += fmt::format(" Unit: {}.", key.type->unit(key.facts));
    schema["description"] = description;
    if (has_default(key)) schema["default"] = default_value(key);
    return schema;
}

[[nodiscard]] SchemaJson empty_table()
{
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", SchemaJson::object()}};
}

// The schema of the table at a path, made when it is not there yet.
[[nodiscard]] SchemaJson& table_at(SchemaJson& root, std::string_view path)
{
    SchemaJson* at = &root;
    while (!path.empty()) {
        const auto             dot  = path.find('.');
        const std::string_view part = path.substr(0, dot);
        path                        = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
        const bool        list      = part.ends_with("[]");
        const std::string name{list ? part.substr(0, part.size() - 2) : part};
        SchemaJson&       properties = (*at)["properties"];
        if (!properties.contains(name))
            properties[name] = list ? SchemaJson{{"type", "array"}, {"items", empty_table()}} : empty_table();
        at = list ? &properties[name]["items"] : &properties[name];
    }
    return *at;
}

// What one kind of traffic refuses and needs.
[[nodiscard]] SchemaJson rules_of(TrafficKind kind)
{
    SchemaJson rules{{"properties", SchemaJson::object()}};
    for (const ScenarioKey& key : scenario_keys()) {
        if (key.belongs_to(kind)) continue;
        const std::string_view name                                      = key.path.substr(key.path.find('.') + 1);
        rules["properties"][std::string{name.substr(0, name.find('.'))}] = false;
    }
    if (kind == TrafficKind::poisson)
        for (const char* name : {"rate", "load"})
            rules["anyOf"].push_back(SchemaJson{{"required", SchemaJson::array({name})}});
    if (kind == TrafficKind::burst) rules["required"] = SchemaJson::array({"burst", "gap"});
    if (kind == TrafficKind::pcap) rules["required"] = SchemaJson::array({"file"});
    return rules;
}

// Kind after kind; what is none of the others, or names none, is fixed.
void add_traffic_rules(SchemaJson& table)
{
    SchemaJson chain = rules_of(TrafficKind::fixed);
    for (const TrafficKind kind : {TrafficKind::poisson, TrafficKind::burst, TrafficKind::pcap}) {
        SchemaJson condition{{"properties", {{"kind", {{"const", traffic_kind_names[kind]}}}}},
                             {"required", SchemaJson::array({"kind"})}};
        chain = SchemaJson{{"if", condition}, {"then", rules_of(kind)}, {"else", chain}};
    }
    table.update(chain);
    for (const auto& pair : {SchemaJson::array({"rate", "load"}), SchemaJson::array({"rate", "bit_rate"})})
        table["not"]["anyOf"].push_back(SchemaJson{{"required", pair}});
}

void add_expect_rules(SchemaJson& table)
{
    const auto required = [](std::string_view name) { return SchemaJson{{"required", SchemaJson::array({name})}}; };
    for (const ScenarioKey& key : scenario_keys()) {
        if (table_of(key) != "expect[]") continue;
        const std::string_view name = key.path.substr(key.path.rfind('.') + 1);
        if (key.type->names != nullptr) table["oneOf"].push_back(required(name));
        if (key.type == &key_type<Measure> && name != "within") table["anyOf"].push_back(required(name));
    }
    table["dependentRequired"]["within"] = SchemaJson::array({"equals"});
}

}  // namespace

}  // namespace overrun::scenario

namespace overrun {

using namespace scenario;

std::string scenario_key_table()
{
    std::size_t width = 0;
    for (const ScenarioKey& key : scenario_keys()) width = std::max(width, key.path.size());
    std::string out;
    for (const ScenarioKey& key : scenario_keys()) {
        const std::string unit = key.type->unit(key.facts);
        out += fmt::format("{:<{}}  {}{}; {}; default {}\n", key.path, width, key.type->noun,
                           unit.empty() ? "" : fmt::format(" in {}", unit), key.type->listed(key.facts),
                           key.default_text(key.facts));
        out += fmt::format("{:<{}}  {}\n", "", width, key.text);
    }
    for (const ScenarioKey& key : scenario_keys())
        if (has_long_list(key)) out += fmt::format("\nnames of {}: {}\n", key.path, list_of(key.type->names()));
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
        const std::string written = key.default_text(key.facts);
        out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.path, key.type->noun, key.type->unit(key.facts),
                           has_default(key) ? fmt::format("`{}`", written) : written, key.type->listed(key.facts),
                           key.text);
    }
    out += "\n### Names\n";
    for (const ScenarioKey& key : scenario_keys())
        if (has_long_list(key)) out += fmt::format("\n`{}`: {}.\n", key.path, list_of(key.type->names()));
    return out + "\n";
}

std::string scenario_json_schema()
{
    SchemaJson root{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Overrun scenario"}};
    root.update(empty_table());
    for (const ScenarioKey& key : scenario_keys()) {
        SchemaJson&       table = table_at(root, table_of(key));
        const std::string name{key.path.substr(key.path.rfind('.') + 1)};
        table["properties"][name] = key_schema(key);
        if (key.facts.required) table["required"].push_back(name);
    }
    root["required"]                          = SchemaJson::array({"traffic"});
    root["properties"]["traffic"]["minItems"] = 1;
    add_traffic_rules(table_at(root, "traffic[]"));
    table_at(root, "driver")["not"]["required"] = SchemaJson::array({"itr", "rx_usecs"});
    add_expect_rules(table_at(root, "expect[]"));
    return root.dump(2) + "\n";
}

}  // namespace overrun
