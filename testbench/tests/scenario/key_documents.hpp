// SPDX-License-Identifier: Apache-2.0
// Smallest scenarios around one key, and values that the key must refuse; made from the key table for its tests.
// A new row is tested without a change here.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "testbench/scenario/key_table.hpp"

namespace overrun::test {

struct Document {
    std::string   text;
    std::string   path;  ///< of the key, as errors show it: "traffic[0].length"
    std::uint32_t line;  ///< of the key
};

[[nodiscard]] inline std::string_view last_part(std::string_view path)
{
    return path.substr(path.rfind('.') + 1);
}

/// A scenario that is right if `literal` is.
[[nodiscard]] inline Document document_with(const ScenarioKey& key, const std::string& literal)
{
    const std::string_view name  = last_part(key.path);
    const std::string      entry = fmt::format("{} = {}\n", name, literal);
    std::string            before;
    std::string            after;
    if (key.path.starts_with("traffic[].")) {
        before          = "[[traffic]]\n";
        const auto kind = key.facts.kinds.empty() ? TrafficKind::fixed : key.facts.kinds.front();
        if (kind != TrafficKind::fixed) before += fmt::format("kind = \"{}\"\n", traffic_kind_names[kind]);
        if (kind == TrafficKind::pcap && name != "file") before += "file = \"a.pcap\"\n";
        if (kind == TrafficKind::burst && name != "burst") before += "burst = 2\n";
        if (kind == TrafficKind::burst && name != "gap") before += "gap = \"1us\"\n";
        if (key.path.starts_with("traffic[].errors.")) before += "[traffic.errors]\n";
    } else if (key.path.starts_with("host.stall[].")) {
        before = "[[traffic]]\n[[host.stall]]\n";
        if (name != "for") before += "for = \"1ps\"\n";
    } else if (key.path.starts_with("host.fault[].")) {
        before = "[[traffic]]\n[[host.fault]]\n";
    } else if (key.path.starts_with("driver.resize[].")) {
        before = "[[traffic]]\n[[driver.resize]]\n";
        if (name != "ring") before += "ring = 64\n";
    } else if (key.path.starts_with("expect[].")) {
        before = "[[traffic]]\n[[expect]]\n";
        if (key.type == KeyType::name) before += name == "latency" ? "equals = \"1us\"\n" : "equals = 1\n";
        if (key.type == KeyType::measure) before += "fate = \"delivered\"\n";
        if (name == "within") before += "equals = 1\n";
    } else if (key.path.find('.') != std::string_view::npos) {
        before = fmt::format("[[traffic]]\n[{}]\n", key.path.substr(0, key.path.find('.')));
    } else {
        after = "[[traffic]]\n";
    }
    std::string path{key.path};
    if (const auto at = path.find("[]"); at != std::string::npos) path.insert(at + 1, "0");
    const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
    return {before + entry + after, path, line};
}

/// Values of a type that the key does not take.
[[nodiscard]] inline std::vector<std::string> wrong_types(const ScenarioKey& key)
{
    std::vector<std::string> out{"{ a = 1 }", "2024-01-01", "12:00:00"};
    if (key.type != KeyType::truth) out.insert(out.end(), {"true", "false"});
    if (key.type != KeyType::number) out.insert(out.end(), {"1.5", "nan", "inf"});
    if (key.type != KeyType::integer && key.type != KeyType::number && key.type != KeyType::measure)
        out.emplace_back("64");
    if (key.type != KeyType::addresses && key.type != KeyType::integers && key.type != KeyType::files)
        out.emplace_back("[]");
    if (key.type == KeyType::integers) out.insert(out.end(), {"[\"1\"]", "[1.5]", "[true]", "[[]]", "[{}]"});
    if (key.type == KeyType::addresses || key.type == KeyType::files) out.insert(out.end(), {"[1]", "[[]]", "[{}]"});
    if (key.type == KeyType::frames) out.insert(out.end(), {"[1.5]", "[\"1\"]", "[[]]", "[true]"});
    if (key.type == KeyType::integer || key.type == KeyType::number || key.type == KeyType::truth ||
        key.type == KeyType::addresses || key.type == KeyType::integers || key.type == KeyType::frames)
        out.insert(out.end(), {"\"64\"", "\"true\""});
    return out;
}

/// Quantities without a unit, or with that of another quantity; empty for a key that has no unit in its text.
[[nodiscard]] inline std::vector<std::string> wrong_units(const ScenarioKey& key)
{
    const auto kind = key.type == KeyType::measure ? QuantityKind::time : quantity_of(key.type);
    if (!kind) return {};
    std::vector<std::string> out{"\"5\"", "\"5 parsecs\"", "\"\"", "\"us\""};
    if (key.type != KeyType::measure) out.emplace_back("5");
    for (const QuantityKind other :
         {QuantityKind::time, QuantityKind::size, QuantityKind::rate, QuantityKind::frame_rate})
        if (other != *kind)
            for (const QuantityUnit& unit : units_of(other)) out.push_back(fmt::format("\"5{}\"", unit.name));
    return out;
}

/// Values of the right type beside the range: whole numbers in the key's base unit.
[[nodiscard]] inline std::vector<std::int64_t> numbers_out_of_range(const KeyFacts& facts)
{
    std::vector<std::int64_t> out;
    if (facts.least > std::numeric_limits<std::int64_t>::min()) out.push_back(facts.least - 1);
    if (facts.most < std::numeric_limits<std::int64_t>::max()) out.push_back(facts.most + 1);
    if (facts.step > 1) out.insert(out.end(), {facts.least + 1, facts.most - 1});
    out.insert(out.end(), facts.except.begin(), facts.except.end());
    if (facts.power_of_two) out.insert(out.end(), {facts.least + 1, facts.most - 1});
    return out;
}

[[nodiscard]] inline std::string in_quotes(std::string_view text)
{
    return fmt::format("\"{}\"", text);
}

/// Values of the right type that the key does not allow. Every key but a truth value has some.
[[nodiscard]] inline std::vector<std::string> out_of_range(const ScenarioKey& key)
{
    const KeyFacts&          facts = key.facts;
    std::vector<std::string> out;
    switch (key.type) {
        case KeyType::truth: break;
        case KeyType::text:
            if (facts.least > 0) out.push_back(in_quotes(""));
            out.push_back(in_quotes(std::string(static_cast<std::size_t>(facts.most) + 1, 'x')));
            break;
        case KeyType::name: out = {in_quotes("nonesuch"), in_quotes(""), in_quotes("a\\nb")}; break;
        case KeyType::integer:
        case KeyType::measure:
            for (const std::int64_t value : numbers_out_of_range(facts)) out.push_back(fmt::format("{}", value));
            break;
        case KeyType::number:
            out = {fmt::format("{}", facts.least_number / 2),
                   fmt::format("{}", facts.most_number * 2),
                   "-1",
                   "nan",
                   "inf",
                   "-inf"};
            break;
        case KeyType::time:
        case KeyType::size:
        case KeyType::rate:
        case KeyType::frame_rate:
            for (const std::int64_t value : numbers_out_of_range(facts))
                out.push_back(in_quotes(fmt::format("{}{}", value, units_of(*quantity_of(key.type))[0].name)));
            break;
        case KeyType::station:
            out = {in_quotes("01:00:5e:00:00:01"), in_quotes("ff:ff:ff:ff:ff:ff"), in_quotes("automatic")};
            break;
        case KeyType::address:
            out = {in_quotes("02:00:00:00:00"), in_quotes("02-00-00-00-00-01"), in_quotes("")};
            break;
        case KeyType::addresses: out = {"[\"02:00:00:00:00:01\"]", "[\"01:00:5e:00:00\"]"}; break;
        case KeyType::integers:
            for (const std::int64_t value : numbers_out_of_range(facts)) out.push_back(fmt::format("[{}]", value));
            break;
        case KeyType::profile: out = {in_quotes(""), in_quotes("idael")}; break;
        case KeyType::files: out = {"[]", in_quotes(""), "[\"\"]"}; break;
        case KeyType::frames:
            out = {"-0.01", "1.01", "-1", "2", "[0]", "[-1]", fmt::format("[{}]", facts.most + 1), "[1, 0]"};
            break;
    }
    return out;
}

}  // namespace overrun::test
