// SPDX-License-Identifier: Apache-2.0
// Filters changed in mid-traffic: a frame is judged by what the registers say on the edge of its last octet.
// What they said before or say later does not matter.
#include <algorithm>
#include <random>
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

constexpr Time       slot = 672 * nanosecond;  // 64 octets at 1 Gb/s
constexpr Time       edge = 8 * nanosecond;
constexpr Time       end  = (8 + 64) * 8 * nanosecond;  // from a frame's start to its last octet's end
constexpr MacAddress group{{0x01, 0x00, 0x5e, 0x00, 0x00, 0x01}};

struct Change {
    const char*   name;
    Octets        body;
    std::uint32_t offset, admits, refuses;
};

/// Each register that decides about a frame, with a value that admits it and one that does not.
std::vector<Change> changes()
{
    Octets tagged = body_to(test::station, 64, 0x8100);
    tagged[14] = std::byte{0x00}, tagged[15] = std::byte{0x21};  // VLAN 33: bit 1 of word 1
    const auto station = test::station.value();
    return {
        {"UPE", body_to(test::other_station, 64), rctl, en | upe, en},
        {"MPE", body_to(group, 64), rctl, en | mpe, en},
        {"BAM", body_to(test::everyone, 64), rctl, en | bam, en},
        {"RAL", body_to(test::station, 64), reg::RAL::at(0), static_cast<std::uint32_t>(station), 1},
        {"RAH", body_to(test::station, 64), reg::RAH::at(0),
         static_cast<std::uint32_t>(station >> 32U) | reg::RAH::AV.mask(), static_cast<std::uint32_t>(station >> 32U)},
        // Hash of 00:01 with MO = 0: (01 << 8 | 00) >> 4 = 010h, word 0, bit 16.
        {"MTA", body_to(group, 64), reg::MTA::at(0), 1U << 16U, ~(1U << 16U)},
        {"VFTA", tagged, reg::VFTA::at(1), 2, ~2U},
        {"VFE", tagged, rctl, en, en | vfe},
    };
}

void prepare(BareNic& nic, const Change& change, bool admits)
{
    const bool by_table = change.offset == reg::VFTA::at(1);
    nic.receive(en | (by_table ? vfe : 0), {.size = 256});
    nic.write(change.offset, admits ? change.admits : change.refuses);
}

}  // namespace

TEST_CASE("a filter register decides up to the edge of a frame's last octet, and no later", "[filter_in_traffic]")
{
    constexpr Time start = 16 * microsecond;
    for (const Change& change : changes())
        for (const bool to_admits : {true, false})
            for (const auto& [at, seen] : {std::pair{start - 1, true},
                                           {start + 100 * nanosecond, true},
                                           {start + end - edge - 1, true},
                                           // On one edge the wire's beat comes before an access (law 2).
                                           {start + end - edge, false},
                                           {start + end - 1, false},
                                           {start + end, false},
                                           {start + slot, false}}) {
                CAPTURE(change.name, to_admits, at - start);
                BareNic nic;
                prepare(nic, change, !to_admits);
                nic.send(change.body, {.start = start});
                nic.run_to(at);
                nic.write(change.offset, to_admits ? change.admits : change.refuses);
                nic.finish();
                CHECK(nic.done(0) == (seen == to_admits));
                CHECK(nic.fates()["stored"] == (seen == to_admits ? 1 : 0));
            }
}

TEST_CASE("filters that change at random under back-to-back frames drop exactly those that they refuse",
          "[filter_in_traffic]")
{
    constexpr unsigned frames = 200;
    for (const Change& change : changes())
        for (unsigned seed = 1; seed <= 5; ++seed) {
            CAPTURE(change.name, seed);
            std::mt19937 random{seed};
            BareNic      nic;
            prepare(nic, change, false);
            constexpr Time start = 16 * microsecond;
            for (unsigned i = 0; i < frames; ++i) nic.send(change.body, {.start = start});

            std::uint64_t wanted = 0;
            bool          admits = false;
            Time          at     = start;
            unsigned      frame  = 0;
            while (frame < frames) {
                at += below(3'000'000, random);  // picoseconds: about half a frame
                at = std::max(at, nic.now());
                // Every frame whose last octet is in on the write's edge was judged by what stood there before.
                const Time taken = (at / edge + 1) * edge;
                for (; frame < frames && start + frame * slot + end <= taken; ++frame) wanted += admits ? 1 : 0;
                admits = below(2, random) != 0;
                nic.run_to(at);
                nic.write(change.offset, admits ? change.admits : change.refuses);
            }
            nic.finish();
            CHECK(nic.fates()["stored"] == wanted);
            CHECK(nic.counters()["GPRC"] == wanted);
            CHECK(nic.counters()["TPR"] == wanted);
            CHECK((wanted > frames / 10 && wanted < frames * 9 / 10));
        }
}
