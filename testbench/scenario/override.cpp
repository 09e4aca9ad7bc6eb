// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/value_errors.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun::scenario {

namespace {

constexpr std::size_t largest_index = 1'000'000'000;

[[nodiscard]] bool is_name_character(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

[[noreturn]] void fail(std::string_view argument, std::string_view what)
{
    throw InputError(fmt::format("--set {}: {}", printable(argument), what));
}

[[nodiscard]] PathStep parse_step(std::string_view argument, std::string_view text)
{
    PathStep               step;
    const auto             bracket = text.find('[');
    const std::string_view name    = text.substr(0, bracket);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_character))
        fail(argument,
             fmt::format("{} is no key; wanted is one such as driver.ring or traffic[0].count", in_quotes(text)));
    step.name = name;
    if (bracket == std::string_view::npos) return step;
    std::string_view digits = text.substr(bracket + 1);
    const bool       closed = !digits.empty() && digits.back() == ']';
    if (closed) digits.remove_suffix(1);
    if (!closed || digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        fail(argument, fmt::format("{} is no item of a list; wanted is a number in brackets, such as {}[0]",
                                   in_quotes(text), printable(name)));
    step.indexed = true;
    for (const char c : digits)
        step.index = std::min(step.index * 10 + static_cast<std::size_t>(c - '0'), largest_index);
    return step;
}

// Each part of an override's value was written there and nowhere else.
void mark(Node& node, const Where& where)
{
    node.where = where;
    for (Node& item : node.items) mark(item, where);
    for (Node::Member& member : node.members) {
        member.where = where;
        mark(member.value, where);
    }
}

[[nodiscard]] Node value_of(const Override& change)
{
    Node node;
    node.kind = Node::Kind::text;
    node.text = change.value;
    try {
        // A value with a line break in it could bring further keys along: then it is a text.
        Node parsed = parse_document("value = " + change.value, change.where.origin);
        if (parsed.members.size() == 1 && parsed.members[0].value.kind != Node::Kind::date)
            node = std::move(parsed.members[0].value);
        if (node.kind != Node::Kind::text) node.text = change.value;
    } catch (const InputError&) {
        // Not TOML: the text as it stands.
    }
    mark(node, change.where);
    return node;
}

[[nodiscard]] std::string joined(const std::vector<PathStep>& path, bool with_index)
{
    std::string out;
    for (const PathStep& step : path) {
        if (!out.empty()) out += '.';
        out += step.name;
        if (step.indexed) out += with_index ? fmt::format("[{}]", step.index) : "[]";
    }
    return out;
}

[[noreturn]] void fail_count(const Override& change, std::string_view list, std::size_t count)
{
    std::string there = "are none";
    if (count == 1) there = "is one, number 0";
    if (count > 1) there = fmt::format("are {}, numbers 0 to {}", count, count - 1);
    throw InputError(fmt::format("{}: {}: no such item; there {}", change.where.text(), list, there));
}

[[noreturn]] void fail_kind(const Node& node, std::string_view path, std::string_view noun)
{
    throw InputError(fmt::format("{}: {}: {}; a {} is wanted", node.where.text(), path, described(node), noun));
}

}  // namespace

std::string Override::pattern() const
{
    return joined(path, false);
}

std::string Override::shown_path() const
{
    return joined(path, true);
}

Override parse_override(const std::string& argument)
{
    const auto equals = argument.find('=');
    if (equals == std::string::npos) fail(argument, "no value; wanted is KEY=VALUE, such as driver.ring=64");
    Override         change{{}, argument.substr(equals + 1), {fmt::format("--set {}", printable(argument)), 0, true}};
    std::string_view rest = std::string_view{argument}.substr(0, equals);
    for (bool more = true; more;) {
        const auto dot = rest.find('.');
        change.path.push_back(parse_step(argument, rest.substr(0, dot)));
        more = dot != std::string_view::npos;
        if (more) rest.remove_prefix(dot + 1);
    }
    return change;
}

void apply_override(Node& root, const Override& change)
{
    Node*       at = &root;
    std::string path;
    for (const PathStep& step : change.path) {
        if (at->kind != Node::Kind::table) fail_kind(*at, path, "table");
        path += fmt::format("{}{}", path.empty() ? "" : ".", step.name);
        if (at->member(step.name) == nullptr) {
            Node made;
            made.kind  = step.indexed ? Node::Kind::list : Node::Kind::table;
            made.where = change.where;
            at->members.push_back({step.name, change.where, std::move(made)});
        }
        at = &at->member(step.name)->value;
        if (!step.indexed) continue;
        if (at->kind != Node::Kind::list) fail_kind(*at, path, "list");
        path += fmt::format("[{}]", step.index);
        if (step.index >= at->items.size()) fail_count(change, path, at->items.size());
        at = &at->items[step.index];
    }
    *at = value_of(change);
}

}  // namespace overrun::scenario
