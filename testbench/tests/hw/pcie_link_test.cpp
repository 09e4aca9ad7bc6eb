// SPDX-License-Identifier: Apache-2.0
// The PCIe link's arithmetic against schedules worked out by hand and against published bandwidths.
// Expected times are computed here.
#include "hw/platform/pcie_link.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

/// 64 Gb/s: an octet takes 125 ps, so that times can be worked out by hand.
PcieProfile hand()
{
    PcieProfile profile;
    profile.bits_per_second      = 64'000'000'000;
    profile.max_payload          = 256;
    profile.max_read_request     = 512;
    profile.reads_in_flight      = 2;
    profile.write_overhead       = 24;
    profile.read_overhead        = 24;
    profile.completion_overhead  = 20;
    profile.write_latency        = 200'000;
    profile.read_latency         = 500'000;
    profile.read_per_octet       = 100;
    profile.mmio_write           = 250'000;
    profile.mmio_read_request    = 260'000;
    profile.mmio_read_completion = 270'000;
    profile.interrupt            = 280'000;
    return profile;
}

/// PCIe 3.0 x8 as in pcie-bench's model: MPS 256, MRRS 512; nothing but the link limits it.
PcieProfile gen3_x8()
{
    PcieProfile profile     = hand();
    profile.bits_per_second = 57'880'000'000;
    profile.reads_in_flight = 1024;
    profile.read_latency    = 547'700;
    profile.read_per_octet  = 288;
    profile.write_latency   = 220'000;
    return profile;
}

struct Access {
    DmaOperation  operation;
    std::uint64_t address;
    std::uint32_t length;
    Time          at;
    Time          accepted;
    Time          completed;
};
using Schedule = std::vector<Access>;

constexpr auto W = DmaOperation::write;
constexpr auto R = DmaOperation::read;

// An octet is 125 ps. Write: (length + 24 a TLP) on the link, visible 200 ns after its end.
const Schedule writes{
    {W, 0x10000, 64, 0, 11'000, 211'000},                // 88 octets
    {W, 0x20000, 16, 1'000, 16'000, 216'000},            // waits for the link, then 40 octets
    {W, 0x10000, 256, 100'000, 135'000, 335'000},        // 280
    {W, 0x10000, 257, 200'000, 238'125, 438'125},        // two TLPs: 305
    {W, 0x10ff0, 16, 300'000, 305'000, 505'000},         // up to a 4 KiB boundary: one TLP
    {W, 0x10ff0, 17, 400'000, 408'125, 608'125},         // across it: 17 + 48 = 65
    {W, 0x10f80, 512, 500'000, 573'000, 773'000},        // 128, 256 and 128: three TLPs, 584
    {W, 0x10000, 16384, 600'000, 2'840'000, 3'040'000},  // 64 TLPs: 17,920
    {W, 0x10000, 1, 2'000'000, 2'843'125, 3'043'125},    // 25
};

// Read: 24 octets up, 500 ns and 100 ps an octet; two requests under way at most; at most 512 octets in one.
// Data comes down one after the other, 20 octets more for each completion of at most 256.
const Schedule reads{
    {R, 0x10000, 64, 0, 3'000, 509'400},
    {R, 0x10040, 64, 0, 6'000, 519'900},            // ready at 512,400, but 84 octets take 10.5 ns down the link
    {R, 0x10080, 64, 0, 512'400, 1'018'800},        // the first one's tag is free at 509,400
    {R, 0x100c0, 64, 600'000, 603'000, 1'109'400},  // the second one's at 519,900
    {R, 0x10000, 512, 2'000'000, 2'003'000, 2'554'200},
    {R, 0x10000, 1024, 3'000'000, 3'006'000, 3'623'200},  // two of 512: 69 ns of data each
    {R, 0x10fc0, 128, 4'000'000, 4'006'000, 4'519'900},   // 64 and 64: no request crosses 4 KiB
};

// Both directions: a read's request queues behind writes, its data does not.
const Schedule mixed{
    {W, 0x10000, 256, 0, 35'000, 235'000},
    {R, 0x20000, 64, 0, 38'000, 544'400},
    {W, 0x10000, 64, 0, 49'000, 249'000},
};

unsigned mismatches(const PcieProfile& profile, const Schedule& schedule)
{
    PcieLink link{profile};
    unsigned count = 0;
    for (const Access& access : schedule) {
        const DmaTimes times = link.schedule(access.operation, access.address, access.length, access.at);
        INFO("at " << access.at << ": " << times.accepted << " " << times.completed);
        if (times.accepted != access.accepted || times.completed != access.completed) ++count;
    }
    return count;
}

/// Gb/s of payload when accesses of `length` follow each other without a pause. Reads and writes may alternate.
double bandwidth(const PcieProfile& profile, const std::vector<DmaOperation>& pattern, std::uint32_t length)
{
    PcieLink      link{profile};
    constexpr int warm = 2000, counted = 20000;
    Time          from = 0, to = 0;
    // All are issued at once, so that each waits for the link alone.
    for (int i = 0; i < warm + counted; ++i)
        for (const DmaOperation operation : pattern) {
            const DmaTimes times = link.schedule(operation, 0x10'0000, length, 0);
            to                   = operation == R && pattern.size() == 1 ? times.completed : times.accepted;
            if (i < warm) from = to;
        }
    return 8.0 * length * counted / (static_cast<double>(to - from) / 1000.0);
}

/// The table is rounded to 0.01, and the 57.88 Gb/s that it starts from is too.
bool near(double value, double published)
{
    return std::abs(value - published) <= 0.015;
}

}  // namespace

TEST_CASE("writes and reads take the times worked out by hand", "[pcie_link]")
{
    CHECK(mismatches(hand(), writes) == 0);
    CHECK(mismatches(hand(), reads) == 0);
    CHECK(mismatches(hand(), mixed) == 0);
}

TEST_CASE("a link with any figure wrong misses the schedule", "[pcie_link]")
{
    const auto broken = [](auto PcieProfile::*member, auto value) {
        PcieProfile profile = hand();
        profile.*member     = static_cast<std::remove_reference_t<decltype(profile.*member)>>(value);
        return mismatches(profile, writes) + mismatches(profile, reads) + mismatches(profile, mixed);
    };
    CHECK(broken(&PcieProfile::bits_per_second, 63'999'000'000) > 0);
    CHECK(broken(&PcieProfile::max_payload, 128) > 0);
    CHECK(broken(&PcieProfile::max_payload, 512) > 0);
    CHECK(broken(&PcieProfile::max_read_request, 256) > 0);
    CHECK(broken(&PcieProfile::max_read_request, 1024) > 0);
    CHECK(broken(&PcieProfile::reads_in_flight, 1) > 0);
    CHECK(broken(&PcieProfile::reads_in_flight, 3) > 0);
    CHECK(broken(&PcieProfile::write_overhead, 20) > 0);
    CHECK(broken(&PcieProfile::read_overhead, 20) > 0);
    CHECK(broken(&PcieProfile::completion_overhead, 16) > 0);
    CHECK(broken(&PcieProfile::write_latency, 199'999) > 0);
    CHECK(broken(&PcieProfile::read_latency, 499'999) > 0);
    CHECK(broken(&PcieProfile::read_per_octet, 99) > 0);
}

TEST_CASE("a link of no cost takes no time", "[pcie_link]")
{
    PcieLink link{PcieProfile{}};
    for (const Time t : {Time{0}, Time{5}, Time{5}, Time{1'000}}) {
        for (const DmaOperation operation : {R, W}) {
            const DmaTimes times = link.schedule(operation, 0x10ff0, 9000, t);
            CHECK((times.accepted == t && times.completed == t));
        }
        CHECK(link.interrupt_arrival(t) == t);
        CHECK(link.mmio_completion_arrival(t) == t);
        CHECK((link.mmio_write_arrival(t) == t && link.mmio_read_arrival(t) == t));
    }
}

TEST_CASE("bandwidths are those that pcie-bench's model gives for PCIe 3.0 x8", "[pcie_link]")
{
    struct Row {
        std::uint32_t length;
        double        write, read, both;
    };
    for (const Row& row :
         {Row{64, 42.10, 44.10, 33.08}, Row{128, 48.75, 50.06, 42.10}, Row{256, 52.92, 53.69, 48.75},
          Row{257, 48.78, 50.09, 45.22}, Row{512, 52.92, 53.69, 50.75}, Row{1024, 52.92, 53.69, 50.75}}) {
        INFO(row.length);
        CHECK(near(bandwidth(gen3_x8(), {W}, row.length), row.write));
        CHECK(near(bandwidth(gen3_x8(), {R}, row.length), row.read));
        CHECK(near(bandwidth(gen3_x8(), {R, W}, row.length), row.both));
    }
    // The comparison finds the other header: 20 octets, as with 32-bit addresses.
    PcieProfile broken    = gen3_x8();
    broken.write_overhead = 20;
    CHECK_FALSE(near(bandwidth(broken, {W}, 64), 42.10));
}

TEST_CASE("few reads in flight bound the bandwidth by latency", "[pcie_link]")
{
    // 32 requests of 64 octets in each round trip: 3.317 ns for the request, 547.7 ns and 18.432 ns.
    PcieProfile profile     = gen3_x8();
    profile.reads_in_flight = 32;
    const double expected   = 32 * 64 * 8 / (3.317 + 547.7 + 18.432);
    CHECK(std::abs(bandwidth(profile, {R}, 64) - expected) < 0.05);
}

TEST_CASE("a line of four descriptors is back 566 ns after its request has left", "[pcie_link]")
{
    PcieLink       link{gen3_x8()};
    const DmaTimes times = link.schedule(R, 0x10000, 64, 0);
    CHECK(times.accepted == 3'318);                      // 24 octets at 57.88 Gb/s: 3317.2 ps, rounded up
    CHECK(times.completed - times.accepted == 566'132);  // 547.7 ns + 64 x 0.288 ns
}

TEST_CASE("an interrupt and a completion arrive after every write posted before them", "[pcie_link]")
{
    PcieLink link{hand()};
    CHECK(link.interrupt_arrival(0) == 280'000);
    CHECK(link.mmio_completion_arrival(0) == 270'000);
    CHECK(link.mmio_write_arrival(7) == 250'007);
    CHECK(link.mmio_read_arrival(7) == 260'007);

    static_cast<void>(link.schedule(W, 0x10000, 16384, 0));  // 17,920 octets: visible at 2,440,000
    CHECK(link.interrupt_arrival(1'000) == 2'440'000);
    CHECK(link.mmio_completion_arrival(2'000) == 2'440'000);
    CHECK(link.interrupt_arrival(2'160'000) == 2'440'000);
    CHECK(link.interrupt_arrival(2'160'001) == 2'440'001);
    CHECK(link.mmio_completion_arrival(2'170'001) == 2'440'001);
    // What goes down to the device waits for nothing that goes up.
    CHECK(link.mmio_write_arrival(1'000) == 251'000);

    // A read's data holds nothing up.
    PcieLink reading{hand()};
    static_cast<void>(reading.schedule(R, 0x10000, 512, 0));
    CHECK(reading.interrupt_arrival(0) == 280'000);
}

TEST_CASE("a time on the link is never short, and over by less than two picoseconds", "[pcie_link]")
{
    __extension__ using Wide = __int128;
    for (const std::int64_t bits : {1'837'000'000LL, 57'880'000'000LL, 64'000'000'000LL, 454'800'000'000LL}) {
        PcieProfile profile;
        profile.bits_per_second = bits;
        profile.max_payload     = 4096;
        for (std::uint32_t octets = 1; octets <= 4096; ++octets) {
            PcieLink   link{profile};
            const Time time = link.schedule(W, 0, octets, 0).accepted;
            // octets * 8 / bits, in fractions of a picosecond
            const Wide exact = Wide{octets} * 8 * second;
            REQUIRE(Wide{time} * bits >= exact);
            REQUIRE(Wide{time - 2} * bits < exact);
        }
    }
    PcieLink hand_made{hand()};
    CHECK(hand_made.schedule(W, 0, 256, 0).accepted == 35'000);  // no fraction, nothing added
}
