// SPDX-License-Identifier: Apache-2.0
// The type of a key that an expectation compares with.
#pragma once

#include <string>
#include <string_view>

#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

/// A whole number, or a time where a latency is expected.
struct Measure : PlainType {
    static constexpr std::string_view noun = "integer or time";

    /// A time as nanoseconds, which is what latencies are compared in.
    [[nodiscard]] static double      parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
};

}  // namespace overrun::scenario
