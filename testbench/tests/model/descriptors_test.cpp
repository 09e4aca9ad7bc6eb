// SPDX-License-Identifier: Apache-2.0
// Receive descriptors and buffers after write-back, octet for octet, in both formats (contract C.1, C.2, D10, D11).
// Descriptors are read without the project's structures.
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
using test::with_fcs;

namespace {

constexpr std::byte untouched{0xee};

/// Deliberate departures from the contract; the comparison must find each.
constexpr std::array bugs{"no ixsm",        "eop everywhere",    "eop nowhere",      "ixsm everywhere",
                          "dd missing",     "length whole",      "length less fcs",  "fcs is zero",
                          "fcs apart",      "errors everywhere", "wrong byte order", "buffer kept",
                          "half descriptor"};

void put(Octets& octets, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i) octets.push_back(static_cast<std::byte>(value >> (8 * i) & 0xffU));
}

struct Shape {
    bool          extended = true;
    bool          strip    = false;
    std::uint32_t buffer   = 2048;  ///< octets the device puts into one
    std::uint32_t pif      = 0;
    std::uint32_t errors   = 0;  ///< as in the legacy errors byte
};

/// The descriptor of a frame's part of `length` octets.
Octets descriptor(const Shape& s, std::uint64_t buffer, std::uint32_t length, bool last, std::string_view bug)
{
    std::uint32_t status = bug == "dd missing" ? 0 : 1;
    if ((last && bug != "eop nowhere") || bug == "eop everywhere") status |= 2;
    if ((last && bug != "no ixsm") || bug == "ixsm everywhere") status |= 4;
    if (last) status |= s.pif;
    const std::uint32_t errors = last || bug == "errors everywhere" ? s.errors : 0;
    Octets              octets;
    if (s.extended) {
        put(octets, bug == "buffer kept" ? buffer : 0, 8);  // MRQ, IP identification, checksum
        put(octets, status | errors << 24U, 4);
        put(octets, bug == "wrong byte order" ? length >> 8U | (length & 0xffU) << 8U : length, 2);
    } else {
        put(octets, bug == "buffer kept" ? 0 : buffer, 8);
        put(octets, bug == "wrong byte order" ? length >> 8U | (length & 0xffU) << 8U : length, 2);
        put(octets, 0, 2);  // checksum
        put(octets, status, 1);
        put(octets, errors, 1);
    }
    put(octets, 0, 2);  // VLAN
    return octets;
}

/// How many descriptors, buffers and octets beyond differ from what `wire`, the frame with its FCS, should have left.
unsigned differences(BareNic& nic, const Octets& wire, const Shape& s, std::string_view bug = {})
{
    Octets stored = wire;
    if (bug == "fcs is zero") std::fill(stored.end() - 4, stored.end(), std::byte{0});
    if (s.strip) stored.resize(stored.size() - 4);
    std::vector<std::uint32_t> parts;
    for (std::size_t left = stored.size(); left > 0; left -= parts.back())
        parts.push_back(static_cast<std::uint32_t>(std::min<std::size_t>(left, s.buffer)));
    if (bug == "fcs apart" && !s.strip) parts.back() -= 4, parts.push_back(4);

    unsigned    count = 0;
    std::size_t at    = 0;
    for (std::uint32_t i = 0; i < parts.size(); ++i) {
        std::uint32_t length = parts[i];
        if (bug == "length whole") length = static_cast<std::uint32_t>(stored.size());
        if (bug == "length less fcs" && i + 1 == parts.size() && length > 4) length -= 4;
        Octets right = descriptor(s, nic.buffer(i), length, i + 1 == parts.size(), bug);
        if (bug == "half descriptor") std::fill(right.begin() + 8, right.end(), std::byte{0x5a});
        count += nic.octets_at(nic.slot(i), 16) == right ? 0 : 1;

        Octets buffer(nic.ring.spacing, untouched);
        std::copy_n(stored.begin() + static_cast<std::ptrdiff_t>(at), parts[i], buffer.begin());
        count += nic.octets_at(nic.buffer(i), nic.ring.spacing) == buffer ? 0 : 1;
        at += parts[i];
    }
    // The next descriptor is as the driver left it, and nothing lies in its buffer.
    const auto next = static_cast<std::uint32_t>(parts.size());
    Octets     read;
    put(read, nic.buffer(next), 8);
    put(read, 0x5a5a5a5a5a5a5a5a, 8);
    count += nic.octets_at(nic.slot(next), 16) == read ? 0 : 1;
    count += nic.octets_at(nic.buffer(next), nic.ring.spacing) == Octets(nic.ring.spacing, untouched) ? 0 : 1;
    count += nic.peek(reg::RDH::at(0)) == next ? 0 : 1;
    return count;
}

/// RCTL's bits for a buffer size: BSIZE and BSEX, or FLXBUF.
std::uint32_t size_bits(std::uint32_t octets, bool flexible)
{
    if (flexible) return octets / 1024 << 27U;
    switch (octets) {
        case 2048: return 0;
        case 1024: return 1U << 16U;
        case 512: return 2U << 16U;
        case 256: return 3U << 16U;
        case 16384: return 1U << 25U | 1U << 16U;
        case 8192: return 1U << 25U | 2U << 16U;
        default: return 1U << 25U | 3U << 16U;  // 4096
    }
}

/// A ring of the shape, its buffers full of a mark, the reserved half of its descriptors full of another.
void prepare(BareNic& nic, const Shape& s, std::uint32_t rctl, std::uint32_t spacing, std::uint32_t size = 72)
{
    nic.receive(0, {.size = size, .given = 0, .spacing = spacing, .extended = s.extended});
    std::fill_n(nic.memory.at(nic.buffers.address), nic.buffers.octets, untouched);
    for (std::uint32_t i = 0; i < size; ++i) nic.prepare(i, nic.buffer(i), 0x5a5a5a5a5a5a5a5a);
    nic.write(reg::RCTL::offset, en | lpe | rctl | (s.strip ? secrc : 0));
    nic.write(reg::RDT::at(0), size - 1);
}

}  // namespace

TEST_CASE("a frame in one buffer leaves exactly its octets and its descriptor", "[descriptors]")
{
    for (const bool extended : {true, false}) {
        for (const bool strip : {true, false}) {
            for (const std::uint32_t length : {64U, 65U, 127U, 1000U, 1518U, 1522U}) {
                const Shape  shape{.extended = extended, .strip = strip};
                BareNic      nic;
                const Octets wire = with_fcs(body_to(station, length));
                prepare(nic, shape, 0, 2048);
                nic.send_raw(wire);
                nic.finish();
                INFO(length << (extended ? " extended" : " legacy") << (strip ? " stripped" : ""));
                CHECK(differences(nic, wire, shape) == 0);
            }
        }
    }
}

TEST_CASE("frames around every multiple of every buffer size are cut right", "[descriptors]")
{
    struct Setting {
        std::uint32_t octets;
        bool          flexible;
    };
    std::vector<Setting> settings;
    for (std::uint32_t octets = 256; octets <= 16384; octets *= 2) settings.push_back({octets, false});
    for (std::uint32_t kib = 1; kib <= 15; ++kib) settings.push_back({kib * 1024, true});

    for (const Setting& setting : settings) {
        for (const bool strip : {true, false}) {
            std::vector<std::uint32_t> lengths{64, 1518, 16383};
            for (std::uint32_t n : {1U, 2U, 5U, 63U})
                for (std::uint32_t around = 0; around < 10; ++around)  // stored octets from 5 under to 4 over
                    lengths.push_back(n * setting.octets - 5 + around + (strip ? 4 : 0));
            for (const std::uint32_t length : lengths) {
                // All around the first two multiples, the two nearest ones of the rest.
                if (length < 64 || length > 16383) continue;
                const Shape  shape{.extended = length % 2 == 0, .strip = strip, .buffer = setting.octets};
                BareNic      nic;
                const Octets wire = with_fcs(body_to(station, length));
                prepare(nic, shape, size_bits(setting.octets, setting.flexible), setting.octets + 64,
                        (16384 / setting.octets + 10) / 8 * 8);
                nic.send_raw(wire);
                nic.finish();
                INFO(length << " in buffers of " << setting.octets << (strip ? " stripped" : ""));
                REQUIRE(differences(nic, wire, shape) == 0);
                REQUIRE(nic.fates() == test::Totals{{"stored", 1}});
            }
        }
    }
}

TEST_CASE("wrong descriptors and buffers are caught", "[descriptors]")
{
    // Three parts, the last with an error: every departure shows in one of the formats.
    for (const char* bug : bugs) {
        unsigned found = 0;
        for (const bool extended : {true, false}) {
            const Shape shape{.extended = extended, .buffer = 512, .errors = 1};
            BareNic     nic;
            prepare(nic, shape, sbp | size_bits(512, false), 640);
            Octets wire = with_fcs(body_to(station, 1400));
            wire.back() ^= std::byte{1};
            nic.send_raw(wire);
            nic.finish();
            REQUIRE(differences(nic, wire, shape) == 0);
            found += differences(nic, wire, shape, bug);
        }
        INFO(bug);
        CHECK(found > 0);
    }
}

TEST_CASE("status and error bits stand where both formats have them", "[descriptors]")
{
    constexpr std::uint32_t ce = 1, rxe = 0x80, pif = 0x80;
    struct Row {
        test::Marks   marks;
        std::uint32_t length, errors;
        bool          hashed;
    };
    for (const bool extended : {true, false}) {
        for (const Row& row : {Row{{}, 100, 0, false}, Row{{}, 100, 0, true}, Row{{.bad_fcs = true}, 100, ce, false},
                               Row{{.bad_fcs = true}, 100, ce, true}, Row{{.rx_er = true}, 100, rxe, false},
                               Row{{.bad_fcs = true, .rx_er = true}, 100, rxe | ce, false}, Row{{}, 40, 0, false},
                               Row{{.bad_fcs = true}, 40, ce, false}, Row{{.bad_fcs = true}, 16384, ce, false}}) {
            const MacAddress group{{0x01, 0, 0x5e, 0, 0, 0xfb}};
            const Shape      shape{.extended = extended, .pif = row.hashed ? pif : 0, .errors = row.errors};
            BareNic          nic;
            prepare(nic, shape, sbp, 2048);
            nic.write(0x5200 + 4 * 125, 1U << 16U);
            const Octets body = body_to(row.hashed ? group : station, row.length);
            nic.send(body, row.marks);
            nic.finish();
            Octets wire = with_fcs(body);
            if (row.marks.bad_fcs) wire.back() ^= std::byte{1};
            wire.resize(std::min<std::size_t>(wire.size(), 16383));  // longer is cut (D6)
            INFO(row.length << " errors " << row.errors << (extended ? " extended" : " legacy"));
            CHECK(differences(nic, wire, shape) == 0);
        }
    }
}

TEST_CASE("the FCS in memory is zlib's CRC whether it was stored or appended", "[descriptors]")
{
    for (const std::uint32_t length : {64U, 300U, 509U, 510U, 511U, 512U, 513U, 1518U}) {
        const Shape  shape{.buffer = 256};
        const Octets body = body_to(station, length);
        for (const bool appended : {false, true}) {
            BareNic nic;
            prepare(nic, shape, size_bits(256, false), 320);
            if (appended) {
                nic.send_padded(body, length);
            } else {
                nic.send(body);
            }
            nic.finish();
            INFO(length << (appended ? " appended" : " stored"));
            CHECK(differences(nic, with_fcs(body), shape) == 0);
        }
    }
}

TEST_CASE("padding that nobody stored arrives as zeros", "[descriptors]")
{
    for (const std::uint32_t stored : {14U, 20U, 60U, 200U, 256U, 257U}) {
        for (const std::uint32_t length : {64U, 256U, 320U, 700U, 1518U, 9000U}) {
            if (length < stored + 4) continue;
            for (const bool strip : {true, false}) {
                const Shape shape{.strip = strip, .buffer = 256};
                BareNic     nic;
                prepare(nic, shape, size_bits(256, false), 320);
                Octets body = body_to(station, stored + 4);
                nic.send_padded(body, length);
                nic.finish();
                body.resize(length - 4);  // with zeros
                INFO(stored << " padded to " << length);
                CHECK(differences(nic, with_fcs(body), shape) == 0);
            }
        }
    }
}

TEST_CASE("the reserved buffer size is named, and counts as 2048", "[descriptors]")
{
    const Shape shape{};
    BareNic     nic;
    prepare(nic, shape, 1U << 25U, 2048);
    CHECK(nic.misuse() == test::Totals{{"reserved_buffer_size", 1}});
    const Octets wire = with_fcs(body_to(station, 3000));
    nic.send_raw(wire);
    nic.finish();
    CHECK(differences(nic, wire, shape) == 0);
    nic.write(reg::RCTL::offset, en | 1U << 25U | 1U << 27U);  // FLXBUF overrides it
    CHECK(nic.misuse()["reserved_buffer_size"] == 1);
}

TEST_CASE("with LPE off no frame leaves more than 1522 octets, whatever the buffer size", "[descriptors]")
{
    // Linux maps 1522 octets but says 2048 (contract D6, safety contract). Bad frames stay out: with SBP they are
    // whole.
    BareNic nic;
    prepare(nic, {}, 0, 2048);
    nic.write(reg::RCTL::offset, en | upe);
    for (const std::uint32_t length : {1522U, 1523U, 2047U, 2048U, 9000U}) nic.send(body_to(station, length));
    nic.finish();
    std::uint32_t longest = 0;
    for (const test::DmaRecord& record : nic.dma.all(test::DmaRecord::What::write))
        longest = std::max(longest, record.length);
    CHECK(longest == 1522);
}
