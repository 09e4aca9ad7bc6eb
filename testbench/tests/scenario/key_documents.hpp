// SPDX-License-Identifier: Apache-2.0
// Smallest scenarios around one key, and values that the key must refuse; made from the key table for its tests.
// A new row is tested without a change here.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "testbench/scenario/address_types.hpp"
#include "testbench/scenario/frames_type.hpp"
#include "testbench/scenario/key_binding.hpp"
#include "testbench/scenario/key_table.hpp"
#include "testbench/scenario/measure_type.hpp"
#include "testbench/scenario/number_types.hpp"
#include "testbench/scenario/text_types.hpp"

namespace overrun::test {

using namespace overrun::scenario;

struct Document {
    std::string   text;
    std::string   path;  ///< of the key, as errors show it: "traffic[0].length"
    std::uint32_t line;  ///< of the key
};

template <class Type>
[[nodiscard]] bool is(const ScenarioKey& key)
{
    return key.type == &key_type<Type>;
}

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
        if (key.type->names != nullptr) before += name == "latency" ? "equals = \"1us\"\n" : "equals = 1\n";
        if (is<Measure>(key)) before += "fate = \"delivered\"\n";
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
    if (!is<Truth>(key)) out.insert(out.end(), {"true", "false"});
    if (!is<Number>(key)) out.insert(out.end(), {"1.5", "nan", "inf"});
    if (!is<Integer>(key) && !is<Number>(key) && !is<Measure>(key)) out.emplace_back("64");
    if (!is<Addresses>(key) && !is<Integers>(key) && !is<Files>(key)) out.emplace_back("[]");
    if (is<Integers>(key)) out.insert(out.end(), {"[\"1\"]", "[1.5]", "[true]", "[[]]", "[{}]"});
    if (is<Addresses>(key) || is<Files>(key)) out.insert(out.end(), {"[1]", "[[]]", "[{}]"});
    if (is<Frames>(key)) out.insert(out.end(), {"[1.5]", "[\"1\"]", "[[]]", "[true]"});
    if (is<Integer>(key) || is<Number>(key) || is<Truth>(key) || is<Addresses>(key) || is<Integers>(key) ||
        is<Frames>(key))
        out.insert(out.end(), {"\"64\"", "\"true\""});
    return out;
}

/// Quantities without a unit, or with that of another quantity; empty for a key that has no unit in its text.
[[nodiscard]] inline std::vector<std::string> wrong_units(const ScenarioKey& key)
{
    const auto kind = is<Measure>(key) ? QuantityKind::time : key.type->quantity;
    if (!kind) return {};
    std::vector<std::string> out{"\"5\"", "\"5 parsecs\"", "\"\"", "\"us\""};
    if (!is<Measure>(key)) out.emplace_back("5");
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

[[nodiscard]] inline std::string toml_text(std::string_view text)
{
    return fmt::format("\"{}\"", text);
}

/// Values of the right type that the key does not allow. Every key but a truth value has some.
[[nodiscard]] inline std::vector<std::string> out_of_range(const ScenarioKey& key)
{
    const KeyFacts&          facts = key.facts;
    std::vector<std::string> out;
    if (is<Text>(key)) {
        if (facts.least > 0) out.push_back(toml_text(""));
        out.push_back(toml_text(std::string(static_cast<std::size_t>(facts.most) + 1, 'x')));
    }
    if (key.type->names != nullptr) out = {toml_text("nonesuch"), toml_text(""), toml_text("a\\nb")};
    if (is<Integer>(key) || is<Measure>(key))
        for (const std::int64_t value : numbers_out_of_range(facts)) out.push_back(fmt::format("{}", value));
    if (is<Number>(key))
        out = {fmt::format("{}", facts.least_number / 2),
               fmt::format("{}", facts.most_number * 2),
               "-1",
               "nan",
               "inf",
               "-inf"};
    if (const auto kind = key.type->quantity)
        for (const std::int64_t value : numbers_out_of_range(facts))
            out.push_back(toml_text(fmt::format("{}{}", value, units_of(*kind)[0].name)));
    if (is<Station>(key))
        out = {toml_text("01:00:5e:00:00:01"), toml_text("ff:ff:ff:ff:ff:ff"), toml_text("automatic")};
    if (is<Address>(key)) out = {toml_text("02:00:00:00:00"), toml_text("02-00-00-00-00-01"), toml_text("")};
    if (is<Addresses>(key)) out = {"[\"02:00:00:00:00:01\"]", "[\"01:00:5e:00:00\"]"};
    if (is<Integers>(key))
        for (const std::int64_t value : numbers_out_of_range(facts)) out.push_back(fmt::format("[{}]", value));
    if (is<Profile>(key)) out = {toml_text(""), toml_text("idael")};
    if (is<Files>(key)) out = {"[]", toml_text(""), "[\"\"]"};
    if (is<Frames>(key))
        out = {"-0.01", "1.01", "-1", "2", "[0]", "[-1]", fmt::format("[{}]", facts.most + 1), "[1, 0]"};
    return out;
}

}  // namespace overrun::test
