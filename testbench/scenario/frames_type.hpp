// SPDX-License-Identifier: Apache-2.0
// The type of a key that chooses some of a source's frames.
#pragma once

#include <string>
#include <string_view>

#include "testbench/scenario/plain_type.hpp"

namespace overrun::scenario {

/// A probability, or a list of frame numbers.
struct Frames : PlainType {
    static constexpr std::string_view noun = "number or list";

    [[nodiscard]] static FrameChoice parse(const Node& node, const KeyFacts& facts);
    [[nodiscard]] static std::string allowed(const KeyFacts& facts);
    [[nodiscard]] static SchemaJson  schema(const KeyFacts& facts);
};

}  // namespace overrun::scenario
