// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/name_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/value_errors.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun::scenario {

std::string checked_name(const Node& node, const KeyFacts& facts, Names names)
{
    const auto is_in = [&node](Names list) { return std::find(list.begin(), list.end(), node.text) != list.end(); };
    if (node.kind != Node::Kind::text) fail_type(node, "a name", allowed_names(names));
    if (is_in(names)) return node.text;
    if (is_in(facts.later))
        throw InputError(fmt::format("{} is not built in yet; allowed: {}", shown(node), allowed_names(names)));
    fail_range(node, allowed_names(names) + did_you_mean(node.text, names));
}

std::string allowed_names(Names names)
{
    return names.size() > longest_name_list ? fmt::format("{} names, listed by overrun schema", names.size())
                                            : list_of(names);
}

SchemaJson names_schema(Names names)
{
    return {{"type", "string"}, {"enum", std::vector<std::string>{names.begin(), names.end()}}};
}

}  // namespace overrun::scenario
