// SPDX-License-Identifier: Apache-2.0
// Types of keys with a unit in their text: times, sizes and rates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

// What Quantity is for a kind that is known at run time.
[[nodiscard]] std::int64_t checked_quantity(QuantityKind kind, const Node& node, const KeyFacts& facts);
[[nodiscard]] std::string  quantity_units(QuantityKind kind);
[[nodiscard]] std::string  quantity_range(QuantityKind kind, const KeyFacts& facts);
/// A pattern: it cannot say the range.
[[nodiscard]] SchemaJson quantity_schema(QuantityKind kind);

template <QuantityKind Kind>
struct Quantity : PlainType {
    static constexpr std::string_view            noun     = quantity_nouns[Kind];
    static constexpr std::optional<QuantityKind> quantity = Kind;

    [[nodiscard]] static std::int64_t parse(const Node& node, const KeyFacts& facts)
    {
        return checked_quantity(Kind, node, facts);
    }
    [[nodiscard]] static std::string unit(const KeyFacts&) { return quantity_units(Kind); }
    [[nodiscard]] static std::string allowed(const KeyFacts& facts) { return quantity_range(Kind, facts); }
    [[nodiscard]] static SchemaJson  schema(const KeyFacts&) { return quantity_schema(Kind); }
    [[nodiscard]] static std::string written(std::int64_t value, const KeyFacts& facts)
    {
        return format_quantity(Kind, value * facts.scale);
    }
};

using TimeSpan  = Quantity<QuantityKind::time>;
using Size      = Quantity<QuantityKind::size>;
using BitRate   = Quantity<QuantityKind::rate>;
using FrameRate = Quantity<QuantityKind::frame_rate>;

}  // namespace overrun::scenario
