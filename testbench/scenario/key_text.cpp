// SPDX-License-Identifier: Apache-2.0
// Puts a key's type, unit and range into words.
// Never decides whether a value is allowed.
#include "testbench/scenario/key_text.hpp"

#include <fmt/format.h>

#include "testbench/text/nearest.hpp"

namespace overrun {

namespace {

constexpr std::size_t longest_list = 12;

[[nodiscard]] std::string range_text(const KeyFacts& facts, const auto& format)
{
    std::string out = facts.most == std::numeric_limits<std::int64_t>::max()
                          ? fmt::format("{} or more", format(facts.least))
                          : fmt::format("{} to {}", format(facts.least), format(facts.most));
    if (facts.step > 1) out += fmt::format(" in steps of {}", format(facts.step));
    if (facts.power_of_two) out += ", a power of two";
    if (!facts.except.empty()) out += fmt::format(" without {}", fmt::join(facts.except, ", "));
    return out;
}

// Without an exponent and without zeros at the end.
[[nodiscard]] std::string plain_number(double value)
{
    std::string out = fmt::format("{:.6f}", value);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out;
}

}  // namespace

std::string type_text(const ScenarioKey& key)
{
    if (const auto kind = quantity_of(key.type)) return std::string{noun_of(*kind)};
    switch (key.type) {
        case KeyType::text: return "text";
        case KeyType::name: return "name";
        case KeyType::truth: return "truth value";
        case KeyType::integer: return "integer";
        case KeyType::number: return "number";
        case KeyType::station:
        case KeyType::address: return "address";
        case KeyType::addresses: return "list of addresses";
        case KeyType::integers: return "list of integers";
        case KeyType::profile: return "name or file";
        case KeyType::files: return "file or list";
        case KeyType::measure: return "integer or time";
        case KeyType::frames: return "number or list";
        default: return "";
    }
}

std::string unit_text(const ScenarioKey& key)
{
    const auto kind = quantity_of(key.type);
    if (key.type == KeyType::text || key.type == KeyType::addresses) return {};  // the unit of their length
    if (!kind) return std::string{key.facts.unit};
    std::vector<std::string_view> names;
    for (const QuantityUnit& unit : units_of(*kind)) names.push_back(unit.name);
    return list_of(names);
}

std::string allowed_text(const ScenarioKey& key)
{
    if (const auto kind = quantity_of(key.type))
        return range_text(key.facts, [&](std::int64_t value) { return format_quantity(*kind, value); });
    const auto plain = [](std::int64_t value) { return fmt::format("{}", value); };
    switch (key.type) {
        case KeyType::truth: return "true, false";
        case KeyType::integer: return range_text(key.facts, plain);
        case KeyType::text:
        case KeyType::addresses: return fmt::format("{} {}", range_text(key.facts, plain), key.facts.unit);
        case KeyType::number:
            return fmt::format("{} to {}", plain_number(key.facts.least_number), plain_number(key.facts.most_number));
        case KeyType::name:
            return has_long_list(key) ? fmt::format("{} names, listed by overrun schema", key.facts.names().size())
                                      : list_of(key.facts.names());
        case KeyType::station: return "auto, a unicast address";
        case KeyType::address: return "any address";
        case KeyType::integers: return fmt::format("each {}", range_text(key.facts, plain));
        case KeyType::profile: return "a built-in name, a file";
        case KeyType::files: return "at least one";
        case KeyType::measure: return range_text(key.facts, plain) + "; with latency a time";
        case KeyType::frames: return "a probability from 0 to 1, or a list of frame numbers from 1";
        default: return "";
    }
}

bool has_long_list(const ScenarioKey& key)
{
    return key.type == KeyType::name && key.facts.names().size() > longest_list;
}

}  // namespace overrun
