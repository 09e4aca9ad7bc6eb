// SPDX-License-Identifier: Apache-2.0
// A 48-bit Ethernet address, its text form and its classes.
// Its octets are in the order of the wire: octet 0 is sent first.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace overrun {

struct MacAddress {
    std::array<std::uint8_t, 6> octets{};

    [[nodiscard]] static constexpr MacAddress from(const std::byte* wire) noexcept
    {
        MacAddress address;
        for (std::size_t i = 0; i < 6; ++i) address.octets[i] = static_cast<std::uint8_t>(wire[i]);
        return address;
    }

    /// The I/G bit; a broadcast is a group address too.
    [[nodiscard]] constexpr bool is_group() const noexcept { return (octets[0] & 1U) != 0; }
    [[nodiscard]] constexpr bool is_broadcast() const noexcept
    {
        return *this == MacAddress{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    }

    /// Octet 0 in the lowest eight bits, as RAL and RAH hold it.
    [[nodiscard]] constexpr std::uint64_t value() const noexcept
    {
        std::uint64_t v = 0;
        for (std::size_t i = 6; i-- > 0;) v = v << 8 | octets[i];
        return v;
    }

    [[nodiscard]] std::string text() const
    {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string                out;
        for (const std::uint8_t octet : octets) {
            if (!out.empty()) out += ':';
            out += digits[octet >> 4U];
            out += digits[octet & 15U];
        }
        return out;
    }

    /// "02:00:00:00:00:01", either case; empty when it is not that.
    [[nodiscard]] static std::optional<MacAddress> parse(std::string_view text)
    {
        if (text.size() != 17) return std::nullopt;
        MacAddress address;
        for (std::size_t i = 0; i < 6; ++i) {
            const auto high = nibble(text[3 * i]);
            const auto low  = nibble(text[3 * i + 1]);
            if (!high || !low || (i < 5 && text[3 * i + 2] != ':')) return std::nullopt;
            address.octets[i] = static_cast<std::uint8_t>(*high << 4U | *low);
        }
        return address;
    }

    friend constexpr bool operator==(const MacAddress&, const MacAddress&) = default;

private:
    [[nodiscard]] static constexpr std::optional<unsigned> nibble(char c) noexcept
    {
        if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
        if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
        if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
        return std::nullopt;
    }
};

inline constexpr MacAddress default_station_address{{0x02, 0, 0, 0, 0, 0x01}};

}  // namespace overrun
