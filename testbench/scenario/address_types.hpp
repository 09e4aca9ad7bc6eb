// SPDX-License-Identifier: Apache-2.0
// Types of keys that are Ethernet addresses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hw/ethernet/mac_address.hpp"
#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

struct Address : PlainType {
    static constexpr std::string_view noun = "address";

    [[nodiscard]] static MacAddress  parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
};

/// A unicast address, or "auto", which is none.
struct Station : PlainType {
    static constexpr std::string_view noun = "address";

    [[nodiscard]] static std::optional<MacAddress> parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string               allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson                schema(const KeyFacts& facts);
};

/// A list of multicast addresses.
struct Addresses : PlainType {
    static constexpr std::string_view noun = "list of addresses";
    static constexpr bool             bare = true;

    [[nodiscard]] static std::vector<MacAddress> parse(const Node& node, const KeyFacts& facts);
    /// The key's unit is that of its length.
    [[nodiscard]] static std::string unit(const KeyFacts&) { return {}; }
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
    [[nodiscard]] static std::string written(const std::vector<MacAddress>& value, const KeyFacts& facts);
};

}  // namespace overrun::scenario
