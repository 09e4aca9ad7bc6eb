// SPDX-License-Identifier: Apache-2.0
// One scenario key: its type, what it may be, and how it is set.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "testbench/scenario/scenario.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun::scenario {

struct Node;

using SchemaJson = nlohmann::ordered_json;
using Names      = std::span<const std::string_view>;

/// What a key may be; members that its type has no use for keep their defaults.
struct KeyFacts {
    std::int64_t least        = 0;  ///< of integers and quantities, in the base unit; of texts the length in octets
    std::int64_t most         = std::numeric_limits<std::int64_t>::max();
    std::int64_t step         = 1;
    bool         power_of_two = false;
    std::span<const std::int64_t> except       = {};  ///< of integers: inside the range and not allowed
    double                        least_number = 0;   ///< of numbers
    double                        most_number  = 0;
    std::int64_t                  scale        = 1;   ///< base units in one unit of the member
    std::string_view              unit         = {};  ///< of integers and numbers, for the reader of the table
    Names                         later        = {};  ///< names that are known and not built in yet
    std::string_view              absent       = {};  ///< said in place of the default when there is none
    std::span<const TrafficKind>  kinds        = {};  ///< of traffic that the key belongs to; empty: all
    bool                          required     = false;
};

/// What tables and schema say of a type of keys; key_binding.hpp makes it of the type's class.
struct KeyType {
    std::string_view noun;  ///< "integer", "list of addresses"
    /// "octets"; for quantities the units that a scenario may write: "ps, ns, us, ms, s".
    std::string (*unit)(const KeyFacts&);
    /// "64 to 4096 in steps of 8", "10Mbps to 100Gbps", "fixed, pcap".
    std::string (*allowed)(const KeyFacts&);
    /// `allowed`, with names in full that errors leave out.
    std::string (*listed)(const KeyFacts&);
    SchemaJson (*schema)(const KeyFacts&);
    Names (*names)();                      ///< of which a value is one; null for other types
    std::optional<QuantityKind> quantity;  ///< empty for a type without a unit in its text
    bool                        bare;      ///< a value is written without quotes
};

struct ScenarioKey {
    std::string_view path;  ///< "driver.ring", "traffic[].length"
    const KeyType*   type;
    KeyFacts         facts;
    std::string_view text;  ///< one sentence

    /// Makes item `index` of the list that the key is in exist; nothing for a key outside lists.
    void (*make_item)(Scenario& scenario, std::size_t index);
    /// Checks a value and writes it; `index` is the item of the list that the key is in.
    /// @throws InputError with the value and what is allowed: "65 is not allowed; allowed: 64 to 4096 in steps of 8"
    void (*set)(Scenario& scenario, std::size_t index, const Node& node, const KeyFacts& facts);
    /// The default as a scenario would write it; what `absent` or "required" says when there is none.
    std::string (*default_text)(const KeyFacts& facts);

    [[nodiscard]] std::string allowed() const { return type->allowed(facts); }

    [[nodiscard]] bool belongs_to(TrafficKind kind) const noexcept
    {
        return facts.kinds.empty() || std::find(facts.kinds.begin(), facts.kinds.end(), kind) != facts.kinds.end();
    }
};

}  // namespace overrun::scenario
