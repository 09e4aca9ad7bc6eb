// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/address_types.hpp"

#include <fmt/format.h>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/integer_range.hpp"
#include "testbench/scenario/value_errors.hpp"

namespace overrun::scenario {

namespace {

constexpr std::string_view address_form = "six octets in hexadecimal, such as 02:00:00:00:00:01";

constexpr std::string_view address_pattern   = "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$";
constexpr std::string_view station_pattern   = "^(auto|[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5})$";
constexpr std::string_view multicast_pattern = "^[0-9A-Fa-f][13579BDFbdf](:[0-9A-Fa-f]{2}){5}$";

}  // namespace

MacAddress Address::parse(const Node& node, const KeyFacts&)
{
    if (node.kind != Node::Kind::text)
        throw InputError(fmt::format("{}; an address is wanted: {}", described(node), address_form));
    const auto address = MacAddress::parse(node.text);
    if (!address) throw InputError(fmt::format("{} is not an address; wanted are {}", shown(node), address_form));
    return *address;
}

std::string Address::allowed(const KeyFacts&)
{
    return "any address";
}

SchemaJson Address::schema(const KeyFacts&)
{
    return {{"type", "string"}, {"pattern", address_pattern}};
}

std::optional<MacAddress> Station::parse(const Node& node, const KeyFacts& facts)
{
    if (node.kind == Node::Kind::text && node.text == "auto") return std::nullopt;
    const MacAddress address = Address::parse(node, facts);
    if (address.is_group() || address == MacAddress{})
        throw InputError(
            fmt::format("{} is not the address of a station; allowed: auto, or a unicast address", shown(node)));
    return address;
}

std::string Station::allowed(const KeyFacts&)
{
    return "auto, a unicast address";
}

SchemaJson Station::schema(const KeyFacts&)
{
    return {{"type", "string"}, {"pattern", station_pattern}};
}

std::vector<MacAddress> Addresses::parse(const Node& node, const KeyFacts& facts)
{
    if (node.kind != Node::Kind::list) fail_type(node, "a list", allowed(facts));
    if (!in_range(static_cast<std::int64_t>(node.items.size()), facts))
        throw InputError(fmt::format("{} addresses; allowed: {}", node.items.size(), allowed(facts)));
    std::vector<MacAddress> addresses;
    for (const Node& item : node.items) {
        addresses.push_back(Address::parse(item, facts));
        if (!addresses.back().is_group() || addresses.back().is_broadcast())
            throw InputError(
                fmt::format("{} is not a multicast address; its first octet is even, or it is the "
                            "broadcast address",
                            shown(item)));
    }
    return addresses;
}

std::string Addresses::allowed(const KeyFacts& facts)
{
    return fmt::format("{} {}", range_text(facts), facts.unit);
}

SchemaJson Addresses::schema(const KeyFacts& facts)
{
    return {
        {"type", "array"}, {"maxItems", facts.most}, {"items", {{"type", "string"}, {"pattern", multicast_pattern}}}};
}

std::string Addresses::written(const std::vector<MacAddress>& value, const KeyFacts&)
{
    std::string out;
    for (const MacAddress& address : value) out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", address.text());
    return fmt::format("[{}]", out);
}

}  // namespace overrun::scenario
