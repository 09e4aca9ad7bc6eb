// SPDX-License-Identifier: Apache-2.0
// Interrupt rates: what rx-usecs means, and how the dynamic modes follow the traffic.
// There is no driver: interrupts are given as frames and octets.
#include "driver_sim/driver/interrupt_rate.hpp"

#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

TEST_CASE("rx-usecs as a time becomes ITR in units of 256 ns, rounded down", "[interrupt_rate]")
{
    // 10^9 ns / (rate x 256 ns), the rate being the whole number below 10^6 / usecs.
    struct Row {
        std::uint32_t usecs, per_second, itr;
    };
    for (const Row& row : {Row{10, 100'000, 39},
                           {11, 90'909, 42},
                           {125, 8'000, 488},
                           {1'000, 1'000, 3'906},
                           {9'999, 100, 39'062},
                           {10'000, 100, 39'062}}) {
        CAPTURE(row.usecs);
        const InterruptRate rate{row.usecs};
        CHECK(rate.per_second() == row.per_second);
        CHECK(itr_units(rate.per_second()) == row.itr);
        CHECK_FALSE(rate.adapts());
        // Never shorter than asked for by more than the unit and the rate's own rounding.
        CHECK(row.itr * 256 <= 1'000'000'000 / row.per_second);
        CHECK((row.itr + 1) * 256 > 1'000'000'000 / row.per_second);
    }
}

TEST_CASE("rx-usecs below 10 names a mode", "[interrupt_rate]")
{
    CHECK(itr_units(InterruptRate{0}.per_second()) == 0);
    CHECK(InterruptRate{1}.per_second() == 20'000);
    CHECK(InterruptRate{3}.per_second() == 20'000);
    CHECK(InterruptRate{4}.per_second() == 8'000);
    CHECK((InterruptRate{1}.adapts() && InterruptRate{3}.adapts()));
    CHECK_FALSE((InterruptRate{0}.adapts() || InterruptRate{4}.adapts()));
    CHECK(itr_units(20'000) == 195);
    CHECK(itr_units(70'000) == 55);
    CHECK(itr_units(4'000) == 976);
    CHECK(itr_units(1) == 0xffff);
}

TEST_CASE("a class changes only beyond its bounds", "[interrupt_rate]")
{
    using enum LatencyClass;
    struct Row {
        LatencyClass  now;
        std::uint64_t frames, octets;
        LatencyClass  then;
    };
    const std::vector<Row> rows{
        // Nothing received changes nothing.
        {lowest, 0, 0, lowest},
        {low, 0, 0, low},
        {bulk, 0, 0, bulk},
        // Lowest: left by few frames with more than 512 octets, or by giants.
        {lowest, 4, 512, lowest},
        {lowest, 4, 513, low},
        {lowest, 5, 513, lowest},
        {lowest, 5, 40'000, lowest},
        {lowest, 5, 40'005, bulk},
        // Low: more than 10,000 octets, of which few or big frames are bulk and many small ones lowest.
        {low, 9, 10'000, low},
        {low, 9, 10'001, bulk},
        {low, 10, 10'001, low},
        {low, 20, 24'000, low},
        {low, 20, 24'020, bulk},
        {low, 35, 10'001, low},
        {low, 36, 10'001, lowest},
        // Low: fewer octets; two small frames are lowest, big ones bulk.
        {low, 2, 511, lowest},
        {low, 2, 512, low},
        {low, 3, 180, low},
        {low, 1, 2'000, low},
        {low, 1, 2'001, bulk},
        // Bulk: left by more than 35 frames of much, or by little.
        {bulk, 35, 25'001, bulk},
        {bulk, 36, 25'001, low},
        {bulk, 36, 25'000, bulk},
        {bulk, 4, 6'000, bulk},
        {bulk, 4, 5'999, low},
    };
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.now), row.frames, row.octets);
        CHECK(next_latency_class(row.now, row.frames, row.octets) == row.then);
    }
}

TEST_CASE("the rate rises by quarters of its goal and falls at once", "[interrupt_rate]")
{
    InterruptRate dynamic{InterruptRate::dynamic};
    // Small frames, many: the class is lowest, whose goal is 70,000.
    for (const std::uint32_t per_second : {37'500U, 55'000U, 70'000U}) {
        CHECK(dynamic.served(20, 1'200, true) == itr_units(per_second));
        CHECK(dynamic.per_second() == per_second);
    }
    CHECK_FALSE(dynamic.served(20, 1'200, true).has_value());
    // Four long ones: low, and at once.
    CHECK(dynamic.served(4, 6'056, true) == itr_units(20'000));
    // 40 long ones: bulk.
    CHECK(dynamic.served(40, 60'560, true) == itr_units(4'000));
    CHECK(dynamic.latency_class() == LatencyClass::bulk);
    // Up again: 4,000 + 20,000 / 4 and so on.
    for (const std::uint32_t per_second : {9'000U, 14'000U, 19'000U, 20'000U}) {
        CHECK(dynamic.served(3, 180, true) == itr_units(per_second));
        CHECK(dynamic.latency_class() == LatencyClass::low);
    }
}

TEST_CASE("the conservative mode stops at low, and below 1 Gb/s the rate is fixed", "[interrupt_rate]")
{
    InterruptRate conservative{InterruptRate::conservative};
    CHECK_FALSE(conservative.served(20, 1'200, true).has_value());
    CHECK(conservative.per_second() == 20'000);
    CHECK(conservative.latency_class() == LatencyClass::low);
    for (const std::uint32_t mode : {InterruptRate::dynamic, InterruptRate::conservative}) {
        InterruptRate slow{mode};
        CHECK(slow.served(1, 60, false) == itr_units(4'000));
        CHECK_FALSE(slow.served(1'000, 60'000, false).has_value());
    }
}
