// SPDX-License-Identifier: Apache-2.0
// The differential tester against QEMU: our NIC agrees, NICs with a flaw do not, and every departure still exists.
// Every departure of the table has its test.
#include "testbench/differential/differential.hpp"

#include <map>

#include "testbench/differential/directed_programs.hpp"
#include "testbench/differential/program_maker.hpp"
#include "testbench/differential/program_text.hpp"
#include "testbench/differential/register_comparison.hpp"
#include "testbench/engines/engines.hpp"
#include "testbench/tests/bench/ip_frames.hpp"
#include "testbench/tests/qemu/broken_nics.hpp"
#include "testbench/tests/qemu/machine_for_tests.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;
using namespace overrun::differential;
using Kind = Step::Kind;

namespace {

constexpr MacAddress    group{{0x01, 0x00, 0x5e, 0x00, 0x00, 0x05}};
constexpr std::uint32_t receive = reg::RCTL::EN.mask() | reg::RCTL::SECRC.mask() | reg::RCTL::BAM.mask();

Step frame(const MacAddress& to, std::uint32_t octets = 60, std::uint16_t type = ordinary_type)
{
    return frame_step(body_to(to, octets + fcs_octets, type));
}
Step tagged(std::uint16_t type, std::uint16_t tci, std::uint16_t inner)
{
    auto octets = body_to(station, 68, type);
    octets[14]  = static_cast<std::byte>(tci >> 8U);
    octets[15]  = static_cast<std::byte>(tci);
    octets[16]  = static_cast<std::byte>(inner >> 8U);
    octets[17]  = static_cast<std::byte>(inner);
    return frame_step(octets);
}

/// With extended descriptors and a ring of 32 that is given back when it is used up.
Program with(std::vector<Step> before, std::vector<Step> after, std::uint32_t rctl = receive)
{
    Program program{write_step(reg::RFCTL::offset, reg::RFCTL::EXTEN.mask()), write_step(reg::RCTL::offset, rctl)};
    program.insert(program.end(), before.begin(), before.end());
    program.push_back(plain_step(Kind::tail, 31));
    program.push_back(ring_step({32, 0, 0, false}));
    program.insert(program.end(), after.begin(), after.end());
    return program;
}

Step multicast_bit(const MacAddress& address)
{
    const MulticastHash at = multicast_hash(address.octets[4], address.octets[5], 0);
    return write_step(reg::MTA::at(at.word), 1U << at.bit);
}
Step receive_format(std::uint32_t rfctl)
{
    return write_step(reg::RFCTL::offset, reg::RFCTL::EXTEN.mask() | rfctl);
}

/// For each departure a program that comes upon it.
std::map<Departure, Program> witnesses()
{
    using enum Departure;
    const Program plain   = with({}, {frame(station)});
    const Program hashed  = with({multicast_bit(group)}, {frame(group)});
    const Program longish = with({}, {frame(station, 1600)});
    const Step    vme     = write_step(reg::CTRL::offset, reg::CTRL::reset | reg::CTRL::VME.mask());

    std::vector<Step> uneven{frame(station)};  // 1 + 5 * 3 descriptors: 16 are left inside the last frame
    for (int i = 0; i < 5; ++i) uneven.push_back(frame(station, 600));
    const Program small_buffers = with({}, uneven, receive | reg::RCTL::BSIZE.set(0, 3));
    const Program half_a_ring   = with({}, std::vector<Step>(20, frame(station)));

    std::map<Departure, Program> list;
    list[rx_checksum] = list[ixsm] = list[int_asserted] = list[size_buckets] = plain;
    list[vlan_left_over] = with({write_step(reg::RFCTL::offset, 0)}, {frame(station)});
    list[pif] = list[multicast_count] = hashed;
    const Built in_a_tag              = build({.tag = true});
    Built       cut                   = build({});
    patch(cut.body, cut.ip + 2, 1500);  // total length
    list[tag_parsing]   = with({write_step(reg::VET::offset, 0x9100)}, {frame_step(in_a_tag.body)});
    list[malformed_ip]  = with({}, {frame_step(cut.body)});
    list[ipv4_fragment] = with({}, {frame_step(build({.fragment = 0x2000}).body)});
    list[ipv6_settings] = with({receive_format(reg::RFCTL::IPV6_DIS.mask())}, {frame_step(build({.version = 6}).body)});
    list[ipv6_fragment] = with({}, {frame_step(build({.version = 6, .fragment = 1}).body)});
    list[ipv6_routing] =
        with({}, {frame_step(build({.version = 6, .options = 1, .extension = 43, .segments = 1}).body)});
    list[rxdmt0_inside_frame] = small_buffers;
    list[no_descriptors]      = with({}, {plain_step(Kind::starve, 1), frame(station), frame(station), frame(station)});
    list[total_counts] = list[length_errors] = longish;
    list[vlan_octets]                        = with({vme}, {tagged(0x8100, 5, ordinary_type)});
    list[oversize_count]                     = with({}, {frame(station, 1600)}, receive | reg::RCTL::SBP.mask());
    list[cause_counters]                     = half_a_ring;
    list[interrupt_count] =
        with({write_step(reg::IMS::offset, 0xd0)}, {frame(station), plain_step(Kind::sync), frame(station)});

    // Programs leave these frames out.
    list[hash_any_address] = with({multicast_bit(other_station)}, {frame(other_station)});
    list[mac_control]      = with({write_step(reg::FCT::offset, 0x8808), write_step(reg::FCAL::offset, 0x00c2'8001),
                                   write_step(reg::FCAH::offset, 0x0100)},
                                  {frame(pause_address, 60, 0x8808)}, receive | reg::RCTL::MPE.mask());
    list[cfi_filter]       = with({write_step(reg::VFTA::at(0), 1U << 5U)}, {tagged(0x8100, 0x1005, ordinary_type)},
                                  receive | reg::RCTL::VFE.mask() | reg::RCTL::CFIEN.mask());
    list[runts]            = with({}, {frame(station, 40)});
    list[standard_limit]   = with({}, {frame(station, 1520)});
    return list;
}

/// Programs until one fails; 0: none of so many did.
template <class Engine>
std::uint64_t caught_after(std::uint64_t most)
{
    Differential both{laws::maker<Engine>(), qemu_settings()};
    both.failures_kept = 0;
    for (std::uint64_t i = 1; i <= most; ++i)
        if (!both.run("", random_program(i))) return i;
    return 0;
}

}  // namespace

TEST_CASE("our NIC and QEMU's agree on every directed program")
{
    if (!known_qemu()) return;
    Differential both{engine_named("model", "--nic"), qemu_settings()};
    for (const DirectedProgram& one : directed_programs()) {
        INFO(one.name);
        const bool        agree   = both.run(one.name, one.program);
        const std::string differs = agree ? "" : both.result().failures.back().text;
        CHECK(differs == "");
    }
    CHECK(both.result().frames > 2000);
}

TEST_CASE("our NIC and QEMU's agree on random programs")
{
    if (!known_qemu()) return;
    Differential both{engine_named("model", "--nic"), qemu_settings()};
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const Program     program = random_program(seed);
        const bool        agree   = both.run("", program);
        const std::string differs = agree ? "" : both.result().failures.back().text;
        INFO("overrun differential --programs 1 --seed " << seed);
        CHECK(differs == "");
    }
    CHECK(both.result().frames > 5000);
}

TEST_CASE("a NIC with one flaw is caught: filters")
{
    if (!known_qemu()) return;
    CHECK(caught_after<laws::WrongHash>(300) != 0);
    CHECK(caught_after<laws::VlanFilterIgnoresHighBit>(300) != 0);
}
TEST_CASE("a NIC with one flaw is caught: descriptors")
{
    if (!known_qemu()) return;
    CHECK(caught_after<laws::SpoilsWrites<laws::ShortLengths>>(50) != 0);
}
TEST_CASE("a NIC with one flaw is caught: checksum verdicts")
{
    if (!known_qemu()) return;
    CHECK(caught_after<laws::SpoilsWrites<laws::ForgivesTcp>>(50) != 0);
}
TEST_CASE("a NIC with one flaw is caught: counters")
{
    if (!known_qemu()) return;
    CHECK(caught_after<laws::ForgetsOne<reg::GPRC::offset>>(50) != 0);
    CHECK(caught_after<laws::ForgetsOne<reg::BPRC::offset>>(50) != 0);
    CHECK(caught_after<laws::ForgetsOne<reg::PRC127::offset>>(50) != 0);
    CHECK(caught_after<laws::ForgetsOne<reg::TORL::offset>>(50) != 0);
}
TEST_CASE("a NIC with one flaw is caught: interrupt causes")
{
    if (!known_qemu()) return;
    CHECK(caught_after<laws::ForgetsThreshold>(50) != 0);
    CHECK(caught_after<laws::NeverInterrupts>(50) != 0);
}

TEST_CASE("a failing program is made short, and its text fails again")
{
    if (!known_qemu()) return;
    Differential  both{laws::maker<laws::ForgetsOne<reg::BPRC::offset>>(), qemu_settings()};
    std::uint64_t seed = 1;
    while (both.run("", random_program(seed)) && seed < 50) ++seed;
    REQUIRE(both.result().failures.size() == 1);
    const Failure failure = both.result().failures.front();
    CHECK(failure.text.starts_with("BPRC"));
    CHECK(failure.program.size() <= 6);
    CHECK_FALSE(both.run("again", parse_program(text_of(failure.program), "text")));
    CHECK(both.result().mismatches == 2);
}

TEST_CASE("every departure of QEMU's that is forgiven still exists, and one that was mended does not")
{
    if (!known_qemu()) return;
    const auto programs = witnesses();
    for (const DepartureInfo& info : departure_table) {
        INFO(info.name << ": " << info.reason);
        REQUIRE(programs.contains(info.departure));
        Differential      both{engine_named("model", "--nic"), qemu_settings()};
        const bool        agree   = both.run("", programs.at(info.departure));
        const std::string differs = agree ? "" : both.result().failures.back().text;
        CHECK(differs == "");
        const Result& result = both.result();
        const bool    met    = result.forgiven[static_cast<std::size_t>(info.departure)] != 0;
        CHECK(met == info.exists_in(qtest::version_of(result.qemu)));
    }
}

TEST_CASE("the frames that programs leave out are still judged differently by QEMU")
{
    if (!known_qemu()) return;
    const auto programs = witnesses();
    for (const Departure departure : {Departure::hash_any_address, Departure::mac_control, Departure::cfi_filter,
                                      Departure::runts, Departure::standard_limit}) {
        INFO(info_of(departure).name);
        qtest::Machine       machine{qemu_settings()};
        const qtest::Version version = qtest::version_of(machine.version());
        if (!info_of(departure).exists_in(version)) continue;
        QemuDevice    theirs{machine};
        ModelDevice   ours{engine_named("model", "--nic")};
        ProgramRunner runner{ours, theirs, version};
        runner.nothing_left_out = true;
        const Outcome outcome   = runner.run(programs.at(departure));
        REQUIRE(outcome.mismatch);
        CHECK(outcome.mismatch->text.starts_with("descriptor"));
    }
}

TEST_CASE("the register bits that are not compared still differ")
{
    if (!known_qemu()) return;
    qtest::Machine machine{qemu_settings()};
    QemuDevice     theirs{machine};
    ModelDevice    ours{engine_named("model", "--nic")};
    for (const RegisterDeparture& one : register_departures()) {
        INFO(one.name << ": " << one.reason);
        const auto row = std::find_if(reg::register_table.begin(), reg::register_table.end(),
                                      [&](const reg::RegisterInfo& info) { return info.name == one.name; });
        REQUIRE(row != reg::register_table.end());
        const std::uint32_t bits = one.bits == reserved ? ~row->readable : one.bits;
        const std::array    offsets{row->offset};
        std::uint32_t       different = 0;
        for (const std::uint32_t pattern : {~0U, 0U, 0x40U}) {
            ours.reset();
            theirs.reset();
            const bool causes = row->offset == reg::ICR::offset;  // are set through ICS
            for (Device* device : {static_cast<Device*>(&ours), static_cast<Device*>(&theirs)})
                device->write(causes ? reg::ICS::offset : row->offset, pattern);
            different |= ours.read(offsets)[0] ^ theirs.read(offsets)[0];
        }
        CHECK((different & bits) != 0);
    }
}
