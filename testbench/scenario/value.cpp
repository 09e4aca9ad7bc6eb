// SPDX-License-Identifier: Apache-2.0
// Checks one value of a scenario against its row of the key table.
// Never converts silently: a text is no number, and a number without a unit is no time.
#include "testbench/scenario/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "hw/base/input_error.hpp"
#include "hw/platform/platform_profile.hpp"
#include "testbench/scenario/key_text.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun {

namespace {

constexpr std::string_view address_form = "six octets in hexadecimal, such as 02:00:00:00:00:01";

[[noreturn]] void fail_type(const Node& node, std::string_view wanted_type, const ScenarioKey& key)
{
    const std::string allowed = allowed_text(key);
    throw InputError(
        fmt::format("{}; {} is wanted{}{}", described(node), wanted_type, allowed.empty() ? "" : ": ", allowed));
}

[[noreturn]] void fail_range(const Node& node, const ScenarioKey& key)
{
    throw InputError(fmt::format("{} is not allowed; allowed: {}", shown(node), allowed_text(key)));
}

[[nodiscard]] bool in_range(std::int64_t value, const KeyFacts& facts) noexcept
{
    if (value < facts.least || value > facts.most || value % facts.step != 0) return false;
    if (std::find(facts.except.begin(), facts.except.end(), value) != facts.except.end()) return false;
    return !facts.power_of_two || std::has_single_bit(static_cast<std::uint64_t>(value));
}

[[nodiscard]] std::int64_t checked_integer(const Node& node, const ScenarioKey& key)
{
    if (node.kind != Node::Kind::integer) fail_type(node, "an integer", key);
    if (!in_range(node.integer, key.facts)) fail_range(node, key);
    return node.integer;
}

[[nodiscard]] double checked_number(const Node& node, const ScenarioKey& key)
{
    if (node.kind != Node::Kind::integer && node.kind != Node::Kind::number) fail_type(node, "a number", key);
    const double value = node.kind == Node::Kind::integer ? static_cast<double>(node.integer) : node.number;
    // Not a number compares false with everything.
    if (!(value >= key.facts.least_number && value <= key.facts.most_number)) fail_range(node, key);
    return value;
}

[[nodiscard]] std::int64_t checked_quantity(const Node& node, const ScenarioKey& key, QuantityKind kind)
{
    if (node.kind == Node::Kind::integer || node.kind == Node::Kind::number)
        throw InputError(fmt::format("{} has no unit; {}", shown(node), wanted(kind)));
    if (node.kind != Node::Kind::text) throw InputError(fmt::format("{}; {}", described(node), wanted(kind)));
    const std::int64_t value = parse_quantity(kind, node.text);
    if (!in_range(value, key.facts)) fail_range(node, key);
    return value / key.facts.scale;
}

[[nodiscard]] Choice checked_name(const Node& node, const ScenarioKey& key)
{
    if (node.kind != Node::Kind::text) fail_type(node, "a name", key);
    const auto names = key.facts.names();
    const auto found = std::find(names.begin(), names.end(), node.text);
    if (found != names.end()) return {static_cast<std::size_t>(found - names.begin()), node.text};
    const auto& later = key.facts.later;
    if (std::find(later.begin(), later.end(), node.text) != later.end())
        throw InputError(fmt::format("{} is not built in yet; allowed: {}", shown(node), allowed_text(key)));
    const std::string nearest = did_you_mean(node.text, names);
    throw InputError(fmt::format("{} is not allowed; allowed: {}{}", shown(node), allowed_text(key), nearest));
}

// An override's plain text need not be in quotes, so `--set name=7` is the text "7".
[[nodiscard]] bool is_text(const Node& node) noexcept
{
    const bool plain = node.kind != Node::Kind::table && node.kind != Node::Kind::list;
    return node.kind == Node::Kind::text || (node.where.set && plain);
}

[[nodiscard]] std::string checked_text(const Node& node, const ScenarioKey& key)
{
    if (!is_text(node)) fail_type(node, "a text", key);
    if (!in_range(static_cast<std::int64_t>(node.text.size()), key.facts)) fail_range(node, key);
    return node.text;
}

[[nodiscard]] MacAddress checked_address(const Node& node)
{
    if (node.kind != Node::Kind::text)
        throw InputError(fmt::format("{}; an address is wanted: {}", described(node), address_form));
    const auto address = MacAddress::parse(node.text);
    if (!address) throw InputError(fmt::format("{} is not an address; wanted are {}", shown(node), address_form));
    return *address;
}

[[nodiscard]] std::optional<MacAddress> checked_station(const Node& node)
{
    if (node.kind == Node::Kind::text && node.text == "auto") return std::nullopt;
    const MacAddress address = checked_address(node);
    if (address.is_group() || address == MacAddress{})
        throw InputError(
            fmt::format("{} is not the address of a station; allowed: auto, or a unicast address", shown(node)));
    return address;
}

[[nodiscard]] std::vector<MacAddress> checked_addresses(const Node& node, const ScenarioKey& key)
{
    if (node.kind != Node::Kind::list) fail_type(node, "a list", key);
    if (!in_range(static_cast<std::int64_t>(node.items.size()), key.facts))
        throw InputError(fmt::format("{} addresses; allowed: {}", node.items.size(), allowed_text(key)));
    std::vector<MacAddress> addresses;
    for (const Node& item : node.items) {
        addresses.push_back(checked_address(item));
        if (!addresses.back().is_group() || addresses.back().is_broadcast())
            throw InputError(
                fmt::format("{} is not a multicast address; its first octet is even, or it is the "
                            "broadcast address",
                            shown(item)));
    }
    return addresses;
}

[[nodiscard]] std::vector<std::uint16_t> checked_integers(const Node& node, const ScenarioKey& key)
{
    if (node.kind != Node::Kind::list) fail_type(node, "a list", key);
    std::vector<std::uint16_t> numbers;
    for (const Node& item : node.items) numbers.push_back(static_cast<std::uint16_t>(checked_integer(item, key)));
    return numbers;
}

[[nodiscard]] std::string checked_profile(const Node& node, const ScenarioKey& key)
{
    const std::string name = checked_text(node, key);
    if (is_profile_file(name)) return name;
    const std::vector<std::string>      names = builtin_platform_profiles();
    const std::vector<std::string_view> views{names.begin(), names.end()};
    if (std::find(names.begin(), names.end(), name) == names.end())
        throw InputError(fmt::format("{} is not a built-in profile; allowed: {}, or a file: its name ends in .toml{}",
                                     quoted(name), list_of(views), did_you_mean(name, views)));
    return name;
}

[[nodiscard]] std::vector<std::string> checked_files(const Node& node, const ScenarioKey& key)
{
    std::vector<std::string> files;
    if (node.kind == Node::Kind::list) {
        for (const Node& item : node.items) {
            if (item.kind != Node::Kind::text) fail_type(item, "a file's name", key);
            files.push_back(item.text);
        }
    } else {
        if (!is_text(node)) fail_type(node, "a file's name", key);
        files.push_back(node.text);
    }
    const auto bad = [](const std::string& name) { return name.empty() || name.find('\0') != std::string::npos; };
    if (files.empty()) throw InputError("an empty list; at least one file is wanted");
    if (std::any_of(files.begin(), files.end(), bad)) throw InputError("an empty name; a file's name is wanted");
    return files;
}

// A time comes as nanoseconds, which is what latencies are compared in.
[[nodiscard]] double checked_measure(const Node& node, const ScenarioKey& key)
{
    if (node.kind == Node::Kind::integer) {
        if (!in_range(node.integer, key.facts)) fail_range(node, key);
        return static_cast<double>(node.integer);
    }
    if (node.kind != Node::Kind::text) fail_type(node, "a whole number or a time", key);
    const std::int64_t picoseconds = parse_quantity(QuantityKind::time, node.text);
    return static_cast<double>(picoseconds) / static_cast<double>(nanosecond);
}

[[nodiscard]] FrameChoice checked_frames(const Node& node, const ScenarioKey& key)
{
    FrameChoice choice;
    if (node.kind == Node::Kind::integer || node.kind == Node::Kind::number) {
        choice.probability = node.kind == Node::Kind::integer ? static_cast<double>(node.integer) : node.number;
        if (!(choice.probability >= 0 && choice.probability <= 1)) fail_range(node, key);
        return choice;
    }
    if (node.kind != Node::Kind::list) fail_type(node, "a number or a list", key);
    if (node.items.empty()) throw InputError("an empty list; at least one frame number is wanted");
    for (const Node& item : node.items) {
        if (item.kind != Node::Kind::integer) fail_type(item, "a frame number", key);
        if (item.integer < 1 || item.integer > key.facts.most)
            throw InputError(fmt::format("{} is no frame number; allowed: 1 to {}", shown(item), key.facts.most));
        choice.frames.push_back(static_cast<std::uint64_t>(item.integer));
    }
    std::sort(choice.frames.begin(), choice.frames.end());
    const auto twice = std::adjacent_find(choice.frames.begin(), choice.frames.end());
    if (twice != choice.frames.end())
        throw InputError(fmt::format("frame {} stands in the list twice; allowed: once", *twice));
    return choice;
}

}  // namespace

Value checked_value(const Node& node, const ScenarioKey& key)
{
    if (const auto kind = quantity_of(key.type)) return checked_quantity(node, key, *kind);
    switch (key.type) {
        case KeyType::text: return checked_text(node, key);
        case KeyType::name: return checked_name(node, key);
        case KeyType::truth:
            if (node.kind != Node::Kind::boolean) fail_type(node, "a truth value", key);
            return node.boolean;
        case KeyType::integer: return checked_integer(node, key);
        case KeyType::number: return checked_number(node, key);
        case KeyType::station: return checked_station(node);
        case KeyType::address: return std::optional<MacAddress>{checked_address(node)};
        case KeyType::addresses: return checked_addresses(node, key);
        case KeyType::integers: return checked_integers(node, key);
        case KeyType::profile: return checked_profile(node, key);
        case KeyType::files: return checked_files(node, key);
        case KeyType::measure: return checked_measure(node, key);
        case KeyType::frames: return checked_frames(node, key);
        case KeyType::time:
        case KeyType::size:
        case KeyType::rate:
        case KeyType::frame_rate: break;
    }
    throw InputError(fmt::format("{} is not allowed", shown(node)));
}

bool is_profile_file(std::string_view name) noexcept
{
    return name.ends_with(".toml") || name.find('/') != std::string_view::npos;
}

}  // namespace overrun
