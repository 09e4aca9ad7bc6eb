// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/value_errors.hpp"

#include <fmt/format.h>

#include "hw/base/input_error.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun::scenario {

std::string shown(const Node& node)
{
    switch (node.kind) {
        case Node::Kind::table: return "a table";
        case Node::Kind::list: return "a list";
        case Node::Kind::text: return in_quotes(node.text);
        case Node::Kind::integer: return fmt::format("{}", node.integer);
        case Node::Kind::number: return fmt::format("{}", node.number);
        case Node::Kind::boolean: return node.boolean ? "true" : "false";
        case Node::Kind::date: return "a date or a time of day";
    }
    return "";
}

std::string described(const Node& node)
{
    switch (node.kind) {
        case Node::Kind::table:
        case Node::Kind::list:
        case Node::Kind::date: return fmt::format("is {}", shown(node));
        case Node::Kind::text: return fmt::format("{} is a text", shown(node));
        case Node::Kind::integer: return fmt::format("{} is an integer", shown(node));
        case Node::Kind::number: return fmt::format("{} is a number with a fraction", shown(node));
        case Node::Kind::boolean: return fmt::format("{} is a truth value", shown(node));
    }
    return "";
}

void fail_type(const Node& node, std::string_view wanted, const std::string& allowed)
{
    throw InputError(
        fmt::format("{}; {} is wanted{}{}", described(node), wanted, allowed.empty() ? "" : ": ", allowed));
}

void fail_range(const Node& node, const std::string& allowed)
{
    throw InputError(fmt::format("{} is not allowed; allowed: {}", shown(node), allowed));
}

}  // namespace overrun::scenario
