// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/integer_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace overrun::scenario {

bool in_range(std::int64_t value, const KeyFacts& facts) noexcept
{
    if (value < facts.least || value > facts.most || value % facts.step != 0) return false;
    if (std::find(facts.except.begin(), facts.except.end(), value) != facts.except.end()) return false;
    return !facts.power_of_two || std::has_single_bit(static_cast<std::uint64_t>(value));
}

std::string range_text(const KeyFacts& facts, const std::function<std::string(std::int64_t)>& format)
{
    const auto  end = [&format](std::int64_t value) { return format ? format(value) : fmt::format("{}", value); };
    std::string out = facts.most == std::numeric_limits<std::int64_t>::max()
                          ? fmt::format("{} or more", end(facts.least))
                          : fmt::format("{} to {}", end(facts.least), end(facts.most));
    if (facts.step > 1) out += fmt::format(" in steps of {}", end(facts.step));
    if (facts.power_of_two) out += ", a power of two";
    if (!facts.except.empty()) out += fmt::format(" without {}", fmt::join(facts.except, ", "));
    return out;
}

SchemaJson integer_schema(const KeyFacts& facts)
{
    SchemaJson schema{{"type", "integer"}};
    if (facts.power_of_two) {
        for (std::int64_t value = facts.least; value <= facts.most; value *= 2) schema["enum"].push_back(value);
        return schema;
    }
    schema["minimum"] = facts.least;
    schema["maximum"] = facts.most;
    if (facts.step > 1) schema["multipleOf"] = facts.step;
    if (!facts.except.empty())
        schema["not"]["enum"] = std::vector<std::int64_t>{facts.except.begin(), facts.except.end()};
    return schema;
}

}  // namespace overrun::scenario
