// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/text_types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hw/base/input_error.hpp"
#include "hw/platform/platform_profile.hpp"
#include "testbench/scenario/integer_range.hpp"
#include "testbench/scenario/value_errors.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun::scenario {

namespace {

// An override's plain text need not be in quotes, so `--set name=7` is the text "7".
[[nodiscard]] bool is_text(const Node& node) noexcept
{
    const bool plain = node.kind != Node::Kind::table && node.kind != Node::Kind::list;
    return node.kind == Node::Kind::text || (node.where.set && plain);
}

[[nodiscard]] std::string checked_text(const Node& node, const KeyFacts& facts, const std::string& allowed)
{
    if (!is_text(node)) fail_type(node, "a text", allowed);
    if (!in_range(static_cast<std::int64_t>(node.text.size()), facts)) fail_range(node, allowed);
    return node.text;
}

}  // namespace

bool is_profile_file(std::string_view name) noexcept
{
    return name.ends_with(".toml") || name.find('/') != std::string_view::npos;
}

std::string Text::parse(const Node& node, const KeyFacts& facts)
{
    return checked_text(node, facts, allowed(facts));
}

std::string Text::allowed(const KeyFacts& facts)
{
    return fmt::format("{} {}", range_text(facts), facts.unit);
}

SchemaJson Text::schema(const KeyFacts& facts)
{
    return {{"type", "string"}, {"minLength", facts.least}, {"maxLength", facts.most}};
}

std::string Profile::parse(const Node& node, const KeyFacts& facts)
{
    const std::string name = checked_text(node, facts, allowed(facts));
    if (is_profile_file(name)) return name;
    const std::vector<std::string>      names = builtin_platform_profiles();
    const std::vector<std::string_view> views{names.begin(), names.end()};
    if (std::find(names.begin(), names.end(), name) == names.end())
        throw InputError(fmt::format("{} is not a built-in profile; allowed: {}, or a file: its name ends in .toml{}",
                                     in_quotes(name), list_of(views), did_you_mean(name, views)));
    return name;
}

std::string Profile::allowed(const KeyFacts&)
{
    return "a built-in name, a file";
}

std::string Profile::listed(const KeyFacts&)
{
    return fmt::format("{}, or a file", fmt::join(builtin_platform_profiles(), ", "));
}

SchemaJson Profile::schema(const KeyFacts&)
{
    const SchemaJson builtin{{"enum", builtin_platform_profiles()}};
    const SchemaJson file{{"pattern", "\\.toml$|/"}};
    return {{"type", "string"}, {"anyOf", SchemaJson::array({builtin, file})}};
}

std::vector<std::string> Files::parse(const Node& node, const KeyFacts& facts)
{
    std::vector<std::string> files;
    if (node.kind == Node::Kind::list) {
        for (const Node& item : node.items) {
            if (item.kind != Node::Kind::text) fail_type(item, "a file's name", allowed(facts));
            files.push_back(item.text);
        }
    } else {
        if (!is_text(node)) fail_type(node, "a file's name", allowed(facts));
        files.push_back(node.text);
    }
    const auto bad = [](const std::string& name) { return name.empty() || name.find('\0') != std::string::npos; };
    if (files.empty()) throw InputError("an empty list; at least one file is wanted");
    if (std::any_of(files.begin(), files.end(), bad)) throw InputError("an empty name; a file's name is wanted");
    return files;
}

std::string Files::allowed(const KeyFacts&)
{
    return "at least one";
}

SchemaJson Files::schema(const KeyFacts&)
{
    const SchemaJson file{{"type", "string"}, {"minLength", 1}};
    const SchemaJson list{{"type", "array"}, {"minItems", 1}, {"items", file}};
    return {{"anyOf", SchemaJson::array({file, list})}};
}

}  // namespace overrun::scenario
