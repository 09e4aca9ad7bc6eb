// SPDX-License-Identifier: Apache-2.0
// One scenario key: its type, what it may be, and how it is set.
// Never a key itself: those stand in key_table.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hw/ethernet/mac_address.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

enum class KeyType : std::uint8_t {
    text,
    name,   ///< one of a list of names
    truth,  ///< true or false
    integer,
    number,  ///< an integer or a number with a fraction
    time,
    size,
    rate,
    frame_rate,
    station,    ///< a unicast address, or "auto"
    address,    ///< any Ethernet address
    addresses,  ///< a list of multicast addresses
    integers,   ///< a list of integers, each in the range
    profile,    ///< a built-in platform profile or a file
    files,      ///< a file's name or a list of them
    measure,    ///< a whole number, or a time where a latency is expected
    frames,     ///< some of a source's frames: a probability, or a list of their numbers
};

/// A name's position in its list, with the name.
struct Choice {
    std::size_t index;
    std::string name;
};

/// What a setter receives: checked, in the base unit, divided by the key's scale.
using Value = std::variant<bool, std::int64_t, double, std::string, Choice, std::optional<MacAddress>,
                           std::vector<MacAddress>, std::vector<std::uint16_t>, std::vector<std::string>, FrameChoice>;

/// What a key may be; members that its type has no use for keep their defaults.
struct KeyFacts {
    std::int64_t least        = 0;  ///< of integers and quantities, in the base unit; of texts the length in octets
    std::int64_t most         = std::numeric_limits<std::int64_t>::max();
    std::int64_t step         = 1;
    bool         power_of_two = false;
    std::span<const std::int64_t> except         = {};  ///< of integers: inside the range and not allowed
    double                        least_number   = 0;   ///< of numbers
    double                        most_number    = 0;
    std::int64_t                  scale          = 1;        ///< base units in one unit of the member
    std::string_view              unit           = {};       ///< of integers and numbers, for the reader of the table
    std::span<const std::string_view> (*names)() = nullptr;  ///< of names
    std::span<const std::string_view> later      = {};       ///< names that are known and not built in yet
    std::string_view                  absent     = {};       ///< said in place of the default when there is none
    std::span<const TrafficKind>      kinds      = {};       ///< of traffic that the key belongs to; empty: all
    bool                              required   = false;
};

struct ScenarioKey {
    std::string_view path;  ///< "driver.ring", "traffic[].length"
    KeyType          type;
    KeyFacts         facts;
    std::string_view text;  ///< one sentence

    /// Writes a checked value; `index` is the item of the list that the key is in.
    void (*set)(Scenario& scenario, std::size_t index, const Value& value);
    /// The default as a scenario would write it; what `absent` or "required" says when there is none.
    std::string (*default_text)(const ScenarioKey& key);

    [[nodiscard]] bool belongs_to(TrafficKind kind) const noexcept
    {
        return facts.kinds.empty() || std::find(facts.kinds.begin(), facts.kinds.end(), kind) != facts.kinds.end();
    }
};

/// The quantity that a type is; empty for a type without a unit in its text.
[[nodiscard]] std::optional<QuantityKind> quantity_of(KeyType type) noexcept;

}  // namespace overrun
