// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/quantity_types.hpp"

#include <fmt/format.h>

#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/integer_range.hpp"
#include "testbench/scenario/value_errors.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun::scenario {

namespace {

[[nodiscard]] std::vector<std::string_view> unit_names(QuantityKind kind)
{
    std::vector<std::string_view> names;
    for (const QuantityUnit& unit : units_of(kind)) names.push_back(unit.name);
    return names;
}

}  // namespace

std::int64_t checked_quantity(QuantityKind kind, const Node& node, const KeyFacts& facts)
{
    if (node.kind == Node::Kind::integer || node.kind == Node::Kind::number)
        throw InputError(fmt::format("{} has no unit; {}", shown(node), wanted(kind)));
    if (node.kind != Node::Kind::text) throw InputError(fmt::format("{}; {}", described(node), wanted(kind)));
    const std::int64_t value = parse_quantity(kind, node.text);
    if (!in_range(value, facts)) fail_range(node, quantity_range(kind, facts));
    return value / facts.scale;
}

std::string quantity_units(QuantityKind kind)
{
    return list_of(unit_names(kind));
}

std::string quantity_range(QuantityKind kind, const KeyFacts& facts)
{
    return range_text(facts, [kind](std::int64_t value) { return format_quantity(kind, value); });
}

SchemaJson quantity_schema(QuantityKind kind)
{
    return {{"type", "string"},
            {"pattern", fmt::format("^[0-9]+(\\.[0-9]+)? ?({})$", fmt::join(unit_names(kind), "|"))}};
}

}  // namespace overrun::scenario
