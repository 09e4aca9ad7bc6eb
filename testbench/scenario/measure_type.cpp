// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/measure_type.hpp"

#include "hw/base/time.hpp"
#include "testbench/scenario/integer_range.hpp"
#include "testbench/scenario/quantity_types.hpp"
#include "testbench/scenario/value_errors.hpp"

namespace overrun::scenario {

double Measure::parse(const Node& node, const KeyFacts& facts)
{
    if (node.kind == Node::Kind::integer) {
        if (!in_range(node.integer, facts)) fail_range(node, allowed(facts));
        return static_cast<double>(node.integer);
    }
    if (node.kind != Node::Kind::text) fail_type(node, "a whole number or a time", allowed(facts));
    const std::int64_t picoseconds = parse_quantity(QuantityKind::time, node.text);
    return static_cast<double>(picoseconds) / static_cast<double>(nanosecond);
}

std::string Measure::allowed(const KeyFacts& facts)
{
    return range_text(facts) + "; with latency a time";
}

SchemaJson Measure::schema(const KeyFacts& facts)
{
    return {{"anyOf", SchemaJson::array({integer_schema(facts), quantity_schema(QuantityKind::time)})}};
}

}  // namespace overrun::scenario
