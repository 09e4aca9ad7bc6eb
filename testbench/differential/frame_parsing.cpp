// SPDX-License-Identifier: Apache-2.0
// Which frames have headers that the two sides read by different rules.
// It sums nothing: verdicts on frames with sound headers are all compared.
#include "testbench/differential/frame_rules.hpp"

namespace overrun::differential {

namespace {

/// Octets of a frame; beyond its end there are none.
class Reader {
public:
    explicit Reader(std::span<const std::byte> frame) : frame_{frame} {}

    [[nodiscard]] bool          has(std::size_t at, std::size_t octets) const { return at + octets <= frame_.size(); }
    [[nodiscard]] std::uint32_t octet(std::size_t at) const { return std::to_integer<std::uint32_t>(frame_[at]); }
    [[nodiscard]] std::uint32_t word(std::size_t at) const { return octet(at) << 8U | octet(at + 1); }

private:
    std::span<const std::byte> frame_;
};

constexpr std::size_t   type_at = 12, tag = 4;
constexpr std::uint32_t tcp = 6, udp = 17, hop_by_hop = 0, routing = 43, fragment = 44, authentication = 51,
                        destination_options = 60, mobility = 135;

/// Tags behind each other from `at` on, as QEMU knows them.
std::size_t tags_at(const Reader& frame, std::size_t at)
{
    std::size_t count = 0;
    while (count < 2 && frame.has(at, 2) && (frame.word(at) == 0x8100 || frame.word(at) == 0x88a8)) {
        ++count;
        at += tag;
    }
    return count;
}

bool sound_transport(const Reader& frame, std::size_t at, std::size_t end, std::uint32_t protocol)
{
    if (protocol == tcp) return at + 20 <= end;
    if (protocol != udp) return true;
    return at + 8 <= end && frame.word(at + 4) == end - at;
}

std::optional<Departure> parsing_ipv4(const Reader& frame, std::size_t at)
{
    if (!frame.has(at, 20) || frame.octet(at) >> 4U != 4) return Departure::malformed_ip;
    const std::size_t header = (frame.octet(at) & 0xfU) * 4;
    const std::size_t total  = frame.word(at + 2);
    if (header < 20 || total < header || !frame.has(at, total)) return Departure::malformed_ip;
    const std::uint32_t protocol = frame.octet(at + 9);
    if ((frame.word(at + 6) & 0x3fffU) != 0)
        return protocol == tcp || protocol == udp ? std::optional{Departure::ipv4_fragment} : std::nullopt;
    if (!sound_transport(frame, at + header, at + total, protocol)) return Departure::malformed_ip;
    return std::nullopt;
}

/// Headers that QEMU looks behind. Ours stops at two of them, but one that is cut off decides about the others.
bool goes_on(std::uint32_t header)
{
    return header == hop_by_hop || header == routing || header == fragment || header == authentication ||
           header == destination_options || header == mobility;
}

/// @param fragments are judged by other rules, whatever is in them
std::optional<Departure> parsing_ipv6(const Reader& frame, std::size_t at, bool extensions, bool fragments)
{
    if (!frame.has(at, 40) || frame.octet(at) >> 4U != 6 || !frame.has(at + 40, frame.word(at + 4)))
        return Departure::malformed_ip;
    const std::size_t end  = at + 40 + frame.word(at + 4);
    std::uint32_t     next = frame.octet(at + 6);
    for (at += 40; goes_on(next);) {
        if (at + 8 > end) return Departure::malformed_ip;
        if (!extensions) return Departure::ipv6_settings;
        if (next == fragment && fragments) return Departure::ipv6_fragment;
        if (next == routing && frame.octet(at + 3) != 0) return Departure::ipv6_routing;
        next = frame.octet(at);
        at += (frame.octet(at + 1) + 1) * 8;
        if (at > end) return Departure::malformed_ip;
    }
    if (!sound_transport(frame, at, end, next)) return Departure::malformed_ip;
    return std::nullopt;
}

}  // namespace

std::optional<Departure> FrameRules::parsing(std::span<const std::byte> frame) const
{
    const std::optional<Departure> reason = reading(frame);
    return reason && exists(*reason) ? reason : std::nullopt;
}

/// The first reason that any version of QEMU has.
std::optional<Departure> FrameRules::reading(std::span<const std::byte> octets) const
{
    const Reader      frame{octets};
    const bool        tagged = frame.word(type_at) == (words_[reg::VET::offset / 4] & 0xffffU);
    const bool        strips = tagged && reg::CTRL::VME.in(words_[reg::CTRL::offset / 4]);
    const std::size_t ours   = tagged ? 1 : 0;
    const std::size_t theirs = strips ? 1 + tags_at(frame, type_at + tag) : tags_at(frame, type_at);
    if (ours != theirs && exists(Departure::tag_parsing)) return Departure::tag_parsing;
    const std::size_t at = type_at + ours * tag;
    switch (frame.word(at)) {
        case 0x0800: return parsing_ipv4(frame, at + 2);
        case 0x86dd: {
            const std::uint32_t rfctl = words_[reg::RFCTL::offset / 4];
            if (reg::RFCTL::IPV6_DIS.in(rfctl)) return Departure::ipv6_settings;
            return parsing_ipv6(frame, at + 2, !reg::RFCTL::IPV6_EX_DIS.in(rfctl), exists(Departure::ipv6_fragment));
        }
        default: return std::nullopt;
    }
}

}  // namespace overrun::differential
