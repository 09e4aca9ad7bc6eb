// SPDX-License-Identifier: Apache-2.0
// CTRL.VME: tags leave the frame and stand in its last descriptor (contract D11, C.1, C.2).
// The memory image is computed here, octet by octet.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::body_to;
using test::Octets;
using test::station;
using test::Totals;
using test::with_fcs;

namespace {

constexpr std::byte     untouched{0xee};
constexpr std::uint16_t tci = 0xa123;

constexpr std::array bugs{"tag kept", "no vp", "no tci", "wrong octets", "length with tag", "vp everywhere", "swapped"};

/// A tagged frame with its FCS.
Octets tagged(std::uint32_t length, std::uint16_t type = 0x8100)
{
    Octets body = body_to(station, length, type);
    if (body.size() >= 16) {
        body[14] = std::byte{tci >> 8U};
        body[15] = std::byte{tci & 0xffU};
    }
    return with_fcs(body);
}

struct Shape {
    bool          extended = true;
    bool          strip    = true;  ///< the FCS
    bool          vme      = true;
    std::uint32_t buffer   = 2048;
    std::uint32_t bits     = 0;  ///< RCTL
};

void prepare(BareNic& nic, const Shape& s)
{
    nic.receive(0, {.size = 72, .given = 0, .spacing = s.buffer + 64, .extended = s.extended});
    std::fill_n(nic.memory.at(nic.buffers.address), nic.buffers.octets, untouched);
    nic.write(ctrl, nic.peek(ctrl) | (s.vme ? vme : 0));
    nic.write(rctl, en | lpe | s.bits | (s.strip ? secrc : 0));
    nic.write(reg::RDT::at(0), 71);
}

/// Descriptors and buffers that differ from what `wire` should have left; `removed`: it was tagged and is so no more.
unsigned differences(BareNic& nic, const Octets& wire, const Shape& s, bool removed, std::string_view bug = {})
{
    Octets stored = wire;
    if (s.strip) stored.resize(stored.size() - 4);
    const auto whole = static_cast<std::uint32_t>(stored.size());
    if (removed && bug != "tag kept") {
        const int at = bug == "wrong octets" ? 14 : 12;
        stored.erase(stored.begin() + at, stored.begin() + at + 4);
    }
    unsigned      count = 0;
    std::uint32_t i     = 0;
    for (std::size_t at = 0; at < stored.size(); at += s.buffer, ++i) {
        const std::size_t part = std::min<std::size_t>(s.buffer, stored.size() - at);
        const bool        last = at + part == stored.size();
        const bool        vp   = (last || bug == "vp everywhere") && removed && bug != "no vp";
        const auto        length =
            static_cast<std::uint32_t>(last && bug == "length with tag" ? part + whole - stored.size() : part);
        const std::uint32_t status = 1U | (last ? 6U : 0) | (vp ? 8U : 0);
        std::uint32_t       tag    = last && removed && bug != "no tci" ? tci : 0;
        if (bug == "swapped") tag = (tag >> 8U | tag << 8U) & 0xffffU;
        if (s.extended) {
            const RxDescriptorExtended d = nic.extended(i);
            count += d.status_error != status || d.length != length || d.vlan != tag || d.mrq != 0 || d.checksum != 0;
        } else {
            const auto d = nic.descriptor<RxDescriptorLegacy>(i);
            count += d.status != status || d.errors != 0 || d.length != length || d.vlan != tag ||
                     d.buffer != nic.buffer(i) || d.checksum != 0;
        }
        Octets buffer(nic.ring.spacing, untouched);
        std::copy_n(stored.begin() + static_cast<std::ptrdiff_t>(at), part, buffer.begin());
        count += nic.octets_at(nic.buffer(i), nic.ring.spacing) != buffer;
    }
    count += nic.peek(rdh) != i;
    count += nic.octets_at(nic.buffer(i), nic.ring.spacing) != Octets(nic.ring.spacing, untouched);
    return count;
}

}  // namespace

TEST_CASE("a tag leaves the frame with CTRL.VME, and only then", "[vlan_strip]")
{
    for (const bool extended : {true, false}) {
        for (const bool strip : {true, false}) {
            for (const bool on : {true, false}) {
                for (const std::uint32_t length : {64U, 65U, 68U, 100U, 1518U, 1522U, 9000U}) {
                    const Shape shape{extended, strip, on, 16384, 1U << 25U | 1U << 16U};
                    CAPTURE(extended, strip, on, length);
                    {
                        BareNic nic;
                        prepare(nic, shape);
                        nic.send_raw(tagged(length));
                        nic.finish();
                        CHECK(differences(nic, tagged(length), shape, on) == 0);
                    }
                    BareNic nic;
                    prepare(nic, shape);
                    nic.send_raw(tagged(length, 0x88b5));
                    nic.finish();
                    CHECK(differences(nic, tagged(length, 0x88b5), shape, false) == 0);
                }
            }
        }
    }
}

TEST_CASE("VET says what a tag is", "[vlan_strip]")
{
    for (const std::uint16_t type : {std::uint16_t{0x88a8}, std::uint16_t{0x8100}}) {
        BareNic     nic;
        const Shape shape{};
        prepare(nic, shape);
        nic.write(vet, 0x88a8);
        nic.send_raw(tagged(100, type));
        nic.finish();
        CHECK(differences(nic, tagged(100, type), shape, type == 0x88a8) == 0);
    }
}

TEST_CASE("frames without their tags are cut at every edge of a buffer", "[vlan_strip]")
{
    for (const bool flexible : {false, true}) {
        const std::uint32_t buffer = flexible ? 1024 : 256;
        for (const std::uint32_t n : {1U, 2U, 5U}) {
            for (std::uint32_t around = 0; around < 20; ++around) {
                const std::uint32_t length = n * buffer - 6 + around;
                const Shape         shape{length % 3 != 0, length % 2 == 0, true, buffer,
                                  flexible ? flexible_1k : buffers_of_256};
                BareNic             nic;
                prepare(nic, shape);
                nic.send_raw(tagged(length));
                nic.finish();
                CAPTURE(length, buffer);
                REQUIRE(differences(nic, tagged(length), shape, true) == 0);
                REQUIRE(nic.fates() == Totals{{"stored", 1}});
            }
        }
    }
}

TEST_CASE("frames too short for a tag keep what they have, and no octet is lost", "[vlan_strip]")
{
    // Runts, stored by SBP: 20 octets are the shortest with a tag and an FCS.
    for (std::uint32_t length = 14; length < 64; ++length) {
        const Shape  shape{length % 2 == 0, true, true, 2048, sbp | 1U << 3U};
        const Octets wire = tagged(length);
        BareNic      nic;
        prepare(nic, shape);
        nic.send_raw(wire);
        nic.finish();
        if (wire.size() != length) continue;
        CAPTURE(length);
        CHECK(differences(nic, wire, shape, length >= 20) == 0);
    }
}

TEST_CASE("a tag goes from frames whose padding or FCS nobody stored", "[vlan_strip]")
{
    for (const std::uint32_t stored : {16U, 17U, 40U, 60U, 255U, 256U, 260U, 261U}) {
        for (const std::uint32_t length : {64U, 256U, 264U, 265U, 700U}) {
            if (length < stored + 4) continue;
            for (const bool strip : {true, false}) {
                const Shape shape{true, strip, true, 256, buffers_of_256};
                BareNic     nic;
                prepare(nic, shape);
                Octets body = tagged(stored + 4);
                body.resize(stored);
                nic.send_padded(body, length);
                nic.finish();
                body.resize(length - 4);
                CAPTURE(stored, length, strip);
                CHECK(differences(nic, with_fcs(body), shape, true) == 0);
            }
        }
    }
}

TEST_CASE("counters see the frame as it was on the wire, and VME may change between frames", "[vlan_strip]")
{
    std::vector<Totals> seen;
    for (const bool on : {false, true}) {
        BareNic nic;
        prepare(nic, {.vme = on});
        for (const std::uint32_t length : {64U, 67U, 128U, 1522U}) nic.send_raw(tagged(length));
        nic.finish();
        seen.push_back(nic.counters());
        CHECK(nic.fates() == Totals{{"stored", 4}});
    }
    CHECK(seen[0] == seen[1]);
    CHECK(seen[0].at("TOR") == 64 + 67 + 128 + 1522);

    BareNic nic;
    prepare(nic, {});
    nic.send_raw(tagged(100));
    nic.finish();
    nic.write(ctrl, nic.peek(ctrl) & ~vme);
    nic.send_raw(tagged(100));
    nic.finish();
    CHECK(nic.extended(0).length == 92);
    CHECK(nic.extended(0).vlan == tci);
    CHECK(nic.extended(1).length == 96);
    CHECK(nic.extended(1).vlan == 0);
    CHECK((nic.extended(1).status_error & 8U) == 0);
}

TEST_CASE("wrongly stripped frames are caught", "[vlan_strip]")
{
    for (const char* bug : bugs) {
        unsigned found = 0;
        for (const bool extended : {true, false}) {
            const Shape shape{extended, true, true, 256, buffers_of_256};
            BareNic     nic;
            prepare(nic, shape);
            nic.send_raw(tagged(600));
            nic.finish();
            REQUIRE(differences(nic, tagged(600), shape, true) == 0);
            found += differences(nic, tagged(600), shape, true, bug);
        }
        INFO(bug);
        CHECK(found > 0);
    }
}
