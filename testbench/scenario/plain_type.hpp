// SPDX-License-Identifier: Apache-2.0
// What a type of scenario keys is, and what it has unless it says otherwise.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "testbench/scenario/document.hpp"
#include "testbench/scenario/key.hpp"

namespace overrun::scenario {

/// A type is a class derived from this one with
///   noun                    what tables call it
///   parse(node, facts)      the checked value, in the base unit divided by the key's scale; throws InputError
///   allowed(facts)          what is allowed, in words
///   schema(facts)           the JSON Schema of a value
///   written(value, facts)   a value as a scenario writes it; only if a key of the type has a default
/// A new type is such a class; a key of it is a row of the key table.
struct PlainType {
    static constexpr std::optional<QuantityKind> quantity = std::nullopt;
    static constexpr bool                        bare     = false;
    static constexpr Names (*names)()                     = nullptr;

    [[nodiscard]] static std::string unit(const KeyFacts& facts) { return std::string{facts.unit}; }
};

}  // namespace overrun::scenario
