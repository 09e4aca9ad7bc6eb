// SPDX-License-Identifier: Apache-2.0
// Checksum verdicts, packet checksum, IP identification and packet type of received frames (contract D11, C.1, C.2).
// Frames and verdicts are built here from the protocols' documents.
#include "model/rx_checksum.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/ip_frames.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::body_to;
using test::build;
using test::Built;
using test::get;
using test::Octets;
using test::ones_sum;
using test::Recipe;
using test::station;
using test::tcp;
using test::udp;
using test::with_fcs;

namespace {

/// What the device shall say of any frame, found anew in the plainest way: status and error bits as in status_error.
struct Wanted {
    std::uint32_t bits = ixsm, type = 0;
    std::uint16_t ip_id = 0;
};

Wanted judge(const Octets& body, std::uint32_t csum, std::uint32_t filter)
{
    Wanted      w;
    std::size_t at    = get(body, 12, 2) == 0x8100 ? 16 : 12;
    const auto  ether = get(body, at, 2);
    at += 2;
    const std::size_t n     = body.size();
    bool              whole = false;
    std::size_t       l4 = 0, end = 0;
    std::uint32_t     proto = 0, pseudo = 0;
    const bool        v4   = ether == 0x0800 && at + 20 <= n && get(body, at, 1) >> 4U == 4;
    const bool        v6   = ether == 0x86dd && at + 40 <= n && get(body, at, 1) >> 4U == 6;
    bool              good = false;
    if (v4) {
        const std::size_t header = get(body, at, 1) % 16 * 4;
        if (header < 20 || at + header > n) return w;
        good   = ones_sum(body, at, at + header) == 0xffff;
        l4     = at + header;
        end    = at + get(body, at + 2, 2);
        proto  = get(body, at + 9, 1);
        pseudo = ones_sum(body, at + 12, at + 20);
        whole  = get(body, at + 6, 2) % 0x4000 == 0 && end >= l4 && end <= n;
        w.type = 1;
        if ((csum & pcsd) == 0) w.ip_id = static_cast<std::uint16_t>(get(body, at + 4, 2)), w.bits |= ipidv;
    } else if (v6 && (filter >> 10U & 1U) == 0) {
        l4     = at + 40;
        end    = l4 + get(body, at + 4, 2);
        proto  = get(body, at + 6, 1);
        pseudo = ones_sum(body, at + 8, at + 40);
        whole  = end <= n;
        w.type = 5;
        while (whole && (proto == 0 || proto == 43 || proto == 60)) {
            if ((filter >> 16U & 1U) != 0 || l4 + 8 > end) whole = false;
            if (proto == 43 && get(body, l4 + 3, 1) != 0) whole = false;
            proto = get(body, l4, 1);
            l4 += 8 + 8 * get(body, l4 + 1, 1);
        }
        if (l4 > end) whole = false;
    }
    whole = whole && ((proto == tcp && end - l4 >= 20) || (proto == udp && end - l4 >= 8));
    if (whole) ++w.type;
    // ACK; with ACKD_DIS only without data.
    const bool no_data = (filter >> 13U & 1U) == 0 || l4 + get(body, l4 + 12, 1) / 16 * 4 >= end;
    if (whole && proto == tcp && (get(body, l4 + 13, 1) & 16U) != 0 && no_data) w.bits |= ack_status;
    if (v4 && (csum & ipofl) != 0) w.bits = (w.bits & ~ixsm) | ipcs | (good ? 0 : ipe);
    if (!whole || (csum & tuofl) == 0 || (v6 && (filter >> 11U & 1U) != 0)) return w;
    std::size_t length = end - l4;
    if (proto == udp) {
        if (get(body, l4 + 6, 2) == 0 || get(body, l4 + 4, 2) < 8 || get(body, l4 + 4, 2) > length) return w;
        length = get(body, l4 + 4, 2);
    }
    const auto size = static_cast<std::uint32_t>(length);
    w.bits          = (w.bits & ~ixsm) | tcpcs | (proto == udp ? udpcs : 0);
    if (ones_sum(body, l4, l4 + length, pseudo + proto + size) != 0xffff) w.bits |= tcpe;
    return w;
}

struct Setting {
    std::uint32_t csum     = ipofl | tuofl;
    std::uint32_t filter   = 0;  ///< RFCTL without EXTEN
    bool          extended = true, strip = true, vlan = false;
};

void prepare(BareNic& nic, const Setting& s)
{
    nic.receive(0, {.size = 256, .given = 0, .extended = s.extended});
    nic.write(rxcsum, s.csum);
    nic.write(rfctl, s.filter | (s.extended ? exten : 0));
    nic.write(ctrl, nic.peek(ctrl) | (s.vlan ? vme : 0));
    nic.write(rctl, en | lpe | (s.strip ? secrc : 0));
    nic.write(reg::RDT::at(0), 255);
}

/// The first thing in descriptor `i` that is not as it should be for `body`; empty when all is.
std::string wrong(BareNic& nic, std::uint32_t i, const Octets& body, const Setting& s)
{
    const bool   removed = s.vlan && get(body, 12, 2) == 0x8100;
    const Wanted want    = judge(body, s.csum, s.filter);
    Octets       stored  = s.strip ? body : with_fcs(body);
    if (removed) stored.erase(stored.begin() + 12, stored.begin() + 16);
    const std::uint16_t sum =
        (s.csum & pcsd) == 0 ? ones_sum(stored, s.csum & 0xffU, std::max<std::size_t>(stored.size(), s.csum & 0xffU))
                             : std::uint16_t{0};
    std::uint32_t bits = want.bits | 3U | (removed ? vp : 0) | want.type << 16U;
    if (s.extended) {
        const RxDescriptorExtended d = nic.extended(i);
        if (d.status_error != bits) return "status " + std::to_string(d.status_error) + " " + std::to_string(bits);
        if (d.length != stored.size()) return "length";
        if (d.checksum != sum) return "checksum " + std::to_string(d.checksum) + " " + std::to_string(sum);
        if (d.ip_id != want.ip_id) return "identification";
        if (d.mrq != 0) return "mrq";
    } else {
        const auto d = nic.descriptor<RxDescriptorLegacy>(i);
        if (d.status != (bits & 0xffU)) return "status";
        if (d.errors != bits >> 24U) return "errors";
        if (d.length != stored.size()) return "length";
        if (d.checksum != sum) return "checksum";
    }
    return {};
}

std::string first_wrong(const std::vector<Octets>& bodies, const Setting& s)
{
    BareNic nic;
    prepare(nic, s);
    for (const Octets& body : bodies) nic.send(body);
    nic.finish();
    for (std::uint32_t i = 0; i < bodies.size(); ++i)
        if (auto found = wrong(nic, i, bodies[i], s); !found.empty()) return std::to_string(i) + ": " + found;
    return {};
}

std::vector<Recipe> recipes()
{
    std::vector<Recipe> all;
    for (const unsigned version : {4U, 6U})
        for (const std::uint8_t protocol : {tcp, udp, std::uint8_t{1}})
            for (const std::uint32_t data : {0U, 1U, 2U, 3U, 99U, 1400U})
                for (const bool tag : {false, true})
                    all.push_back({.version = version, .protocol = protocol, .data = data, .tag = tag});
    for (const std::uint8_t protocol : {tcp, udp}) {
        for (const std::uint32_t options : {1U, 2U, 5U, 10U})
            all.push_back({.protocol = protocol, .data = 51, .options = options});
        for (const std::uint16_t fragment : std::array<std::uint16_t, 5>{0x2000, 0x4000, 0x0001, 0x2010, 0x1fff})
            all.push_back({.protocol = protocol, .data = 64, .fragment = fragment});
        all.push_back({.version = 6, .protocol = protocol, .data = 64, .fragment = 0x0001});
        for (const std::uint8_t extension : std::array<std::uint8_t, 3>{0, 43, 60})
            for (const std::uint8_t segments : std::array<std::uint8_t, 2>{0, 1})
                all.push_back(
                    {.version = 6, .protocol = protocol, .options = 2, .extension = extension, .segments = segments});
        for (const std::uint32_t trailer : {1U, 6U}) all.push_back({.protocol = protocol, .trailer = trailer});
    }
    for (const unsigned version : {4U, 6U})
        all.push_back({.version = version, .protocol = udp, .data = 33, .no_checksum = true});
    return all;
}

std::vector<Octets> samples()
{
    std::vector<Octets> bodies;
    for (const Recipe& recipe : recipes()) bodies.push_back(build(recipe).body);
    bodies.push_back(body_to(station, 64));
    bodies.push_back(body_to(station, 64, 0x0800));
    bodies.push_back(body_to(station, 300, 0x86dd));
    bodies.push_back(body_to(station, 300, 0x8100));
    return bodies;
}

}  // namespace

TEST_CASE("right frames get their verdicts, under every setting", "[rx_checksum]")
{
    const auto bodies = samples();
    for (const std::uint32_t csum : {ipofl | tuofl, ipofl, tuofl, 0U, pcsd, pcsd | ipofl | tuofl, 14U, 13U | tuofl, 11U,
                                     12U, 34U | ipofl | tuofl, 63U, 255U})
        for (const std::uint32_t filter : {0U, 1U << 10U, 1U << 11U, 1U << 16U})
            for (const bool extended : {true, false}) {
                if (filter != 0 && (csum & tuofl) == 0) continue;
                for (const unsigned more : {0U, 1U, 2U, 3U}) {
                    CAPTURE(csum, filter, extended, more);
                    CHECK(first_wrong(bodies, {csum, filter, extended, more % 2 == 0, more / 2 == 0}) == "");
                }
            }
}

TEST_CASE("verdicts by the document, not by either program", "[rx_checksum]")
{
    // By RFC 791, RFC 768, RFC 9293 and RFC 8200: which sums cover which octets.
    RxControl control;
    control.check_ip = control.check_l4 = true;
    const auto bits                     = [&control](const Recipe& recipe, std::size_t spoilt = 0) {
        Octets body = build(recipe).body;
        if (spoilt != 0) body[spoilt] ^= std::byte{0x10};
        const Octets    wire   = with_fcs(body);
        const auto      length = static_cast<std::uint32_t>(wire.size());
        const RxVerdict verdict =
            examine({.octets = wire.data(), .stored = length, .length = length, .fcs = Fcs::stored}, length, control);
        return (verdict.status & 0xffU) | verdict.errors << 24U;
    };
    CHECK(bits({}) == (ipcs | tcpcs));
    CHECK(bits({.protocol = udp}) == (ipcs | tcpcs | udpcs));
    CHECK(bits({.protocol = udp, .no_checksum = true}) == ipcs);
    CHECK(bits({.protocol = 1}) == ipcs);
    CHECK(bits({.fragment = 0x2000}) == ipcs);
    CHECK(bits({.version = 6}) == tcpcs);
    CHECK(bits({.version = 6, .protocol = udp}) == (tcpcs | udpcs));
    CHECK(bits({.version = 6, .fragment = 1}) == ixsm);
    CHECK(bits({}, 14 + 8) == (ipcs | tcpcs | ipe));          // TTL
    CHECK(bits({}, 14 + 12) == (ipcs | tcpcs | ipe | tcpe));  // an address is in both
    CHECK(bits({}, 14 + 20 + 30) == (ipcs | tcpcs | tcpe));   // data
    CHECK(bits({.version = 6}, 14 + 7) == tcpcs);             // the hop limit is in none
    CHECK(bits({.version = 6}, 14 + 39) == (tcpcs | tcpe));
    control.check_ip = false;
    CHECK(bits({}, 14 + 8) == tcpcs);
    control.check_l4 = false;
    CHECK(bits({}, 14 + 12) == ixsm);

    // RFC 1071's example: 0001 f203 f4f5 f6f7 sum to ddf2.
    control.sum_frame = true;
    control.fcs_cut   = fcs_octets;
    control.sum_from  = 52;
    Octets                            body(60);
    constexpr std::array<unsigned, 8> example{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    for (std::size_t i = 0; i < 8; ++i) body[52 + i] = static_cast<std::byte>(example[i]);
    const Octets wire = with_fcs(body);
    CHECK(examine({.octets = wire.data(), .stored = 64, .length = 64, .fcs = Fcs::stored}, 64, control).checksum ==
          0xddf2);
}

TEST_CASE("each octet of the headers spoilt in turn, every bit of it", "[rx_checksum]")
{
    const std::vector<Recipe> some{{.data = 6},
                                   {.protocol = udp, .data = 18},
                                   {.data = 9, .options = 2, .tag = true},
                                   {.version = 6, .data = 5},
                                   {.version = 6, .protocol = udp, .data = 10, .tag = true},
                                   {.version = 6, .protocol = udp, .data = 10, .options = 2},
                                   {.protocol = udp, .data = 30, .trailer = 3}};
    for (const Recipe& recipe : some) {
        const Built right = build(recipe);
        for (const std::uint32_t csum : {ipofl | tuofl, pcsd | ipofl | tuofl}) {
            std::vector<Octets> bodies;
            for (std::size_t at = 12; at < right.body.size(); ++at)
                for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
                    bodies.push_back(right.body);
                    bodies.back()[at] ^= static_cast<std::byte>(flip);
                }
            while (!bodies.empty()) {
                const std::size_t         n = std::min<std::size_t>(bodies.size(), 250);
                const std::vector<Octets> part(bodies.end() - static_cast<std::ptrdiff_t>(n), bodies.end());
                bodies.resize(bodies.size() - n);
                CAPTURE(recipe.version, recipe.protocol, recipe.options, csum, bodies.size());
                CHECK(first_wrong(part, {csum, 0, true, bodies.size() % 2 == 0, bodies.size() % 4 < 2}) == "");
            }
        }
    }
}

TEST_CASE("frames cut short anywhere get no verdict on what is not there", "[rx_checksum]")
{
    for (const Recipe& recipe :
         {Recipe{.data = 200}, Recipe{.protocol = udp, .data = 200, .options = 3}, Recipe{.version = 6, .data = 200},
          Recipe{.version = 6, .protocol = udp, .data = 200, .options = 3, .extension = 60}}) {
        const Octets        body = build(recipe).body;
        std::vector<Octets> cut;
        for (std::size_t n = 60; n < body.size(); n += 1 + n / 100)
            cut.emplace_back(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(n));
        CHECK(first_wrong(cut, {}) == "");
    }
    // Shorter ones, as a runt brings them, on the function alone: nothing beyond their end counts.
    const Octets body = build({}).body;
    RxControl    control;
    control.check_ip = control.check_l4 = control.sum_frame = true;
    for (std::uint32_t n = 4; n < 64; ++n) {
        const Octets    wire(body.begin(), body.begin() + n);
        const RxVerdict verdict =
            examine({.octets = wire.data(), .stored = n, .length = n, .fcs = Fcs::stored}, n, control);
        CAPTURE(n);
        CHECK(verdict.errors == 0);
        CHECK(((verdict.status & ipcs) != 0) == (n >= 14 + 20 + 4));
        CHECK((verdict.status & tcpcs) == 0);
        CHECK(verdict.checksum == ones_sum(wire, 0, n));
    }
}

TEST_CASE("what nobody stored is summed all the same", "[rx_checksum]")
{
    for (const bool strip : {true, false}) {
        for (const std::uint32_t stored : {41U, 42U, 60U, 200U}) {
            for (const std::uint32_t length : {64U, 65U, 301U, 302U}) {
                if (length < stored + 4) continue;
                for (const std::uint32_t start : {0U, 13U, 14U, 255U}) {
                    Octets body = build({.protocol = udp, .data = 150}).body;
                    body.resize(stored);
                    const Setting setting{ipofl | tuofl | start, 0, true, strip, false};
                    BareNic       nic;
                    prepare(nic, setting);
                    nic.send_padded(body, length);
                    nic.finish();
                    body.resize(length - 4);
                    CAPTURE(strip, stored, length, start);
                    CHECK(wrong(nic, 0, body, setting) == "");
                }
            }
        }
    }
}

TEST_CASE("a frame over several descriptors has its verdict in the last, the legacy checksum in the first",
          "[rx_checksum]")
{
    for (const bool extended : {true, false}) {
        const Octets  body = build({.data = 700}).body;
        const Setting setting{ipofl | tuofl | 14U, 0, extended};
        BareNic       nic;
        prepare(nic, setting);
        nic.write(rctl, en | lpe | secrc | 3U << 16U);
        nic.send(body);
        nic.finish();
        const std::uint16_t sum = ones_sum(body, 14, body.size());
        REQUIRE(body.size() / 256 == 2);
        if (extended) {
            CHECK(nic.extended(0).status_error == 1);
            CHECK(nic.extended(0).checksum == 0);
            CHECK(nic.extended(2).status_error == (3U | ipcs | tcpcs | ipidv | ack_status | 2U << 16U));
            CHECK(nic.extended(2).checksum == sum);
            CHECK(nic.extended(2).ip_id == 0xbeef);
        } else {
            const auto at = [&nic](std::uint32_t i) { return nic.descriptor<RxDescriptorLegacy>(i); };
            CHECK(at(0).status == 1);
            CHECK(at(0).checksum == sum);
            CHECK(at(1).checksum == 0);
            CHECK(at(2).status == (3U | ipcs | tcpcs));
            CHECK(at(2).checksum == 0);
        }
    }
}

TEST_CASE("a wrong verdict is noticed", "[rx_checksum]")
{
    const Setting setting{};
    const Octets  body = build({}).body;
    BareNic       nic;
    prepare(nic, setting);
    nic.send(body);
    nic.finish();
    REQUIRE(wrong(nic, 0, body, setting) == "");
    for (unsigned bit = 0; bit < 128; ++bit) {
        if (bit < 32 || bit >= 112) continue;  // MRQ apart, and the VLAN field
        std::byte& octet = *nic.memory.at(nic.slot(0) + bit / 8);
        octet ^= static_cast<std::byte>(1U << bit % 8);
        CAPTURE(bit);
        CHECK(wrong(nic, 0, body, setting) != "");
        octet ^= static_cast<std::byte>(1U << bit % 8);
    }
    // Frames that differ in one octet of a header differ in what is said of them.
    for (const std::size_t at : {std::size_t{22}, std::size_t{40}}) {
        Octets other = body;
        other[at] ^= std::byte{1};
        CHECK(wrong(nic, 0, other, setting) != "");
    }
}
