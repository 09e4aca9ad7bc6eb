// SPDX-License-Identifier: Apache-2.0
// What the differential tester is made of, without QEMU: programs as text, shrinking, and comparisons that see a flaw.
// No program runs here.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "hw/base/input_error.hpp"
#include "testbench/differential/counter_comparison.hpp"
#include "testbench/differential/descriptor_comparison.hpp"
#include "testbench/differential/difference.hpp"
#include "testbench/differential/directed_programs.hpp"
#include "testbench/differential/frame_rules.hpp"
#include "testbench/differential/program_maker.hpp"
#include "testbench/differential/program_text.hpp"
#include "testbench/differential/register_comparison.hpp"
#include "testbench/differential/shrinker.hpp"
#include "testbench/tests/bench/ip_frames.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/source_tree.hpp"

using namespace overrun;
using namespace overrun::differential;

namespace {

/// The one that has every departure, and the last one.
constexpr qtest::Version first_known = qtest::known_versions.front(), last_known = qtest::known_versions.back();

bool differs(const WrittenBack& ours, const WrittenBack& theirs, const FrameContext& frame, Forgiveness& forgiveness)
{
    try {
        compare(ours, theirs, frame, forgiveness);
    } catch (const Difference&) {
        return true;
    }
    return false;
}

bool differs(std::span<const std::uint32_t> ours, std::span<const std::uint32_t> theirs, const FrameTally& tally,
             Forgiveness& forgiveness)
{
    try {
        compare_counters(ours, theirs, tally, forgiveness);
    } catch (const Difference&) {
        return true;
    }
    return false;
}

void set(std::vector<std::uint32_t>& values, std::uint32_t offset, std::uint32_t value)
{
    const auto& offsets = counter_offsets();
    values[static_cast<std::size_t>(std::find(offsets.begin(), offsets.end(), offset) - offsets.begin())] = value;
}

/// All statistics of one frame of 64 octets: ours, and QEMU's with every departure but those of multicast frames.
struct OneFrame {
    OneFrame()
    {
        for (const std::uint32_t offset : {0x4074U, 0x40d0U})
            set(ours, offset, 1), set(theirs, offset, 1);  // GPRC, TPR
        for (const std::uint32_t offset : {0x4088U, 0x40c0U})
            set(ours, offset, 64), set(theirs, offset, 64);  // GORC, TOR
        set(ours, 0x405c, 1);                                // PRC64, which QEMU does not count
    }
    std::vector<std::uint32_t> ours = std::vector<std::uint32_t>(counter_offsets().size()), theirs = ours;
};

std::uint64_t count_of(const Forgiveness& forgiveness, Departure departure)
{
    return forgiveness.counts()[static_cast<std::size_t>(departure)];
}

}  // namespace

TEST_CASE("a program made of a program's text is the same program")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Program program = random_program(seed);
        CHECK(parse_program(text_of(program), "text") == program);
    }
    for (const DirectedProgram& one : directed_programs())
        CHECK(parse_program(text_of(one.program), "t") == one.program);
}

TEST_CASE("a seed makes the same program each time, and another one another")
{
    CHECK(random_program(5) == random_program(5));
    CHECK(random_program(5) != random_program(6));
}

TEST_CASE("what is no program is refused with its line")
{
    const auto error = [](const char* text) -> std::string {
        try {
            static_cast<void>(parse_program(text, "f"));
        } catch (const InputError& e) {
            return e.what();
        }
        return {};
    };
    CHECK(error("# nothing\n\nsync\n").empty());
    CHECK(error("sync\nwrote 0 0\n").starts_with("f:2: \"wrote\" is no step"));
    CHECK(error("write 0x101 0") == "f:1: 0x101 is no register: offsets are multiples of 4");
    CHECK(error("write 0x100") == "f:1: a number is missing");
    CHECK(error("write 0x100 0x100000000").find("is no number from 0 to 0xffffffff") != std::string::npos);
    CHECK(error("read 0x20000").find("no number") != std::string::npos);
    CHECK(error("ring 12 0 0 0") == "f:1: a ring's size is a multiple of 8");
    CHECK(error("ring 8 8 0 0").find("no number") != std::string::npos);
    CHECK(error("frame 0") == "f:1: a frame is hexadecimal digits, two for each octet, and +N");
    CHECK(error("frame") == "f:1: a frame has 1 to 16384 octets");
    CHECK(error("sync now") == "f:1: \"now\" is too much");
}

TEST_CASE("shrinking leaves only the steps that matter, and of them only what matters")
{
    Program program = random_program(3);
    program.insert(program.begin() + 5, write_step(0x100, 0xffff'ffff));
    program.push_back(read_step(0x5008));
    const auto fails = [](const Program& p) {
        const auto write = std::find_if(p.begin(), p.end(), [](const Step& s) {
            return s.kind == Step::Kind::write && s.offset == 0x100 && (s.value & 0x8000'0010U) == 0x8000'0010U;
        });
        return write != p.end() && std::find(write, p.end(), read_step(0x5008)) != p.end();
    };
    REQUIRE(fails(program));
    CHECK(shrink(program, fails, 5000) == Program{write_step(0x100, 0x8000'0010), read_step(0x5008)});
}

TEST_CASE("every bit of a descriptor matters to the comparison, but for the departures")
{
    const auto rejects = [](const WrittenBack& ours, const WrittenBack& theirs, const FrameContext& frame = {}) {
        Forgiveness forgiveness{first_known};
        return differs(ours, theirs, frame, forgiveness);
    };
    const WrittenBack good{0, 0, 0x1234, 0x0002'0263, 60, 0x4321, 5};
    CHECK_FALSE(rejects(good, good));
    for (unsigned bit = 0; bit < 32; ++bit) {
        WrittenBack other = good;
        other.status ^= 1U << bit;
        INFO("status bit " << bit);
        CHECK(rejects(other, good));
        // A verdict that QEMU has and we have not, or the other way round, is never forgiven on a sound frame.
        CHECK(rejects(good, other));
        other = good;
        other.mrq ^= 1U << bit;
        CHECK(rejects(other, good));
    }
    for (unsigned bit = 0; bit < 16; ++bit) {
        for (std::uint16_t WrittenBack::*field :
             {&WrittenBack::ip_id, &WrittenBack::length, &WrittenBack::checksum, &WrittenBack::vlan}) {
            WrittenBack other = good;
            other.*field      = static_cast<std::uint16_t>(other.*field ^ 1U << bit);
            CHECK(rejects(other, good));
        }
    }
    WrittenBack hashed = good;
    hashed.status |= rx_status::pif;
    CHECK(rejects(hashed, good));
    CHECK_FALSE(rejects(hashed, good, {.by_hash = true}));
    WrittenBack unsummed = good;
    unsummed.status      = 0x7;
    CHECK(rejects(unsummed, good));
    CHECK_FALSE(rejects(unsummed, good, {.parsing = Departure::ipv6_routing}));
}

TEST_CASE("every counter matters to the comparison")
{
    FrameTally         tally;
    const test::Octets header = test::body_to(test::station, 64);
    tally.delivered(60, header, false, false, false);
    const OneFrame one;
    const auto&    ours    = one.ours;
    const auto&    theirs  = one.theirs;
    const auto     rejects = [&](const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
        Forgiveness forgiveness{first_known};
        return differs(a, b, tally, forgiveness);
    };
    CHECK_FALSE(rejects(ours, theirs));
    for (std::size_t i = 0; i < ours.size(); ++i) {
        auto more = ours;
        ++more[i];
        const std::string_view name = reg::find(counter_offsets()[i])->name;
        INFO(name);
        // Of interrupts and their causes QEMU has no figure.
        CHECK(rejects(more, theirs) == (name != "IAC" && !name.starts_with("ICRX")));
    }
}

TEST_CASE("no register that the engine acts on is left out of the comparison without a reason")
{
    for (const reg::RegisterInfo& row : reg::register_table) {
        if (row.status != reg::Status::engine || row.is_counter()) continue;
        INFO(row.name);
        const bool diagnostic = row.name.starts_with("RDF");
        CHECK(((compared_bits(row.offset) & row.readable) != 0 || row.readable == 0) == !diagnostic);
    }
    for (const RegisterDeparture& one : register_departures()) CHECK_FALSE(one.reason.empty());
}

TEST_CASE("frames with sound headers are never excused from the comparison of verdicts")
{
    FrameRules rules{first_known};
    for (const unsigned version : {4U, 6U})
        for (const std::uint8_t protocol : {test::tcp, test::udp})
            for (const bool tag : {false, true}) {
                const auto built = test::build({.version = version, .protocol = protocol, .tag = tag});
                CHECK(rules.parsing(built.body) == std::nullopt);
                CHECK(rules.left_out(built.body) == std::nullopt);
            }
    CHECK(rules.parsing(test::build({.version = 6, .fragment = 1}).body) == Departure::ipv6_fragment);
    CHECK(rules.parsing(test::build({.fragment = 0x2000}).body) == Departure::ipv4_fragment);
    CHECK(rules.parsing(test::build({.version = 6, .options = 1, .extension = 43, .segments = 1}).body) ==
          Departure::ipv6_routing);
    auto chain = test::build({.version = 6, .options = 2, .extension = 60});
    CHECK(rules.parsing(chain.body) == std::nullopt);
    chain.body[chain.ip + 40 + 8 + 1] = std::byte{200};  // the second header's length: over the datagram's end
    CHECK(rules.parsing(chain.body) == Departure::malformed_ip);
    auto other               = test::build({.version = 6});
    other.body[other.ip + 6] = std::byte{51};  // the ports are read as an authentication header of 424 octets
    CHECK(rules.parsing(other.body) == Departure::malformed_ip);
}

TEST_CASE("a departure is forgiven up to the version that has mended it, and counted only then")
{
    for (const DepartureInfo& info : departure_table) {
        INFO(info.name);
        CHECK(info.exists_in(first_known));
        for (const qtest::Version& version : qtest::known_versions) {
            Forgiveness forgiveness{version};
            const bool  forgiven = forgiveness.forgive(info.departure);
            CHECK(forgiven == (version < info.mended_in));
            CHECK(count_of(forgiveness, info.departure) == (forgiven ? 1 : 0));
        }
        const auto known = std::find(qtest::known_versions.begin(), qtest::known_versions.end(), info.mended_in);
        CHECK((info.mended_in == not_mended || known != qtest::known_versions.end()));
    }
    const DepartureInfo& mended = info_of(Departure::multicast_count);
    CHECK(mended.exists_in({10, 0, 12}));
    CHECK(mended.exists_in({9, 99, 99}));
    CHECK_FALSE(mended.exists_in({10, 0, 13}));
    CHECK_FALSE(mended.exists_in({10, 1, 0}));
}

TEST_CASE("a mended departure is a mismatch: fragments that are judged as if they were whole")
{
    // TCP over IPv4: our type is IPv4's (1), QEMU's 7.2 TCP's (2) and an acknowledgement; over IPv6: verdict or none.
    const WrittenBack fragment4{0, 0, 0, 0x0001'0223, 60, 0, 0}, whole4{0, 0, 0, 0x0002'8223, 60, 0, 0};
    const WrittenBack fragment6{0, 0, 0, 0x0004'0007, 60, 0, 0}, whole6{0, 0, 0, 0x0004'0023, 60, 0, 0};
    const struct {
        Departure          departure;
        const WrittenBack &ours, &theirs;
        test::Octets       frame;
    } cases[] = {{Departure::ipv4_fragment, fragment4, whole4, test::build({.fragment = 0x2000}).body},
                 {Departure::ipv6_fragment, fragment6, whole6, test::build({.version = 6, .fragment = 1}).body}};
    for (const auto& one : cases) {
        INFO(info_of(one.departure).name);
        const auto reason = [&](const qtest::Version& version) { return FrameRules{version}.parsing(one.frame); };
        REQUIRE(reason(first_known) == one.departure);
        CHECK(reason(last_known) == std::nullopt);
        Forgiveness first{first_known}, last{last_known};
        CHECK_FALSE(differs(one.ours, one.theirs, {.parsing = one.departure}, first));
        CHECK(count_of(first, one.departure) == 1);
        // Even where the frame's rules say that it may be.
        CHECK(differs(one.ours, one.theirs, {.parsing = one.departure}, last));
        CHECK(differs(one.ours, one.theirs, {.parsing = reason(last_known)}, last));
        CHECK_FALSE(differs(one.ours, one.ours, {.parsing = reason(last_known)}, last));
        CHECK(count_of(last, one.departure) == 0);
    }
}

TEST_CASE("a mended departure is a mismatch: multicast frames that are counted twice")
{
    constexpr std::uint32_t mprc = 0x407c;
    FrameTally              tally;
    tally.delivered(60, test::body_to({{0x01, 0x00, 0x5e, 0x00, 0x00, 0x05}}, 64), false, true, false);
    const auto agrees = [&](const qtest::Version& version, std::uint32_t counted) {
        OneFrame one;
        set(one.ours, mprc, 1);
        set(one.theirs, mprc, counted);
        Forgiveness forgiveness{version};
        const bool  agree = !differs(one.ours, one.theirs, tally, forgiveness);
        CHECK((count_of(forgiveness, Departure::multicast_count) == 0 || forgiveness.has(Departure::multicast_count)));
        return agree;
    };
    CHECK(agrees(first_known, 2));
    CHECK_FALSE(agrees(first_known, 1));
    CHECK(agrees(last_known, 1));
    CHECK_FALSE(agrees(last_known, 2));
    // A frame that waits is tried again and again: only looks are counted more than once.
    tally.starved = true;
    CHECK(agrees(first_known, 5));
    CHECK(agrees(last_known, 1));
    CHECK_FALSE(agrees(last_known, 2));
    CHECK_FALSE(agrees(last_known, 5));
}

TEST_CASE("a mended departure is a mismatch: frames that were left out are put on the wire")
{
    // Without FCS: the last one of 1522 octets with it, the first one over that, QEMU's 7.2 last one, and one more.
    for (const std::uint32_t octets : {1518U, 1519U, 1522U, 1523U}) {
        const auto frame = test::body_to(test::station, octets + 4);
        REQUIRE(frame.size() == octets);
        INFO(octets);
        const bool between = octets == 1519 || octets == 1522;
        CHECK((FrameRules{first_known}.left_out(frame) == Departure::standard_limit) == between);
        CHECK(FrameRules{last_known}.left_out(frame) == std::nullopt);
        CHECK(FrameRules{last_known}.oversize(octets) == (octets > 1518));
    }
}

TEST_CASE("headers of an IPv6 fragment that are cut off are excused where whole fragments are not")
{
    auto cut = test::build({.version = 6, .data = 0, .fragment = 1});
    cut.body.resize(cut.l4);
    test::patch(cut.body, cut.ip + 4, 8);   // payload length: the fragment header alone
    cut.body[cut.ip + 40] = std::byte{60};  // and another header is to follow
    CHECK(FrameRules{first_known}.parsing(cut.body) == Departure::ipv6_fragment);
    CHECK(FrameRules{last_known}.parsing(cut.body) == Departure::malformed_ip);
}

TEST_CASE("the documentation names every departure, and for each version those that it has mended")
{
    std::ifstream     in{test::source_tree() / "docs/differential.md"};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (const DepartureInfo& info : departure_table) {
        INFO(info.name);
        CHECK(text.find("`" + std::string{info.name} + "`") != std::string::npos);
    }
    for (const qtest::Version& version : qtest::known_versions) {
        const std::string begin = fmt::format("\n| {} |", fmt::join(version, "."));
        INFO(begin);
        const std::size_t at = text.find(begin);
        REQUIRE(at != std::string::npos);
        const std::string row = text.substr(at, text.find('\n', at + 1) - at);
        for (const DepartureInfo& info : departure_table) {
            INFO(info.name);
            const bool named = row.find("`" + std::string{info.name} + "`") != std::string::npos;
            CHECK(named == !info.exists_in(version));
        }
    }
}
