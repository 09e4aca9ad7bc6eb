// SPDX-License-Identifier: Apache-2.0
#include "testbench/text/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "hw/base/input_error.hpp"
#include "hw/base/time.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun {

namespace {

__extension__ using Wide = __int128;

constexpr std::array time_units{QuantityUnit{"ps", picosecond}, QuantityUnit{"ns", nanosecond},
                                QuantityUnit{"us", microsecond}, QuantityUnit{"ms", millisecond},
                                QuantityUnit{"s", second}};
// "octets" comes after "B", so that texts are written with "B".
constexpr std::array size_units{QuantityUnit{"B", 1}, QuantityUnit{"octets", 1}, QuantityUnit{"KiB", 1024},
                                QuantityUnit{"MiB", 1024 * 1024}};
constexpr std::array rate_units{QuantityUnit{"bps", 1}, QuantityUnit{"Kbps", 1'000}, QuantityUnit{"Mbps", 1'000'000},
                                QuantityUnit{"Gbps", 1'000'000'000}};
constexpr std::array frame_rate_units{QuantityUnit{"pps", 1}, QuantityUnit{"kpps", 1'000},
                                      QuantityUnit{"Mpps", 1'000'000}};

constexpr std::array all_kinds{QuantityKind::time, QuantityKind::size, QuantityKind::rate, QuantityKind::frame_rate};

// 10^18 is the largest power of ten below 2^63; more decimal places than that are never a whole number of anything.
constexpr std::size_t most_places = 18;

[[nodiscard]] bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

[[nodiscard]] std::string_view base_units_of(QuantityKind kind) noexcept
{
    switch (kind) {
        case QuantityKind::time: return "picoseconds";
        case QuantityKind::size: return "octets";
        case QuantityKind::rate: return "bits per second";
        case QuantityKind::frame_rate: return "frames per second";
    }
    return "";
}

[[nodiscard]] std::vector<std::string_view> unit_names(QuantityKind kind)
{
    std::vector<std::string_view> names;
    for (const QuantityUnit& unit : units_of(kind)) names.push_back(unit.name);
    return names;
}

[[nodiscard]] const QuantityUnit* find_unit(QuantityKind kind, std::string_view name) noexcept
{
    for (const QuantityUnit& unit : units_of(kind))
        if (unit.name == name) return &unit;
    return nullptr;
}

[[noreturn]] void fail(QuantityKind kind, std::string_view text, std::string_view what, std::string_view hint = "")
{
    throw InputError(fmt::format("{} {}; {}{}", in_quotes(text), what, wanted(kind), hint));
}

// The parts of "2.50 Gbps": digits before the point, digits after it without trailing zeros, unit.
struct Parts {
    std::string_view whole;
    std::string_view places;
    std::string_view unit;
};

[[nodiscard]] std::optional<Parts> split(std::string_view text) noexcept
{
    const auto digits_end = [&](std::size_t from) {
        while (from < text.size() && is_digit(text[from])) ++from;
        return from;
    };
    Parts             parts;
    const std::size_t point = digits_end(0);
    std::size_t       end   = point;
    if (point == 0) return std::nullopt;
    parts.whole = text.substr(0, point);
    if (point < text.size() && text[point] == '.') {
        end = digits_end(point + 1);
        if (end == point + 1) return std::nullopt;
        parts.places = text.substr(point + 1, end - point - 1);
        while (!parts.places.empty() && parts.places.back() == '0') parts.places.remove_suffix(1);
    }
    parts.unit = text.substr(end);
    if (parts.unit.size() > 1 && parts.unit.front() == ' ') parts.unit.remove_prefix(1);
    return parts;
}

[[nodiscard]] const QuantityUnit& unit_of(QuantityKind kind, std::string_view text, std::string_view name)
{
    if (name.empty()) fail(kind, text, "has no unit");
    if (const QuantityUnit* unit = find_unit(kind, name)) return *unit;
    for (const QuantityKind other : all_kinds)
        if (find_unit(other, name) != nullptr) fail(kind, text, fmt::format("is a {}", quantity_nouns[other]));
    fail(kind, text, "has an unknown unit", did_you_mean(name, unit_names(kind)));
}

}  // namespace

std::span<const QuantityUnit> units_of(QuantityKind kind) noexcept
{
    switch (kind) {
        case QuantityKind::time: return time_units;
        case QuantityKind::size: return size_units;
        case QuantityKind::rate: return rate_units;
        case QuantityKind::frame_rate: return frame_rate_units;
    }
    return {};
}

std::string wanted(QuantityKind kind)
{
    return fmt::format("a {} is wanted: {}", quantity_nouns[kind], list_of(unit_names(kind)));
}

std::int64_t parse_quantity(QuantityKind kind, std::string_view text)
{
    if (text.empty()) fail(kind, text, "is empty");
    if (text.size() > 1 && text[0] == '-' && is_digit(text[1])) fail(kind, text, "is negative");
    const auto parts = split(text);
    if (!parts) fail(kind, text, "does not begin with a number");
    const QuantityUnit& unit = unit_of(kind, text, parts->unit);

    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    Wide                   value{0};
    for (const char c : parts->whole) {
        value = value * 10 + (c - '0');
        if (value * unit.factor > most) fail(kind, text, "is too large");
    }
    const std::string not_whole = fmt::format("is not a whole number of {}", base_units_of(kind));
    if (parts->places.size() > most_places) fail(kind, text, not_whole);
    Wide scale{1};
    for (const char c : parts->places) {
        value = value * 10 + (c - '0');
        scale *= 10;
    }
    value *= unit.factor;  // below 2^63 * 10^18, which is below 2^123
    if (value % scale != 0) fail(kind, text, not_whole);
    value /= scale;
    if (value > most) fail(kind, text, "is too large");
    return static_cast<std::int64_t>(value);
}

std::string format_quantity(QuantityKind kind, std::int64_t value)
{
    const std::span<const QuantityUnit> units = units_of(kind);
    const QuantityUnit*                 best  = &units.front();
    for (const QuantityUnit& unit : units)
        if (unit.factor > best->factor && value != 0 && value % unit.factor == 0) best = &unit;
    return fmt::format("{}{}", value / best->factor, best->name);
}

std::string printable(std::string_view text)
{
    std::size_t shown = std::min<std::size_t>(text.size(), 60);
    while (shown > 0 && shown < text.size() && (static_cast<unsigned char>(text[shown]) & 0xc0U) == 0x80U) --shown;
    std::string out;
    for (const char c : text.substr(0, shown)) {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        out += control ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    if (text.size() > shown) out += "...";
    return out;
}

std::string in_quotes(std::string_view text)
{
    return fmt::format("\"{}\"", printable(text));
}

}  // namespace overrun
