// SPDX-License-Identifier: Apache-2.0
// Reads counters of one and of two registers from a device that clears a pair when its high half is read.
#include "hw/registers/counters.hpp"

#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

TEST_CASE("a pair of registers is one counter, whose high half is read last", "[counters]")
{
    std::uint64_t              pair = 0x1234'5678'9abc'def0U;
    std::vector<std::uint32_t> order;
    const auto                 read = [&](std::uint32_t offset) {
        order.push_back(offset);
        if (offset == 0x4088) return static_cast<std::uint32_t>(pair);
        const auto high = static_cast<std::uint32_t>(pair >> 32U);
        pair            = 0;
        return high;
    };
    CHECK(reg::counter_value({"GORC", 0x4088, true, {}, {}}, read) == 0x1234'5678'9abc'def0U);
    CHECK(order == std::vector<std::uint32_t>{0x4088, 0x408c});
}

TEST_CASE("a counter of one register is read once", "[counters]")
{
    int        reads = 0;
    const auto read  = [&reads](std::uint32_t offset) {
        ++reads;
        return offset == 0x4010 ? 7U : ~0U;
    };
    CHECK(reg::counter_value({"MPC", 0x4010, false, {}, {}}, read) == 7);
    CHECK(reads == 1);
}
