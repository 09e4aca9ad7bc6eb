// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/frames_type.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/value_errors.hpp"

namespace overrun::scenario {

FrameChoice Frames::parse(const Node& node, const KeyFacts& facts)
{
    FrameChoice choice;
    if (node.kind == Node::Kind::integer || node.kind == Node::Kind::number) {
        choice.probability = node.kind == Node::Kind::integer ? static_cast<double>(node.integer) : node.number;
        if (!(choice.probability >= 0 && choice.probability <= 1)) fail_range(node, allowed(facts));
        return choice;
    }
    if (node.kind != Node::Kind::list) fail_type(node, "a number or a list", allowed(facts));
    if (node.items.empty()) throw InputError("an empty list; at least one frame number is wanted");
    for (const Node& item : node.items) {
        if (item.kind != Node::Kind::integer) fail_type(item, "a frame number", allowed(facts));
        if (item.integer < 1 || item.integer > facts.most)
            throw InputError(fmt::format("{} is no frame number; allowed: 1 to {}", shown(item), facts.most));
        choice.frames.push_back(static_cast<std::uint64_t>(item.integer));
    }
    std::sort(choice.frames.begin(), choice.frames.end());
    const auto twice = std::adjacent_find(choice.frames.begin(), choice.frames.end());
    if (twice != choice.frames.end())
        throw InputError(fmt::format("frame {} stands in the list twice; allowed: once", *twice));
    return choice;
}

std::string Frames::allowed(const KeyFacts&)
{
    return "a probability from 0 to 1, or a list of frame numbers from 1";
}

SchemaJson Frames::schema(const KeyFacts& facts)
{
    const SchemaJson chance{{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
    const SchemaJson number{{"type", "integer"}, {"minimum", 1}, {"maximum", facts.most}};
    const SchemaJson list{{"type", "array"}, {"minItems", 1}, {"items", number}};
    return {{"anyOf", SchemaJson::array({chance, list})}};
}

}  // namespace overrun::scenario
