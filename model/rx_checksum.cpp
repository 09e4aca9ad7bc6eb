// SPDX-License-Identifier: Apache-2.0
// Finds a frame's protocols and sums its octets: tag, IPv4 header, TCP or UDP, and the packet checksum (contract D11).
// Never sums an octet twice: ranges that overlap share the sums of their pieces.
#include "model/rx_checksum.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>

#include "hw/ethernet/fcs.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun {

namespace {

constexpr std::uint32_t ipv4_type = 0x0800, ipv6_type = 0x86dd;
constexpr std::uint32_t tcp = 6, udp = 17, hop_by_hop = 0, routing = 43, destination_options = 60;
constexpr std::uint32_t ipv4_header = 20, ipv6_header = 40, tcp_header = 20, udp_header = 8, extension_header = 8;

[[nodiscard]] std::uint32_t octet(const Frame& frame, std::uint32_t i) noexcept
{
    return std::to_integer<std::uint32_t>(frame.octet(i));
}

/// A ones' complement sum, its carries added in (RFC 1071).
[[nodiscard]] constexpr std::uint16_t fold(std::uint64_t sum) noexcept
{
    while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(sum);
}
[[nodiscard]] constexpr std::uint16_t swapped(std::uint16_t sum) noexcept
{
    return static_cast<std::uint16_t>(sum << 8U | sum >> 8U);
}

/// Of big-endian words; an odd last octet is the high half of one. The order of octets may be mended at the end
/// (RFC 1071, 2 B).
[[nodiscard]] std::uint16_t sum_of(std::span<const std::byte> octets) noexcept
{
    std::uint64_t    even = 0;  // halves of 32 bits, so that no carry is lost
    std::uint64_t    odd  = 0;
    std::uint64_t    some = 0;
    const std::byte* at   = octets.data();
    std::size_t      left = octets.size();
    for (; left >= sizeof some; at += sizeof some, left -= sizeof some) {
        std::memcpy(&some, at, sizeof some);
        even += some & 0xffff'ffffU;
        odd += some >> 32U;
    }
    if (left != 0) {
        some = 0;
        std::memcpy(&some, at, left);
        even += some & 0xffff'ffffU;
        odd += some >> 32U;
    }
    return swapped(fold(even + odd));
}

/// Octets of the frame whose sum is wanted; none when `from` >= `to`.
struct Range {
    std::uint32_t from = 0;
    std::uint32_t to   = 0;
    std::uint32_t odd  = 0;  // 1: words begin at odd octets of the frame
    std::uint64_t sum  = 0;

    void add(std::uint32_t at, std::uint16_t piece) noexcept
    {
        if (from <= at && at < to) sum += at % 2 == odd ? piece : swapped(piece);
    }
};

/// What is wanted of one frame. The tag, when stripped, divides what is stored; it is even, so words stay words.
struct Sums {
    Range before_tag;
    Range stored;
    Range ip;
    Range l4;
};

/// Of octets that are all stored, all padding or all FCS.
[[nodiscard]] std::uint16_t sum_of_piece(const Frame& frame, std::uint32_t from, std::uint32_t size) noexcept
{
    if (from >= frame.body()) {
        const auto fcs = fcs_on_wire(frame);
        return sum_of(std::span{fcs}.subspan(from - frame.body(), size));
    }
    return from < frame.stored ? sum_of(frame.stored_octets().subspan(from, size)) : std::uint16_t{0};
}

void compute(Sums& sums, const Frame& frame) noexcept
{
    const std::uint32_t           body    = frame.body();
    const std::uint32_t           present = std::min(frame.stored, body);
    std::array<Range*, 4>         wanted{};
    std::array<std::uint32_t, 10> cuts;  // those that nobody asks for lie at the body's end, too
    std::size_t                   ranges = 0;
    std::size_t                   count  = 0;
    cuts.fill(body);
    cuts[count++] = present;
    for (Range* range : {&sums.before_tag, &sums.stored, &sums.ip, &sums.l4}) {
        if (range->from >= range->to) continue;
        wanted[ranges++] = range;
        cuts[count++]    = range->from;
        cuts[count++]    = range->to;
    }
    if (ranges == 0) return;
    if (ranges == 1 && wanted[0]->to <= present) {
        // The common case needs no cuts.
        wanted[0]->add(wanted[0]->from, sum_of_piece(frame, wanted[0]->from, wanted[0]->to - wanted[0]->from));
        return;
    }
    const auto asked = std::span{wanted}.first(ranges);
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const std::uint32_t from = cuts[i];
        const std::uint32_t size = cuts[i + 1] - from;
        const bool          any  = size != 0 && std::any_of(asked.begin(), asked.end(), [from](const Range* range) {
                             return range->from <= from && from < range->to;
                         });
        if (!any) continue;
        const std::uint16_t piece = sum_of_piece(frame, from, size);
        for (Range* range : asked) range->add(from, piece);
    }
}

/// Where a frame's protocols lie, as far as they lie in it whole.
struct Layers {
    std::uint32_t version  = 0;  // 4, 6, or 0: no IP
    std::uint32_t ip       = 0;
    std::uint32_t payload  = 0;  // behind the IP headers
    std::uint32_t end      = 0;  // of what IP carries
    std::uint32_t protocol = 0;
    bool          whole    = false;  // unfragmented TCP or UDP, with all its octets
};

[[nodiscard]] Layers find_ipv4(const Frame& frame, std::uint32_t body, std::uint32_t at) noexcept
{
    if (at + ipv4_header > body || octet(frame, at) >> 4U != 4) return {};
    const std::uint32_t header = (octet(frame, at) & 0xfU) * 4;
    const std::uint32_t total  = frame.field16(at + 2);
    if (header < ipv4_header || at + header > body) return {};
    constexpr std::uint32_t fragment = 0x3fff;  // MF and the offset
    const bool              whole    = (frame.field16(at + 6) & fragment) == 0 && total >= header && at + total <= body;
    return {4, at, at + header, at + total, octet(frame, at + 9), whole};
}

[[nodiscard]] Layers find_ipv6(const Frame& frame, std::uint32_t body, std::uint32_t at, bool extensions) noexcept
{
    if (at + ipv6_header > body || octet(frame, at) >> 4U != 6) return {};
    const std::uint32_t end   = at + ipv6_header + frame.field16(at + 4);
    std::uint32_t       next  = octet(frame, at + 6);
    std::uint32_t       to    = at + ipv6_header;
    bool                whole = end <= body;
    while (whole && (next == hop_by_hop || next == routing || next == destination_options)) {
        // Before the last segment the checksum is over another destination than the header's (RFC 8200, 8.1).
        const bool elsewhere = next == routing && octet(frame, to + 3) != 0;
        whole                = extensions && to + extension_header <= end && !elsewhere;
        next                 = octet(frame, to);
        to += (octet(frame, to + 1) + 1) * extension_header;
    }
    return {6, at, to, end, next, whole && to <= end};
}

[[nodiscard]] Layers find(const Frame& frame, std::uint32_t body, const RxControl& control) noexcept
{
    const std::uint32_t at   = frame.type() == control.vlan_type ? type_at + tag_octets : type_at;
    const std::uint32_t type = frame.field16(at);
    Layers              layers;
    if (type == ipv4_type) layers = find_ipv4(frame, body, at + 2);
    if (type == ipv6_type && control.ipv6) layers = find_ipv6(frame, body, at + 2, control.ipv6_extensions);
    const std::uint32_t least = layers.protocol == tcp ? tcp_header : udp_header;
    if ((layers.protocol != tcp && layers.protocol != udp) || layers.payload + least > layers.end) layers.whole = false;
    return layers;
}

/// What TCP and UDP sum in front of themselves (RFC 9293, 3.1; RFC 768; RFC 8200, 8.1).
[[nodiscard]] std::uint64_t pseudo_header(const Frame& frame, const Layers& layers, std::uint32_t length) noexcept
{
    const std::uint32_t from = layers.ip + (layers.version == 4 ? 12 : 8);
    const std::uint32_t to   = layers.ip + (layers.version == 4 ? 20 : 40);
    std::uint64_t       sum  = std::uint64_t{layers.protocol} + length;
    for (std::uint32_t i = from; i < to; i += 2) sum += frame.field16(i);
    return sum;
}

/// Octets that the checksum of TCP or UDP covers; none when there is nothing to check.
[[nodiscard]] Range l4_range(const Frame& frame, const Layers& layers) noexcept
{
    if (!layers.whole) return {};
    if (layers.protocol == tcp) return {layers.payload, layers.end};
    // A UDP checksum of 0 is none (D11).
    const std::uint32_t length = frame.field16(layers.payload + 4);
    if (length < udp_header || layers.payload + length > layers.end || frame.field16(layers.payload + 6) == 0)
        return {};
    return {layers.payload, layers.payload + length};
}

[[nodiscard]] std::uint32_t type_of(const Layers& layers) noexcept
{
    if (layers.version == 4) return layers.whole ? rx_status::type_ipv4_l4 : rx_status::type_ipv4;
    if (layers.version == 6) return layers.whole ? rx_status::type_ipv6_l4 : rx_status::type_ipv6;
    return 0;
}

/// What the packet checksum covers (RXCSUM.PCSS, IPPCSE).
void choose_frame_sum(Sums& sums, const RxVerdict& verdict, std::uint32_t octets, std::uint32_t body,
                      const Layers& layers, const RxControl& control) noexcept
{
    if (control.sum_ip_payload) {
        if (layers.version != 0 && layers.end <= body) sums.stored = {layers.payload, layers.end, layers.payload % 2};
        return;
    }
    const std::uint32_t end   = control.fcs_cut != 0 ? body : octets;
    std::uint32_t       start = control.sum_from;
    if (verdict.stripped) {
        // PCSS does not count the tag either.
        if (start < tag_at) sums.before_tag = {start, tag_at, start % 2};
        start = std::max(start, tag_at) + tag_octets;
    }
    sums.stored = {start, end, control.sum_from % 2};
}

/// The first fragment of a UDP datagram that brings a checksum: the sums of all fragments' payloads verify it.
[[nodiscard]] bool begins_udp_datagram(const Frame& frame, const Layers& layers) noexcept
{
    constexpr std::uint32_t more = 0x2000, more_and_offset = 0x3fff;
    return layers.version == 4 && layers.protocol == udp && (frame.field16(layers.ip + 6) & more_and_offset) == more &&
           layers.payload + udp_header <= layers.end && frame.field16(layers.payload + 6) != 0;
}

/// A TCP segment with ACK, and with RFCTL.ACKD_DIS one that brings nothing else.
[[nodiscard]] bool acknowledges(const Frame& frame, const Layers& layers, const RxControl& control) noexcept
{
    if (!layers.whole || layers.protocol != tcp) return false;
    constexpr std::uint32_t flags_at = 13, ack_flag = 0x10, offset_at = 12;
    if ((octet(frame, layers.payload + flags_at) & ack_flag) == 0) return false;
    return !control.bare_acks || layers.payload + (octet(frame, layers.payload + offset_at) >> 4U) * 4 >= layers.end;
}

void look_inside(RxVerdict& verdict, const Frame& frame, std::uint32_t octets, const RxControl& control) noexcept
{
    constexpr std::uint16_t right  = 0xffff;
    const std::uint32_t     body   = octets > fcs_octets ? octets - fcs_octets : 0;
    const Layers            layers = find(frame, body, control);
    if ((control.extended || control.find_acks) && acknowledges(frame, layers, control)) {
        verdict.status |= rx_status::ack;
        if (control.find_acks) verdict.causes |= reg::ICR::ACK.mask();
    }
    if (!control.parses_headers() || (layers.version == 0 && !control.sum_frame)) return;

    Sums sums;
    if (control.check_ip && layers.version == 4)
        sums.ip = {layers.ip, layers.ip + (octet(frame, layers.ip) & 0xfU) * 4};
    if (control.check_l4 && (layers.version == 4 || control.ipv6_checksums)) sums.l4 = l4_range(frame, layers);
    if (control.sum_frame) choose_frame_sum(sums, verdict, octets, body, layers, control);
    compute(sums, frame);

    if (sums.ip.to != 0) {
        verdict.status |= rx_status::ipcs;
        if (fold(sums.ip.sum) != right) verdict.errors |= rx_error::ipe;
    }
    if (sums.l4.to != 0) {
        verdict.status |= rx_status::tcpcs | (layers.protocol == udp ? rx_status::udpcs : 0);
        if (fold(sums.l4.sum + pseudo_header(frame, layers, sums.l4.to - sums.l4.from)) != right)
            verdict.errors |= rx_error::tcpe;
    }
    if (sums.ip.to != 0 || sums.l4.to != 0) verdict.status &= ~rx_status::ixsm;
    if (control.sum_frame) {
        verdict.checksum = fold(sums.before_tag.sum + sums.stored.sum);
        if (layers.version == 4) {
            verdict.ip_id = frame.field16(layers.ip + 4);
            verdict.status |= rx_status::ipidv;
            if (control.sum_ip_payload && begins_udp_datagram(frame, layers) && layers.end <= body)
                verdict.status |= rx_status::udpv;
        }
    }
    verdict.status |= type_of(layers) << rx_status::type_shift;
}

}  // namespace

RxVerdict examine(const Frame& frame, std::uint32_t octets, const RxControl& control) noexcept
{
    RxVerdict verdict;
    if (control.strip_tags && octets >= tag_at + tag_octets + fcs_octets && frame.type() == control.vlan_type) {
        verdict.stripped = true;
        verdict.status |= rx_status::vp;
        verdict.vlan = frame.field16(tag_at + 2);
    }
    if (octets < control.small_below) verdict.causes |= reg::ICR::SRPD.mask();
    if (control.parses_headers() || control.find_acks) look_inside(verdict, frame, octets, control);
    return verdict;
}

}  // namespace overrun
