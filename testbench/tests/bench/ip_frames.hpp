// SPDX-License-Identifier: Apache-2.0
// Frames of IPv4 and IPv6 with right checksums, and the sum of RFC 1071 in its plainest form.
// It does not use the code that it tests.
#pragma once

#include <cstddef>
#include <cstdint>

#include "testbench/tests/bench/bare_nic.hpp"

namespace overrun::test {

inline constexpr std::uint8_t tcp = 6, udp = 17;

inline void put(Octets& to, std::uint64_t value, unsigned octets)
{
    while (octets-- > 0) to.push_back(static_cast<std::byte>(value >> (8 * octets)));
}
[[nodiscard]] inline std::uint32_t get(const Octets& from, std::size_t at, unsigned octets)
{
    std::uint32_t value = 0;
    for (unsigned i = 0; i < octets; ++i)
        value = value << 8U | (at + i < from.size() ? std::to_integer<std::uint32_t>(from[at + i]) : 0);
    return value;
}

/// RFC 1071, word by word, carries at once.
[[nodiscard]] inline std::uint16_t ones_sum(const Octets& octets, std::size_t from, std::size_t to,
                                            std::uint32_t sum = 0)
{
    for (; from < to; from += 2) {
        sum += get(octets, from, 1) << 8U | (from + 1 < to ? get(octets, from + 1, 1) : 0);
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return static_cast<std::uint16_t>((sum & 0xffffU) + (sum >> 16U));
}

inline void patch(Octets& octets, std::size_t at, std::uint16_t value)
{
    octets[at]     = static_cast<std::byte>(value >> 8U);
    octets[at + 1] = static_cast<std::byte>(value & 0xffU);
}

/// A frame of IP, its checksums right.
struct Recipe {
    unsigned      version     = 4;
    std::uint8_t  protocol    = tcp;
    std::uint32_t data        = 100;
    std::uint32_t options     = 0;  ///< IPv4: dwords; IPv6: extension headers of eight octets
    std::uint16_t fragment    = 0;  ///< flags and offset; IPv6: not 0: a fragment header
    bool          tag         = false;
    bool          no_checksum = false;  ///< UDP's is 0
    std::uint32_t trailer     = 0;      ///< octets behind the IP datagram
    std::uint8_t  extension   = 0;      ///< IPv6: hop-by-hop 0, routing 43, destination options 60
    std::uint8_t  segments    = 0;      ///< left, of a routing header
};

struct Built {
    Octets      body;
    std::size_t ip = 0, l4 = 0, end = 0;
};

[[nodiscard]] inline Built build(const Recipe& r)
{
    Built   b;
    Octets& o = b.body;
    o         = body_to(station, 64);
    o.resize(12);
    if (r.tag) put(o, 0x8100'6005, 4);
    put(o, r.version == 4 ? 0x0800 : 0x86dd, 2);
    b.ip                       = o.size();
    const std::uint32_t inside = (r.protocol == tcp ? 20 : 8) + r.data;
    if (r.version == 4) {
        put(o, 0x40U | (5 + r.options), 1);
        put(o, 0, 1);
        put(o, 20 + 4 * r.options + inside, 2);
        put(o, 0xbeef, 2);
        put(o, r.fragment, 2);
        put(o, 64, 1);
        put(o, r.protocol, 1);
        put(o, 0, 2);
        put(o, 0xc0a8'0102'c0a8'01feU, 8);
        for (std::uint32_t i = 0; i < r.options; ++i) put(o, 0x0101'0101, 4);
        patch(o, b.ip + 10, static_cast<std::uint16_t>(~ones_sum(o, b.ip, o.size())));
    } else {
        put(o, 0x6000'0000, 4);
        put(o, inside + 8 * r.options + (r.fragment != 0 ? 8 : 0), 2);
        const std::uint8_t first = r.fragment != 0 ? 44 : r.protocol;
        put(o, r.options != 0 ? r.extension : first, 1);
        put(o, 64, 1);
        for (unsigned i = 0; i < 4; ++i) put(o, 0x2001'0db8'0000'0000U + 0x1111 * i, 8);
        for (std::uint32_t i = 0; i < r.options; ++i) {
            put(o, i + 1 < r.options ? r.extension : first, 1);
            put(o, 0, 2);
            put(o, r.segments, 1);
            put(o, 0x0102'0000, 4);
        }
        if (r.fragment != 0) {
            put(o, r.protocol, 1);
            put(o, 0, 1);
            put(o, r.fragment, 2);
            put(o, 0x1234'5678, 4);
        }
    }
    b.l4 = o.size();
    put(o, 0x1234'0050, 4);
    if (r.protocol == tcp) {
        put(o, 0x0102'0304'0506'0708U, 8);
        put(o, 0x5018'2000'0000'0000U, 8);
    } else {
        put(o, inside, 2);
        put(o, 0, 2);
    }
    for (std::uint32_t i = 0; i < r.data; ++i) put(o, 0x35 * i + 7, 1);
    b.end                      = o.size();
    const std::size_t   at     = b.l4 + (r.protocol == tcp ? 16 : 6);
    const std::uint32_t pseudo = ones_sum(o, b.ip + (r.version == 4 ? 12 : 8), b.ip + (r.version == 4 ? 20 : 40));
    const auto          sum    = static_cast<std::uint16_t>(~ones_sum(o, b.l4, b.end, pseudo + r.protocol + inside));
    if (r.protocol == tcp || r.protocol == udp) patch(o, at, r.no_checksum ? 0 : sum == 0 ? 0xffff : sum);
    for (std::uint32_t i = 0; i < r.trailer; ++i) put(o, 0xa0 + i, 1);
    if (o.size() < 60) o.resize(60);
    return b;
}

}  // namespace overrun::test
