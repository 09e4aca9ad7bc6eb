// SPDX-License-Identifier: Apache-2.0
// The receive filter against contract D4 and D5: hash positions worked out by hand, and random frames and settings.
// The reference goes octet by octet.
#include "model/rx_filter.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::below;
using test::body_to;
using test::Octets;

namespace {

struct Exact {
    MacAddress    address;
    bool          valid  = true;
    std::uint32_t select = 0;  ///< ASEL
};

struct Settings {
    RxFilter::Modes         modes;
    std::array<Exact, 16>   exact{};
    std::set<std::uint32_t> hashes;  ///< positions 0 to 4095
    std::set<std::uint32_t> vlans;
};

enum class Outcome { rejected, wrong_vlan, accepted, accepted_by_hash_alone };

/// Deliberate departures from the contract; the comparison must find each.
enum class Bug {
    none,
    hash_for_unicast,
    hash_for_broadcast,
    upe_takes_multicast,
    upe_takes_broadcast,
    mpe_takes_broadcast,
    mpe_frame_marked_inexact,
    exact_frame_marked_inexact,
    exact_not_for_multicast,
    exact_not_for_last_entry,
    av_ignored,
    asel_ignored,
    bam_ignored,
    short_frame_matches,
    promiscuous_wants_header,
    shift_of_next_mode,
    vlan_not_for_promiscuous,
    vlan_always,
    vlan_type_fixed,
    vlan_word_only,
    cfi_ignored,
    count
};

Outcome reference(const Octets& frame, const Settings& s, Bug bug = Bug::none)
{
    const auto at = [&](std::size_t i) { return i < frame.size() ? std::to_integer<std::uint32_t>(frame[i]) : 0U; };

    bool broadcast = true;
    for (std::size_t i = 0; i < 6; ++i) broadcast = broadcast && at(i) == 0xff;
    const bool group     = at(0) % 2 == 1;
    const bool multicast = group && !broadcast;
    const bool header    = frame.size() >= 14 || bug == Bug::short_frame_matches;

    bool exact = false;
    for (std::size_t n = 0; n < (bug == Bug::exact_not_for_last_entry ? 15U : 16U); ++n) {
        bool same = true;
        for (std::size_t i = 0; i < 6; ++i) same = same && s.exact[n].address.octets[i] == at(i);
        const bool valid = s.exact[n].valid || bug == Bug::av_ignored;
        exact            = exact || (same && valid && (s.exact[n].select == 0 || bug == Bug::asel_ignored));
    }
    exact = exact && header && !(multicast && bug == Bug::exact_not_for_multicast);

    const std::array<unsigned, 5> divisors{16, 8, 4, 1, 16};  // MO 0 to 3 drops 4, 3, 2, 0 bits
    const unsigned                mode   = s.modes.multicast_offset + (bug == Bug::shift_of_next_mode ? 1 : 0);
    const unsigned                number = (at(5) * 256 + at(4)) / divisors[mode] % 4096;
    const bool                    hashed =
        s.hashes.count(number) != 0 && header &&
        (multicast || (!group && bug == Bug::hash_for_unicast) || (broadcast && bug == Bug::hash_for_broadcast));

    bool promiscuous = (!group && s.modes.unicast_promiscuous) || (multicast && s.modes.multicast_promiscuous);
    if (bug == Bug::upe_takes_multicast) promiscuous |= multicast && s.modes.unicast_promiscuous;
    if (bug == Bug::upe_takes_broadcast) promiscuous |= broadcast && s.modes.unicast_promiscuous;
    if (bug == Bug::mpe_takes_broadcast) promiscuous |= broadcast && s.modes.multicast_promiscuous;
    if (bug == Bug::promiscuous_wants_header) promiscuous = promiscuous && frame.size() >= 14;
    const bool by_broadcast = broadcast && header && (s.modes.accept_broadcast || bug == Bug::bam_ignored);

    if (!exact && !hashed && !promiscuous && !by_broadcast) return Outcome::rejected;

    const unsigned type  = at(12) * 256 + at(13);
    const unsigned vet   = bug == Bug::vlan_type_fixed ? 0x8100 : s.modes.vlan_type;
    const bool     check = (s.modes.vlan_filter || bug == Bug::vlan_always) && type == vet && frame.size() >= 16 &&
                       !(promiscuous && bug == Bug::vlan_not_for_promiscuous);
    if (check) {
        const unsigned id    = at(14) % 16 * 256 + at(15);
        bool           known = s.vlans.count(id) != 0;
        if (bug == Bug::vlan_word_only)
            for (const unsigned other : s.vlans) known = known || other / 32 == id / 32;
        const bool cfi = at(14) / 16 % 2 == 1;
        if (!known) return Outcome::wrong_vlan;
        if (s.modes.cfi_filter && cfi != s.modes.cfi && bug != Bug::cfi_ignored) return Outcome::wrong_vlan;
    }
    const bool alone = hashed && (!exact || bug == Bug::exact_frame_marked_inexact) &&
                       (!promiscuous || bug == Bug::mpe_frame_marked_inexact) && !by_broadcast;
    return alone ? Outcome::accepted_by_hash_alone : Outcome::accepted;
}

void set_exact(RxFilter& filter, unsigned entry, const Exact& exact)
{
    const auto& o    = exact.address.octets;
    const auto  low  = std::uint32_t{o[3]} << 24U | std::uint32_t{o[2]} << 16U | std::uint32_t{o[1]} << 8U | o[0];
    const auto  high = std::uint32_t{o[5]} << 8U | o[4];
    filter.set_exact(entry, low, high | exact.select << 16U | (exact.valid ? 0x8000'0000U : 0));
}

Outcome filtered(const Octets& frame, const Settings& s)
{
    RxFilter filter;
    filter.set_modes(s.modes);
    for (unsigned n = 0; n < 16; ++n) set_exact(filter, n, s.exact[n]);
    for (unsigned word = 0; word < 128; ++word) {
        std::uint32_t hashes = 0, vlans = 0;
        for (unsigned bit = 0; bit < 32; ++bit) {
            if (s.hashes.count(word * 32 + bit) != 0) hashes |= 1U << bit;
            if (s.vlans.count(word * 32 + bit) != 0) vlans |= 1U << bit;
        }
        filter.set_multicast(word, hashes);
        filter.set_vlan(word, vlans);
    }
    const auto          length  = static_cast<std::uint32_t>(frame.size());
    const FilterVerdict verdict = filter({frame.data(), length, length, Fcs::stored});
    if (!verdict.accepted) return verdict.reason == FilterReason::vlan ? Outcome::wrong_vlan : Outcome::rejected;
    return verdict.reason == FilterReason::hash ? Outcome::accepted_by_hash_alone : Outcome::accepted;
}

/// Frames and settings in which every rule matters often.
unsigned disagreements(const std::function<Outcome(const Octets&, const Settings&)>& filter)
{
    std::mt19937 random{21};
    unsigned     count  = 0;
    const auto   chance = [&] { return below(2, random) == 0; };
    for (int i = 0; i < 3000; ++i) {
        const auto address = [&] {
            MacAddress a{{static_cast<std::uint8_t>(below(4, random)), 0, 0x5e, 0,
                          static_cast<std::uint8_t>(below(256, random)),
                          static_cast<std::uint8_t>(below(256, random))}};
            return below(6, random) == 0 ? test::everyone : a;
        };
        const MacAddress    to = address();
        Settings            s;
        const std::uint16_t type = chance() ? 0x8100 : 0x88a8;
        s.modes                  = {chance(), chance(), chance(), chance(), chance(), chance(), below(4, random), type};
        const unsigned hit       = below(48, random);  // the frame's own address in one entry, often in none
        for (unsigned n = 0; n < 16; ++n)
            s.exact[n] = {n == hit ? to : address(), chance(), chance() ? 0U : below(4, random)};

        const unsigned number = to.octets[5] * 256U + to.octets[4];
        for (const unsigned divisor : {16U, 8U, 4U, 1U})
            if (below(3, random) == 0) s.hashes.insert(number / divisor % 4096);
        const unsigned id = below(4096, random);
        if (chance()) s.vlans.insert(id);
        if (chance()) s.vlans.insert(id ^ 1U);

        Octets frame = body_to(to, 64, static_cast<std::uint16_t>(chance() ? 0x8100 : chance() ? 0x88a8 : 0x0800));
        frame[14]    = static_cast<std::byte>(id / 256 + below(16, random) * 16);
        frame[15]    = static_cast<std::byte>(id % 256);
        if (below(5, random) == 0) frame.resize(6 + below(12, random));
        if (filter(frame, s) != reference(frame, s)) ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("the filter decides as the contract for random frames and settings", "[rx_filter]")
{
    CHECK(disagreements(filtered) == 0);
}

TEST_CASE("a filter with any one rule wrong is caught", "[rx_filter]")
{
    for (unsigned i = 1; i < static_cast<unsigned>(Bug::count); ++i) {
        INFO("bug " << i);
        CHECK(disagreements([i](const Octets& f, const Settings& s) { return reference(f, s, static_cast<Bug>(i)); }) >
              0);
    }
}

TEST_CASE("the hash is where it was worked out by hand, in all four modes", "[rx_filter]")
{
    struct Place {
        MacAddress                                   address;
        std::array<std::pair<unsigned, unsigned>, 4> word_and_bit;  ///< MO 0 to 3
    };
    const std::array<Place, 3> places{{
        // fb00: FB0, F60, EC0, B00
        {{{0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb}}, {{{125, 16}, {123, 0}, {118, 0}, {88, 0}}}},
        // 5634: 563, AC6, 58D, 634
        {{{0x33, 0x33, 0xff, 0x12, 0x34, 0x56}}, {{{43, 3}, {86, 6}, {44, 13}, {49, 20}}}},
        // 0201: 020, 040, 080, 201
        {{{0x01, 0xff, 0xff, 0xff, 0x01, 0x02}}, {{{1, 0}, {2, 0}, {4, 0}, {16, 1}}}},
    }};
    for (const Place& place : places) {
        for (unsigned mode = 0; mode < 4; ++mode) {
            const auto [word, bit] = place.word_and_bit[mode];
            RxFilter        filter;
            RxFilter::Modes modes;
            modes.multicast_offset = mode;
            filter.set_modes(modes);
            const Octets body  = body_to(place.address, 64);
            const Frame  frame = {body.data(), 60, 64, Fcs::appended};
            INFO(place.address.text() << " mode " << mode);

            // This bit alone lets it in; all the others do not.
            filter.set_multicast(word, 1U << bit);
            CHECK((filter(frame).accepted && filter(frame).reason == FilterReason::hash));
            for (unsigned w = 0; w < 128; ++w) filter.set_multicast(w, ~0U);
            filter.set_multicast(word, ~(1U << bit));
            CHECK_FALSE(filter(frame).accepted);
        }
    }
}

TEST_CASE("each of the sixteen exact entries admits its own address", "[rx_filter]")
{
    for (unsigned n = 0; n < 16; ++n) {
        for (const std::uint8_t first : {std::uint8_t{2}, std::uint8_t{3}}) {
            const MacAddress address{{first, 1, 2, 3, 4, static_cast<std::uint8_t>(0xf0 + n)}};
            RxFilter         filter;
            set_exact(filter, n, {address});
            const Octets body = body_to(address, 64);
            CHECK(filter({body.data(), 60, 64, Fcs::appended}).reason == FilterReason::exact);
            set_exact(filter, n, {address, false});
            CHECK_FALSE(filter({body.data(), 60, 64, Fcs::appended}).accepted);
            for (const unsigned select : {1U, 2U, 3U}) {
                set_exact(filter, n, {address, true, select});
                CHECK_FALSE(filter({body.data(), 60, 64, Fcs::appended}).accepted);
            }
            // One octet off is another station.
            for (std::size_t i = 0; i < 6; ++i) {
                MacAddress other = address;
                other.octets[i] ^= 4U;
                set_exact(filter, n, {other});
                CHECK_FALSE(filter({body.data(), 60, 64, Fcs::appended}).accepted);
            }
        }
    }
}

TEST_CASE("what RCTL, RAL, MTA, VFTA and VET say reaches the filter", "[rx_filter]")
{
    struct Row {
        std::uint32_t rctl;
        MacAddress    to;
        bool          stored;
    };
    const MacAddress group{{0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb}};
    for (const Row& row :
         {Row{0, test::station, true}, Row{0, test::other_station, false}, Row{upe, test::other_station, true},
          Row{mpe, test::other_station, false}, Row{0, group, false}, Row{mpe, group, true}, Row{upe, group, false},
          Row{0, test::everyone, false}, Row{bam, test::everyone, true}, Row{upe | mpe, test::everyone, false}}) {
        BareNic nic;
        nic.receive(en | row.rctl);
        nic.send(body_to(row.to, 64));
        nic.finish();
        INFO(std::hex << row.rctl << " to " << row.to.text());
        CHECK(nic.fates() == (row.stored ? test::Totals{{"stored", 1}} : test::Totals{{"filtered_address", 1}}));
        CHECK(nic.counters().count("TPR") == (row.stored ? 1U : 0U));
    }

    // MTA by mode: 125.16 in mode 0, 88.0 in mode 3; the frame is marked inexact (status bit 7).
    for (const unsigned mode : {0U, 1U, 2U, 3U}) {
        BareNic nic;
        nic.receive(en | mode << 12U);
        nic.write(0x5200 + 4 * 125, 1U << 16U);
        nic.send(body_to(group, 64));
        nic.finish();
        CHECK(nic.fates() == (mode == 0 ? test::Totals{{"stored", 1}} : test::Totals{{"filtered_address", 1}}));
        if (mode == 0) CHECK((nic.extended(0).status_error & 0x80U) != 0);
    }

    // RAL/RAH 15, written while the receiver runs.
    BareNic nic;
    nic.receive(2);
    nic.write(0x5400 + 8 * 15, 0x00000002);
    nic.write(0x5404 + 8 * 15, 0x80007700);
    nic.send(body_to(test::other_station, 64));
    nic.finish();
    CHECK((nic.extended(0).status_error & 0x83U) == 0x03);
    nic.write(0x5404 + 8 * 15, 0x00007700);
    nic.send(body_to(test::other_station, 64));
    nic.finish();
    CHECK(nic.fates() == test::Totals{{"stored", 1}, {"filtered_address", 1}});
}

TEST_CASE("the VLAN table filters tagged frames by RCTL.VFE, CFIEN, CFI and VET", "[rx_filter]")
{
    const auto fate = [](std::uint32_t rctl, std::uint32_t vet, std::uint16_t type, unsigned tci) {
        BareNic nic;
        nic.receive(en | rctl);
        nic.write(0x0038, vet);
        nic.write(0x5600 + 4 * 31, 1U << 8U);  // identifier 31 * 32 + 8 = 1000
        Octets body = body_to(test::station, 64, type);
        body[14]    = static_cast<std::byte>(tci >> 8U);
        body[15]    = static_cast<std::byte>(tci & 0xffU);
        nic.send(body);
        nic.finish();
        return nic.fates().begin()->first;
    };
    CHECK(fate(0, 0x8100, 0x8100, 999) == "stored");
    CHECK(fate(vfe, 0x8100, 0x8100, 999) == "filtered_vlan");
    CHECK(fate(vfe, 0x8100, 0x8100, 1000) == "stored");
    CHECK(fate(vfe, 0x8100, 0x8100, 1000 | 0xf000) == "stored");  // priority and CFI are no part of it
    CHECK(fate(vfe, 0x8100, 0x88a8, 999) == "stored");            // not tagged, as VET goes
    CHECK(fate(vfe, 0x88a8, 0x88a8, 999) == "filtered_vlan");
    CHECK(fate(vfe, 0x88a8, 0x8100, 999) == "stored");
    CHECK(fate(vfe | cfien, 0x8100, 0x8100, 1000) == "stored");
    CHECK(fate(vfe | cfien, 0x8100, 0x8100, 0x1000 | 1000) == "filtered_vlan");
    CHECK(fate(vfe | cfien | cfi, 0x8100, 0x8100, 0x1000 | 1000) == "stored");
    CHECK(fate(vfe | cfien | cfi, 0x8100, 0x8100, 1000) == "filtered_vlan");
    CHECK(fate(vfe | 8U, 0x8100, 0x8100, 999) == "filtered_vlan");  // promiscuous or not
}
