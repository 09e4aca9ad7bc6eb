// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/number_types.hpp"

#include <fmt/format.h>

#include "testbench/scenario/integer_range.hpp"
#include "testbench/scenario/value_errors.hpp"

namespace overrun::scenario {

namespace {

[[nodiscard]] std::int64_t checked(const Node& node, const KeyFacts& facts, const std::string& allowed)
{
    if (node.kind != Node::Kind::integer) fail_type(node, "an integer", allowed);
    if (!in_range(node.integer, facts)) fail_range(node, allowed);
    return node.integer;
}

// Without an exponent and without zeros at the end.
[[nodiscard]] std::string plain_number(double value)
{
    std::string out = fmt::format("{:.6f}", value);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out;
}

}  // namespace

bool Truth::parse(const Node& node, const KeyFacts& facts)
{
    if (node.kind != Node::Kind::boolean) fail_type(node, "a truth value", allowed(facts));
    return node.boolean;
}

std::string Truth::allowed(const KeyFacts&)
{
    return "true, false";
}

SchemaJson Truth::schema(const KeyFacts&)
{
    return {{"type", "boolean"}};
}

std::string Truth::written(bool value, const KeyFacts&)
{
    return value ? "true" : "false";
}

std::int64_t Integer::parse(const Node& node, const KeyFacts& facts)
{
    return checked(node, facts, allowed(facts));
}

std::string Integer::allowed(const KeyFacts& facts)
{
    return range_text(facts);
}

SchemaJson Integer::schema(const KeyFacts& facts)
{
    return integer_schema(facts);
}

std::string Integer::written(std::uint64_t value, const KeyFacts&)
{
    return fmt::format("{}", value);
}

std::vector<std::uint16_t> Integers::parse(const Node& node, const KeyFacts& facts)
{
    if (node.kind != Node::Kind::list) fail_type(node, "a list", allowed(facts));
    std::vector<std::uint16_t> numbers;
    for (const Node& item : node.items)
        numbers.push_back(static_cast<std::uint16_t>(checked(item, facts, allowed(facts))));
    return numbers;
}

std::string Integers::allowed(const KeyFacts& facts)
{
    return fmt::format("each {}", range_text(facts));
}

SchemaJson Integers::schema(const KeyFacts& facts)
{
    return {{"type", "array"}, {"items", integer_schema(facts)}};
}

double Number::parse(const Node& node, const KeyFacts& facts)
{
    if (node.kind != Node::Kind::integer && node.kind != Node::Kind::number)
        fail_type(node, "a number", allowed(facts));
    const double value = node.kind == Node::Kind::integer ? static_cast<double>(node.integer) : node.number;
    // Not a number compares false with everything.
    if (!(value >= facts.least_number && value <= facts.most_number)) fail_range(node, allowed(facts));
    return value;
}

std::string Number::allowed(const KeyFacts& facts)
{
    return fmt::format("{} to {}", plain_number(facts.least_number), plain_number(facts.most_number));
}

SchemaJson Number::schema(const KeyFacts& facts)
{
    return {{"type", "number"}, {"minimum", facts.least_number}, {"maximum", facts.most_number}};
}

std::string Number::written(double value, const KeyFacts&)
{
    return fmt::format("{}", value);
}

}  // namespace overrun::scenario
