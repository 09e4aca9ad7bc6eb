// SPDX-License-Identifier: Apache-2.0
// What the differential tester is made of, without QEMU: programs as text, shrinking, and comparisons that see a flaw.
// Never runs a program.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "hw/input_error.hpp"
#include "testbench/differential/counter_comparison.hpp"
#include "testbench/differential/descriptor_comparison.hpp"
#include "testbench/differential/difference.hpp"
#include "testbench/differential/directed_programs.hpp"
#include "testbench/differential/frame_rules.hpp"
#include "testbench/differential/program_maker.hpp"
#include "testbench/differential/program_text.hpp"
#include "testbench/differential/register_comparison.hpp"
#include "testbench/differential/shrinker.hpp"
#include "testbench/tests/catch.hpp"
#include "testbench/tests/ip_frames.hpp"
#include "testbench/tests/source_tree.hpp"

using namespace overrun;
using namespace overrun::differential;

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
        DepartureCounts counts{};
        try {
            compare(ours, theirs, frame, counts);
        } catch (const Difference&) {
            return true;
        }
        return false;
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
    std::vector<std::uint32_t> ours(counter_offsets().size()), theirs(ours);
    const auto                 set = [](std::vector<std::uint32_t>& values, std::uint32_t offset, std::uint32_t value) {
        const auto& offsets = counter_offsets();
        values[static_cast<std::size_t>(std::find(offsets.begin(), offsets.end(), offset) - offsets.begin())] = value;
    };
    for (const std::uint32_t offset : {0x4074U, 0x40d0U}) set(ours, offset, 1), set(theirs, offset, 1);    // GPRC, TPR
    for (const std::uint32_t offset : {0x4088U, 0x40c0U}) set(ours, offset, 64), set(theirs, offset, 64);  // GORC, TOR
    set(ours, 0x405c, 1);  // PRC64, which QEMU does not count
    const auto rejects = [&](const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
        DepartureCounts counts{};
        try {
            compare_counters(a, b, tally, counts);
        } catch (const Difference&) {
            return true;
        }
        return false;
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
    FrameRules rules;
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
    CHECK(rules.parsing(test::build({.version = 6, .options = 2, .extension = 60}).body) == std::nullopt);
}

TEST_CASE("the documentation names every departure")
{
    std::ifstream     in{test::source_tree() / "docs/differential.md"};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (const DepartureInfo& info : departure_table) {
        INFO(info.name);
        CHECK(text.find("`" + std::string{info.name} + "`") != std::string::npos);
    }
}
