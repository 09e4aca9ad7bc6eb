// SPDX-License-Identifier: Apache-2.0
// Quantities as text with a unit: "125us", "20KiB", "2.5Gbps", "1.488Mpps".
// Contract: a text that is not a whole number of the base unit is an error.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hw/base/enum_names.hpp"

namespace overrun {

/// What a quantity measures, and its base unit.
enum class QuantityKind : std::uint8_t {
    time,        ///< picoseconds
    size,        ///< octets
    rate,        ///< bits per second
    frame_rate,  ///< frames per second
};

struct QuantityUnit {
    std::string_view name;
    std::int64_t     factor;  ///< of the base unit
};

/// The units of a kind, smallest first.
[[nodiscard]] std::span<const QuantityUnit> units_of(QuantityKind kind) noexcept;

inline constexpr auto quantity_nouns = enum_names<QuantityKind>({{QuantityKind::time, "time"},
                                                                 {QuantityKind::size, "size"},
                                                                 {QuantityKind::rate, "rate"},
                                                                 {QuantityKind::frame_rate, "frame rate"}});

/// "a time is wanted: ps, ns, us, ms, s", the end of every error about a quantity.
[[nodiscard]] std::string wanted(QuantityKind kind);

/// @param text digits, at most one point with digits on both sides, at most one space, a unit
/// @return the value in the base unit
/// @throws InputError with the text, what is wrong with it and which units are allowed
[[nodiscard]] std::int64_t parse_quantity(QuantityKind kind, std::string_view text);

/// The shortest exact text that `parse_quantity` reads back to the same value (>= 0): 1536 octets are "1536B".
[[nodiscard]] std::string format_quantity(QuantityKind kind, std::int64_t value);

/// A text as errors show it: on one line, without control characters, cut after 60 octets.
[[nodiscard]] std::string printable(std::string_view text);

/// The same in quotes.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace overrun
