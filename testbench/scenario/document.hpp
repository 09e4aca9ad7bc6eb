// SPDX-License-Identifier: Apache-2.0
// A scenario's text as a tree of values, each of which knows where it was written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace overrun::scenario {

/// Where a value was written: a line of a file, or an override.
struct Where {
    std::string   origin;        ///< the file as the user named it, or "--set driver.ring=64"
    std::uint32_t line = 0;      ///< from 1; 0 for an override
    bool          set  = false;  ///< an override

    /// "slow.toml:12" or "--set driver.ring=64".
    [[nodiscard]] std::string text() const;
};

/// One value of the tree.
struct Node {
    enum class Kind : std::uint8_t { table, list, text, integer, number, boolean, date };
    struct Member;

    Kind                kind = Kind::table;
    Where               where;
    std::string         text;  ///< of a text; of an override's plain value: as it was written
    std::int64_t        integer = 0;
    double              number  = 0.0;
    bool                boolean = false;
    std::vector<Node>   items;    ///< of a list
    std::vector<Member> members;  ///< of a table, in the order in which they were written

    [[nodiscard]] const Member* member(std::string_view name) const noexcept;
    [[nodiscard]] Member*       member(std::string_view name) noexcept;
};

struct Node::Member {
    std::string name;
    Where       where;  ///< of the key; its value may begin on a later line
    Node        value;
};

/// @param text TOML, at most 1 MiB
/// @param origin the file's name in errors
/// @throws InputError "origin:line: ..." when it is not TOML
[[nodiscard]] Node parse_document(std::string_view text, const std::string& origin);

}  // namespace overrun::scenario
