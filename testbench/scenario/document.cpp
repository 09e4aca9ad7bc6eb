// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/toml_depth_guard.hpp"

namespace overrun::scenario {

namespace {

constexpr std::size_t longest_document = std::size_t{1} << 20U;

constexpr std::size_t most_depth = 128;

[[noreturn]] void fail_syntax(const std::string& origin, std::uint32_t line, std::string_view what)
{
    std::string text{what};
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    throw InputError(fmt::format("{}:{}: not TOML: {}", origin, line, text));
}

class Converter {
public:
    explicit Converter(const std::string& origin) : origin_{origin} {}

    [[nodiscard]] Node convert(const toml::node& source, std::size_t depth = 0) const
    {
        if (depth > most_depth)
            fail_syntax(origin_, source.source().begin.line, fmt::format("more than {} levels", most_depth));
        Node node;
        node.where = where(source.source());
        if (const auto* table = source.as_table()) {
            node.kind = Node::Kind::table;
            convert_members(*table, node, depth);
        } else if (const auto* list = source.as_array()) {
            node.kind = Node::Kind::list;
            for (const auto& item : *list) node.items.push_back(convert(item, depth + 1));
        } else {
            convert_value(source, node);
        }
        return node;
    }

private:
    [[nodiscard]] Where where(const toml::source_region& region) const { return {origin_, region.begin.line, false}; }

    void convert_members(const toml::table& table, Node& node, std::size_t depth) const
    {
        std::vector<std::pair<const toml::key*, const toml::node*>> members;
        for (auto it = table.cbegin(); it != table.cend(); ++it) members.emplace_back(&it->first, &it->second);
        const auto position = [](const auto& member) {
            const toml::source_position& begin = member.first->source().begin;
            return std::tuple{begin.line, begin.column};
        };
        std::stable_sort(members.begin(), members.end(),
                         [&](const auto& a, const auto& b) { return position(a) < position(b); });
        for (const auto& [key, value] : members)
            node.members.push_back({std::string{key->str()}, where(key->source()), convert(*value, depth + 1)});
    }

    static void convert_value(const toml::node& source, Node& node)
    {
        if (const auto* text = source.as_string()) {
            node.kind = Node::Kind::text;
            node.text = text->get();
        } else if (const auto* integer = source.as_integer()) {
            node.kind    = Node::Kind::integer;
            node.integer = integer->get();
        } else if (const auto* number = source.as_floating_point()) {
            node.kind   = Node::Kind::number;
            node.number = number->get();
        } else if (const auto* boolean = source.as_boolean()) {
            node.kind    = Node::Kind::boolean;
            node.boolean = boolean->get();
        } else {
            node.kind = Node::Kind::date;
        }
    }

    const std::string& origin_;
};

}  // namespace

std::string Where::text() const
{
    return set ? origin : fmt::format("{}:{}", origin, line);
}

const Node::Member* Node::member(std::string_view name) const noexcept
{
    const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name == name; });
    return found == members.end() ? nullptr : &*found;
}

Node::Member* Node::member(std::string_view name) noexcept
{
    return const_cast<Member*>(std::as_const(*this).member(name));
}

Node parse_document(std::string_view text, const std::string& origin)
{
    if (text.size() > longest_document)
        throw InputError(fmt::format("{}: longer than {} octets", origin, longest_document));
    if (const auto line = line_of_long_key(text))
        fail_syntax(origin, *line, fmt::format("a key has more than {} parts", most_key_parts));
    try {
        const toml::table document = toml::parse(text, std::string_view{origin});
        return Converter{origin}.convert(document);
    } catch (const toml::parse_error& error) {
        fail_syntax(origin, error.source().begin.line, error.description());
    }
}

}  // namespace overrun::scenario
