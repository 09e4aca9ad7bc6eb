// SPDX-License-Identifier: Apache-2.0
// Turns TOML into a tree of values; the one place of the scenario reader that knows toml++.
// Never lets an exception of the parser out: each one becomes an InputError with file and line.
#include "testbench/scenario/document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "hw/base/input_error.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

namespace {

constexpr std::size_t longest_document = std::size_t{1} << 20U;

// toml++ 3.3 makes one table inside the other for each part of a dotted key, without limit, and destroys them by
// recursion: a long enough key would overflow the stack.
constexpr std::size_t most_key_parts = 64;
constexpr std::size_t most_depth     = 128;

[[noreturn]] void fail_syntax(const std::string& origin, std::uint32_t line, std::string_view what)
{
    std::string text{what};
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    throw InputError(fmt::format("{}:{}: not TOML: {}", origin, line, text));
}

// Walks over a text's keys and values without understanding them, and refuses "a.a.a..." beyond `most_key_parts`.
class KeyLengthCheck {
public:
    KeyLengthCheck(std::string_view text, const std::string& origin) : text_{text}, origin_{origin} {}

    void run()
    {
        while (at_ < text_.size()) step();
    }

private:
    void step()
    {
        const char c = text_[at_];
        if (c == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (c == '"' || c == '\'') {
            part();
            skip_quoted(c);
        } else if (c == '.') {
            joined_ = true;
            ++at_;
        } else if (c == ' ' || c == '\t') {
            ++at_;
        } else if (is_bare(c)) {
            part();
            while (at_ < text_.size() && is_bare(text_[at_])) ++at_;
        } else {
            if (c == '\n') ++line_;
            joined_ = false;
            parts_  = 0;
            ++at_;
        }
    }

    void part()
    {
        parts_  = joined_ ? parts_ + 1 : 1;
        joined_ = false;
        if (parts_ > most_key_parts)
            fail_syntax(origin_, line_, fmt::format("a key has more than {} parts", most_key_parts));
    }

    void skip_quoted(char quote)
    {
        const std::string end(3, quote);
        if (text_.substr(at_, 3) == end) {
            std::size_t close = text_.find(end, at_ + 3);
            while (quote == '"' && close != std::string_view::npos && is_escaped(close))
                close = text_.find(end, close + 1);
            const std::size_t next = close == std::string_view::npos ? text_.size() : close + 3;
            line_ += static_cast<std::uint32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                           text_.begin() + static_cast<std::ptrdiff_t>(next), '\n'));
            at_ = next;
            return;
        }
        for (++at_; at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n'; ++at_)
            if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
        if (at_ < text_.size() && text_[at_] == quote) ++at_;
    }

    [[nodiscard]] bool is_escaped(std::size_t at) const noexcept
    {
        std::size_t backslashes = 0;
        while (backslashes < at && text_[at - backslashes - 1] == '\\') ++backslashes;
        return backslashes % 2 == 1;
    }

    [[nodiscard]] static bool is_bare(char c) noexcept
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               static_cast<unsigned char>(c) >= 0x80;
    }

    std::string_view   text_;
    const std::string& origin_;
    std::size_t        at_     = 0;
    std::size_t        parts_  = 0;
    std::uint32_t      line_   = 1;
    bool               joined_ = false;  // a point came after the last part
};

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
    KeyLengthCheck{text, origin}.run();
    try {
        const toml::table document = toml::parse(text, std::string_view{origin});
        return Converter{origin}.convert(document);
    } catch (const toml::parse_error& error) {
        fail_syntax(origin, error.source().begin.line, error.description());
    }
}

}  // namespace overrun
