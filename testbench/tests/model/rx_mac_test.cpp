// SPDX-License-Identifier: Apache-2.0
// What becomes of each kind of frame, and which counters move: contract D1 to D6 at every edge, B.7's three equations.
// All counters are compared, also those that must stand still.
#include "model/rx_mac.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
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
using test::station;
using test::Totals;

namespace {

constexpr std::int64_t gigabit = 1'000'000'000;

struct Outcome {
    std::string   fate;
    Totals        counters;
    std::uint32_t errors = 0;  ///< of the descriptor with EOP

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Case {
    std::uint32_t length;
    bool          bad     = false;
    std::uint32_t rctl    = 0;  ///< LPE and SBP
    bool          rx_er   = false;
    bool          dribble = false;
    std::int64_t  rate    = gigabit;
};

Outcome outcome_of(BareNic& nic)
{
    Outcome outcome{nic.fates().begin()->first, nic.counters(), 0};
    for (std::uint32_t i = 0; i < nic.ring.size - 1 && nic.done(i); ++i)
        if (const auto word = nic.extended(i).status_error; (word & 2U) != 0) outcome.errors = word & 0xff00'0000U;
    return outcome;
}

Outcome observed(const Case& c)
{
    NicParameters parameters;
    parameters.wire_rate = c.rate;
    BareNic nic{parameters};
    nic.receive(en | upe | c.rctl);
    const test::Marks marks{.bad_fcs = c.bad, .rx_er = c.rx_er, .dribble = c.dribble};
    if (c.length < 4) {
        nic.send_raw(Octets(c.length), marks);
    } else {
        nic.send(body_to(station, c.length), marks);
    }
    nic.finish();
    return outcome_of(nic);
}

/// Deliberate departures; the comparison must find each.
constexpr std::array bugs{"limit without fcs",
                          "runt is good",
                          "least 60",
                          "jabber without crcerrs",
                          "no rlec",
                          "oversize is good",
                          "tor without fcs",
                          "long limit 9234",
                          "uncut",
                          "bad stored without ce",
                          "bucket without fcs",
                          "rx er hides crc",
                          "align at gigabit",
                          "dribble is bad",
                          "sbp dropped"};

/// Contract D1, D6 and B.7 for a frame to the station.
Outcome expected(const Case& c, std::string_view bug = {})
{
    if (c.length < 6) return {"too_short", {}, 0};
    const bool          cut  = c.length > 16383 && bug != "uncut";
    const std::uint32_t l    = cut ? 16383 : c.length;
    const bool          bad  = c.bad || cut;
    const bool          sto  = (c.rctl & sbp) != 0 && bug != "sbp dropped";
    const bool          big  = (c.rctl & lpe) != 0;
    std::uint32_t       most = big ? (bug == "long limit 9234" ? 9234U : 16384U) : 1522U;
    if (bug == "limit without fcs") most += 4;
    const bool mii = c.rate <= 100'000'000 || bug == "align at gigabit";

    Totals     t{{"TPR", 1}, {"TOR", l - (bug == "tor without fcs" ? 4 : 0)}};
    const auto lost = [&](const char* fate, const std::vector<const char*>& counters, std::uint32_t errors) {
        for (const char* name : counters)
            if (bug != "no rlec" || std::string{name} != "RLEC") t[name] = 1;
        if (bug == "bad stored without ce") errors &= ~ce;
        return sto ? Outcome{"stored", t, errors} : Outcome{fate, t, 0};
    };
    if (l < (bug == "least 60" ? 60U : 64U)) {
        if (bad) return lost("fragment", {"RFC", "RLEC"}, ce);
        if (bug != "runt is good") return lost("runt", {"RUC", "RLEC"}, 0);
        t["RUC"] = t["RLEC"] = 1;
    } else if (l > most || cut) {
        if (bad && bug == "jabber without crcerrs") return lost("jabber", {"RJC", "RLEC"}, ce);
        if (bad) return lost("jabber", {"RJC", "RLEC", "CRCERRS"}, ce);
        if (bug != "oversize is good" || !sto) return lost("oversize", {"ROC", "RLEC"}, 0);
    } else if (c.rx_er) {
        if (bad && bug != "rx er hides crc") return lost("rx_error", {"RXERRC", "CRCERRS"}, rxe | ce);
        return lost("rx_error", {"RXERRC"}, rxe);
    } else if (bad || (c.dribble && bug == "dribble is bad")) {
        if (mii && c.dribble) return lost("align_error", {"ALGNERRC"}, ce);
        return lost("crc_error", {"CRCERRS"}, ce);
    }
    const std::uint32_t n      = bug == "bucket without fcs" ? l - 4 : l;
    unsigned            bucket = 0;
    while (bucket < 5 && n > std::array{64U, 127U, 255U, 511U, 1023U}[bucket]) ++bucket;
    t[std::array{"PRC64", "PRC127", "PRC255", "PRC511", "PRC1023", "PRC1522"}[bucket]] = 1;
    t["GPRC"]                                                                          = 1;
    t["GORC"]                                                                          = l;
    return {"stored", t, 0};
}

/// Every edge of every class, each with what the device made of it.
const std::vector<std::pair<Case, Outcome>>& matrix()
{
    static const auto rows = [] {
        std::vector<std::pair<Case, Outcome>> all;
        for (const std::uint32_t length :
             {0U,   3U,   4U,   5U,    6U,    13U,   14U,   63U,   64U,   65U,   127U,   128U,   255U,
              256U, 511U, 512U, 1023U, 1024U, 1518U, 1519U, 1522U, 1523U, 9235U, 16383U, 16384U, 16500U})
            for (const bool bad : {false, true})
                for (const std::uint32_t rctl : {0U, sbp, lpe, sbp | lpe}) all.push_back({{length, bad, rctl}, {}});
        for (const std::uint32_t length : {63U, 64U, 1522U, 1523U})
            for (unsigned marks = 0; marks < 16; ++marks)
                for (const std::int64_t rate : {gigabit / 10, gigabit})
                    all.push_back({{length, marks % 2 == 1, marks / 2 % 2 == 1 ? sbp : 0, marks / 4 % 2 == 1,
                                    marks / 8 == 1, rate},
                                   {}});
        for (auto& [c, outcome] : all) outcome = observed(c);
        return all;
    }();
    return rows;
}

Octets control_frame(const MacAddress& to, std::uint16_t opcode, std::uint16_t time, std::uint32_t length = 64,
                     std::uint16_t type = test::control_type)
{
    Octets body = body_to(to, length, type);
    for (std::size_t i = 14; i < body.size(); ++i) body[i] = std::byte{0};
    body[14] = static_cast<std::byte>(opcode >> 8U);
    body[15] = static_cast<std::byte>(opcode & 0xffU);
    body[16] = static_cast<std::byte>(time >> 8U);
    body[17] = static_cast<std::byte>(time & 0xffU);
    return body;
}

Outcome received(std::uint32_t rctl, const Octets& body, bool bad = false)
{
    BareNic nic;
    nic.receive(en | rctl);
    nic.send(body, {.bad_fcs = bad});
    nic.finish();
    return outcome_of(nic);
}

Totals counted(std::uint32_t length, const std::vector<const char*>& names = {})
{
    Totals totals{{"TPR", 1}, {"TOR", length}};
    for (const char* name : names) totals[name] = 1;
    return totals;
}

/// The first of B.7's equations that does not hold; empty when all do.
/// Holds for traffic in which no frame has both RX_ER and a wrong FCS, and control frames are good and not stored.
std::string breach(Totals c, Totals f, const FramesHeld& held, std::uint64_t offered)
{
    const std::uint64_t bad = c["RUC"] + c["RFC"] + c["ROC"] + c["ALGNERRC"] + c["RXERRC"] + c["CRCERRS"];
    const std::uint64_t dropped =
        f["runt"] + f["fragment"] + f["oversize"] + f["jabber"] + f["align_error"] + f["rx_error"] + f["crc_error"];
    const std::uint64_t not_received =
        f["link_down"] + f["rx_disabled"] + f["no_sfd"] + f["too_short"] + f["filtered_address"] + f["filtered_vlan"];
    if (offered - held.on_wire != not_received + c["TPR"]) return "wire = not received + TPR";
    if (c["TPR"] != c["GPRC"] + bad + c["XONRXC"] + c["XOFFRXC"] + c["FCRUC"] + c["MPC"]) return "TPR = its parts";
    if (c["GPRC"] + bad - dropped != f["stored"] + held.in_fifo + held.in_dma) return "stored = in host, FIFO, DMA";
    if (c["RLEC"] != c["RUC"] + c["RFC"] + c["ROC"] + c["RJC"]) return "RLEC = its parts";
    if (c["GPRC"] != c["PRC64"] + c["PRC127"] + c["PRC255"] + c["PRC511"] + c["PRC1023"] + c["PRC1522"]) return "PRC";
    return {};
}

}  // namespace

TEST_CASE("every length, FCS, LPE, SBP and mark has the contract's fate, counters and error bits", "[rx_mac]")
{
    for (const auto& [c, outcome] : matrix()) {
        INFO(c.length << (c.bad ? " bad" : " good") << " RCTL " << c.rctl << (c.rx_er ? " RX_ER" : "")
                      << (c.dribble ? " dribble" : "") << " at " << c.rate);
        const Outcome right = expected(c);
        CHECK(outcome.fate == right.fate);
        CHECK(outcome.counters == right.counters);
        CHECK(outcome.errors == right.errors);
    }
}

TEST_CASE("a receiver that departs from one rule is caught", "[rx_mac]")
{
    for (const char* bug : bugs) {
        unsigned differences = 0;
        for (const auto& [c, outcome] : matrix()) differences += outcome == expected(c, bug) ? 0 : 1;
        INFO(bug);
        CHECK(differences > 0);
    }
}

TEST_CASE("good frames count by their address", "[rx_mac]")
{
    const Totals good{{"GPRC", 1}, {"GORC", 64}, {"PRC64", 1}, {"TPR", 1}, {"TOR", 64}};
    const auto   with = [&](const char* name) {
        Totals totals = good;
        totals[name]  = 1;
        return totals;
    };
    CHECK(received(bam, body_to(test::everyone, 64)).counters == with("BPRC"));
    CHECK(received(mpe, body_to({{0x01, 0, 0x5e, 0, 0, 1}}, 64)).counters == with("MPRC"));
    CHECK(received(0, body_to(station, 64)).counters == good);

    // A broadcast that BAM = 0 rejects counts nowhere, unless the parameter says TPR.
    for (const bool counts : {false, true}) {
        NicParameters parameters;
        parameters.tpr_counts_rejected_broadcast = counts;
        BareNic nic{parameters};
        nic.receive(en);
        nic.send(body_to(test::everyone, 64));
        nic.finish();
        CHECK(nic.counters() == (counts ? counted(64) : Totals{}));
        CHECK(nic.fates() == Totals{{"filtered_address", 1}});
    }
}

TEST_CASE("a carrier without SFD is no frame", "[rx_mac]")
{
    BareNic nic;
    nic.receive(en | upe | sbp);
    nic.send(body_to(station, 64), {.no_sfd = true});
    nic.finish();
    CHECK(nic.fates() == Totals{{"no_sfd", 1}});
    CHECK(nic.counters().empty());
}

TEST_CASE("whether a frame is received is decided at its SFD, to the edge", "[rx_mac]")
{
    struct Switch {
        std::uint32_t offset, on, off;
        const char*   fate;
    };
    for (const Switch& s :
         {Switch{reg::RCTL::offset, en, 0, "rx_disabled"}, Switch{reg::CTRL::offset, slu, 0, "link_down"}}) {
        for (const bool turned_on : {false, true}) {
            // The SFD ends 64 ns after the first preamble octet; a write that takes effect then comes after it.
            for (const auto& [delay, before] :
                 {std::pair<Time, bool>{0, true}, {55'999, true}, {56'000, false}, {400'000, false}}) {
                BareNic nic;
                nic.receive(en);
                nic.write(s.offset, turned_on ? s.off : s.on);
                nic.run_to(10 * microsecond);
                nic.send(body_to(station, 64), {.start = 20 * microsecond});
                nic.engine.post_write(Space::csr, s.offset, turned_on ? s.on : s.off, 20 * microsecond + delay);
                nic.finish();
                INFO(s.fate << " turned on " << turned_on << " after " << delay);
                const bool got = turned_on == before;
                CHECK(nic.fates() == (got ? Totals{{"stored", 1}} : Totals{{s.fate, 1}}));
                CHECK(nic.counters().count("GPRC") == (got ? 1 : 0));
                CHECK(nic.counters().count("TPR") == (got ? 1 : 0));
            }
        }
    }
}

TEST_CASE("MAC control frames are counted and consumed", "[rx_mac]")
{
    const MacAddress fca = test::pause_address;
    for (const MacAddress& to : {fca, station}) {
        CHECK(received(mpe, control_frame(to, 1, 1)) == Outcome{"mac_control", counted(64, {"XOFFRXC"})});
        CHECK(received(mpe, control_frame(to, 1, 0)) == Outcome{"mac_control", counted(64, {"XONRXC"})});
        CHECK(received(mpe, control_frame(to, 1, 0xff00, 1518)) == Outcome{"mac_control", counted(1518, {"XOFFRXC"})});
        CHECK(received(mpe, control_frame(to, 2, 1)) == Outcome{"mac_control", counted(64, {"FCRUC"})});
        CHECK(received(mpe, control_frame(to, 0x0101, 1)) == Outcome{"mac_control", counted(64, {"FCRUC"})});
        // Neither a wrong FCS nor 63 octets make a PAUSE.
        CHECK(received(mpe | sbp, control_frame(to, 1, 1), true) == Outcome{"mac_control", counted(64)});
        CHECK(received(mpe | sbp, control_frame(to, 1, 1, 63)) == Outcome{"mac_control", counted(63)});
    }
    // To anyone else, or of another type, it is an ordinary frame.
    CHECK(received(mpe, control_frame({{1, 0x80, 0xc2, 0, 0, 2}}, 1, 1)).counters.count("MPRC") == 1);
    CHECK(received(upe, control_frame(test::other_station, 1, 1)).counters.count("GPRC") == 1);
    CHECK(received(mpe, control_frame(fca, 1, 1, 64, 0x8809)).counters.count("MPRC") == 1);
}

TEST_CASE("PMCF passes MAC control frames on to the filter, DPF keeps PAUSE to the station back", "[rx_mac]")
{
    const MacAddress fca  = test::pause_address;
    const Totals     xoff = counted(64, {"XOFFRXC"});
    // Stored, but in no counter of good frames.
    CHECK(received(pmcf | mpe, control_frame(fca, 1, 1)) == Outcome{"stored", xoff});
    CHECK(received(pmcf, control_frame(station, 1, 1)) == Outcome{"stored", xoff});
    CHECK(received(pmcf | dpf | mpe, control_frame(fca, 1, 1)) == Outcome{"stored", xoff});
    CHECK(received(pmcf | dpf, control_frame(station, 1, 1)) == Outcome{"mac_control", xoff});
    CHECK(received(pmcf | dpf, control_frame(station, 2, 1)) == Outcome{"stored", counted(64, {"FCRUC"})});
    CHECK(received(dpf, control_frame(station, 2, 1)) == Outcome{"mac_control", counted(64, {"FCRUC"})});
    // No address filter takes it: it is in TPR all the same, so it is no filtered frame.
    CHECK(received(pmcf, control_frame(fca, 1, 1)) == Outcome{"mac_control", xoff});
    // A wrong FCS is then an error like any other.
    CHECK(received(pmcf, control_frame(station, 1, 1), true) == Outcome{"crc_error", counted(64, {"CRCERRS"})});
    CHECK(received(pmcf | sbp, control_frame(station, 1, 1), true) == Outcome{"stored", counted(64, {"CRCERRS"}), ce});
}

TEST_CASE("an overrun frame counts as missed alone, and only if the filter takes it", "[rx_mac]")
{
    BareNic nic;
    nic.write(reg::PBA::offset, 1);  // 1 KiB
    nic.write(reg::CTRL::offset, reg::CTRL::RST.mask());
    nic.receive(en, {.given = 0});  // no descriptor: the first frame stays and fills the FIFO
    nic.send(body_to(station, 1008));
    nic.send(body_to(station, 64), {.bad_fcs = true});
    nic.send(body_to(test::other_station, 64));
    nic.send(body_to(station, 2000));
    nic.finish();
    CHECK(nic.fates() == Totals{{"in the NIC", 1}, {"fifo_overrun", 2}, {"filtered_address", 1}});
    const Totals right{{"GPRC", 1}, {"GORC", 1008}, {"PRC1023", 1}, {"RNBC", 1},
                       {"MPC", 2},  {"ICRXOC", 2},  {"TPR", 3},     {"TOR", 1008 + 64 + 2000}};
    CHECK(nic.counters() == right);
    CHECK((nic.read(reg::ICR::offset) & 0x40U) != 0);
}

TEST_CASE("the three equations hold for random traffic at every moment", "[rx_mac]")
{
    Totals seen;
    for (unsigned seed = 0; seed < 12; ++seed) {
        std::mt19937  random{seed};
        NicParameters parameters;
        parameters.wire_rate = seed % 3 == 0 ? gigabit / 10 : seed % 3 == 1 ? gigabit : 10 * gigabit;
        BareNic nic{parameters};
        nic.write(reg::PBA::offset, 2 + seed);
        nic.write(reg::CTRL::offset, reg::CTRL::RST.mask());
        nic.receive(en | bam | (seed % 2 == 0 ? sbp : 0) | (seed % 4 < 2 ? lpe : 0) | 1U << 18U,
                    {.size = 256, .given = 20});
        for (int i = 0; i < 400; ++i) {
            test::Marks marks;
            marks.rx_er   = below(12, random) == 0;
            marks.bad_fcs = !marks.rx_er && below(6, random) == 0;
            marks.dribble = below(8, random) == 0;
            marks.no_sfd  = below(30, random) == 0;
            const std::array to{test::other_station, test::everyone, station, station, station, station};
            const auto       length = below(3, random) == 0 ? below(80, random) : 64 + below(1600, random);
            if (below(10, random) == 0) {
                nic.send(control_frame(test::pause_address, static_cast<std::uint16_t>(1 + below(2, random)), 1));
            } else if (length < 4) {
                nic.send_raw(Octets(length), marks);
            } else {
                const std::uint16_t type = below(6, random) == 0 ? 0x8100 : test::ordinary_type;
                nic.send(body_to(to[below(6, random)], length, type), marks);
            }
        }
        for (int step = 0; step < 120; ++step) {
            nic.run_for(nic.rate.of(below(10'000, random)));
            if (below(12, random) == 0) nic.write(reg::RCTL::offset, nic.read(reg::RCTL::offset) ^ en);
            if (below(20, random) == 0) nic.write(reg::CTRL::offset, nic.read(reg::CTRL::offset) ^ 0x40U);
            if (below(4, random) == 0)
                nic.write(reg::RDT::at(0), std::min(255U, nic.read(reg::RDT::at(0)) + below(8, random)));
            INFO("seed " << seed << " step " << step);
            REQUIRE(breach(nic.counters(), nic.fates(), nic.engine.frames_held(), nic.ledger.offered()).empty());
            REQUIRE(nic.ledger.breach().empty());
        }
        seen.merge(nic.counters());
        seen.merge(nic.fates());

        // Any one of them off by one is noticed.
        for (const char* name : {"TPR", "GPRC", "MPC", "CRCERRS", "RUC", "RLEC", "XOFFRXC", "PRC127",
                                 "filtered_address", "no_sfd", "stored", "rx_disabled"}) {
            Totals counters = nic.counters(), fates = nic.fates();
            ++counters[name], ++fates[name];
            CHECK_FALSE(breach(counters, fates, nic.engine.frames_held(), nic.ledger.offered()).empty());
        }
    }
    for (const char* name :
         {"MPC", "RNBC", "RUC", "RFC", "ROC", "RJC", "ALGNERRC", "RXERRC", "FCRUC", "stored", "no_sfd", "link_down",
          "rx_disabled", "too_short", "filtered_address", "filtered_vlan", "mac_control"})
        CHECK(seen.count(name) == 1);
}
