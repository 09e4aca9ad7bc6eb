// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/toml_depth_guard.hpp"

#include <algorithm>
#include <string>

namespace overrun::scenario {

namespace {

// Walks over keys and values alike: names that are joined by points, outside texts and comments.
class KeyWalk {
public:
    explicit KeyWalk(std::string_view text) : text_{text} {}

    [[nodiscard]] std::optional<std::uint32_t> line_of_long_key()
    {
        while (at_ < text_.size() && !found_) step();
        return found_;
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
        if (parts_ > most_key_parts) found_ = line_;
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

    std::string_view             text_;
    std::size_t                  at_    = 0;
    std::size_t                  parts_ = 0;
    std::uint32_t                line_  = 1;
    std::optional<std::uint32_t> found_;
    bool                         joined_ = false;  // a point came after the last part
};

}  // namespace

std::optional<std::uint32_t> line_of_long_key(std::string_view text)
{
    return KeyWalk{text}.line_of_long_key();
}

}  // namespace overrun::scenario
