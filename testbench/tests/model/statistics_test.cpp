// SPDX-License-Identifier: Apache-2.0
// The statistics registers: a read clears, all ones stick, a pair is cleared by its high half (contract B.7).
// The four pairs are named here, not taken from the counters' rows.
#include "model/statistics.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using reg::Counter;

namespace {

constexpr std::uint64_t all_ones_32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t all_ones_64 = std::numeric_limits<std::uint64_t>::max();

const std::set<std::string> pairs{"GORC", "GOTC", "TOR", "TOT"};

std::vector<Counter> all_counters()
{
    std::vector<Counter> counters;
    for (std::size_t i = 0; i < reg::counter_count; ++i) counters.push_back(static_cast<Counter>(i));
    return counters;
}

bool is_pair(Counter counter)
{
    return pairs.count(std::string{reg::name_of(counter)}) != 0;
}

/// Broken twins, each in one respect.
struct Wraps : Statistics {
    void add(Counter counter, std::uint64_t n = 1) noexcept
    {
        const std::uint64_t before = value(counter);
        reset();
        Statistics::add(counter, is_pair(counter) ? before + n : (before + n) & all_ones_32);
    }
    std::uint64_t value(Counter counter) const
    {
        return peek(counter, false) | (is_pair(counter) ? std::uint64_t{peek(counter, true)} << 32U : 0);
    }
};
struct ClearsOnLow : Statistics {
    std::uint32_t read(Counter counter, bool high) noexcept
    {
        const std::uint32_t value = Statistics::read(counter, high);
        if (!high) static_cast<void>(Statistics::read(counter, true));
        return value;
    }
};
struct NeverClears : Statistics {
    std::uint32_t read(Counter counter, bool high) const noexcept { return peek(counter, high); }
};

/// What is wrong with the arithmetic of one counter; empty when nothing is.
template <class T>
std::string fault(Counter counter)
{
    const bool          wide  = is_pair(counter);
    const std::uint64_t limit = wide ? all_ones_64 : all_ones_32;
    const auto          value = [wide](T& statistics, Counter which) {
        // Low first: it must leave the pair alone (B.7).
        const std::uint64_t low = statistics.read(which, false);
        return low | (wide ? std::uint64_t{statistics.read(which, true)} << 32U : 0);
    };

    T statistics;
    statistics.add(counter);
    statistics.add(counter, 41);
    if (value(statistics, counter) != 42) return "does not add";
    if (value(statistics, counter) != 0) return "is not cleared by a read";

    for (const std::uint64_t before : {limit - 1, limit - 5, limit}) {
        statistics.add(counter, before);
        statistics.add(counter, 5);
        if (value(statistics, counter) != limit) return "does not stick at all ones";
    }
    statistics.add(counter, all_ones_64);
    statistics.add(counter, all_ones_64);
    if (value(statistics, counter) != limit) return "does not stick at all ones after a large step";

    if (wide) {
        statistics.add(counter, 0x1234'89ab'cdefU);
        if (statistics.read(counter, false) != 0x89ab'cdefU || statistics.read(counter, false) != 0x89ab'cdefU)
            return "is cleared by its low half";
        if (statistics.read(counter, true) != 0x1234U) return "has a wrong high half";
        if (statistics.read(counter, false) != 0) return "is not cleared by its high half";
    }
    return {};
}

}  // namespace

TEST_CASE("every counter clears on read and sticks at all ones", "[statistics]")
{
    for (const Counter counter : all_counters()) {
        INFO(reg::name_of(counter));
        CHECK(fault<Statistics>(counter).empty());
    }
}

TEST_CASE("counters that wrap, clear too early or never clear are caught", "[statistics]")
{
    CHECK(fault<Wraps>(Counter::MPC) == "does not stick at all ones");
    CHECK(fault<Wraps>(Counter::TOR) == "does not stick at all ones");
    CHECK(fault<ClearsOnLow>(Counter::GORC) == "does not stick at all ones");
    CHECK(fault<NeverClears>(Counter::GPRC) == "is not cleared by a read");
}

TEST_CASE("no counter moves another", "[statistics]")
{
    for (const Counter moved : all_counters()) {
        Statistics statistics;
        statistics.add(moved, 7);
        for (const Counter counter : all_counters())
            REQUIRE(statistics.peek(counter, false) == (counter == moved ? 7U : 0U));
        statistics.reset();
        REQUIRE(statistics.peek(moved, false) == 0);
    }
}

TEST_CASE("the device's counters are read and cleared through their registers", "[statistics]")
{
    test::BareNic nic;
    nic.receive(reg::RCTL::EN.mask());
    for (int i = 0; i < 3; ++i) nic.send(test::body_to(test::station, 100));
    nic.finish();
    const test::Totals expected{{"GPRC", 3}, {"GORC", 300}, {"PRC127", 3}, {"TPR", 3}, {"TOR", 300}};
    REQUIRE(nic.counters() == expected);

    CHECK(nic.read(0x4074) == 3);  // GPRC
    CHECK(nic.read(0x4074) == 0);
    CHECK(nic.read(0x4088) == 300);  // GORCL does not clear
    CHECK(nic.read(0x4088) == 300);
    CHECK(nic.read(0x408c) == 0);  // GORCH does
    CHECK(nic.read(0x4088) == 0);
    CHECK(nic.counters() == test::Totals{{"PRC127", 3}, {"TPR", 3}, {"TOR", 300}});

    // A write changes nothing; CTRL.RST clears.
    nic.write(0x40d0, 99);
    CHECK(nic.peek(0x40d0) == 3);
    nic.write(reg::CTRL::offset, reg::CTRL::RST.mask());
    CHECK(nic.counters().empty());
}

TEST_CASE("a counter that is read between two frames loses none", "[statistics]")
{
    test::BareNic nic;
    nic.receive(reg::RCTL::EN.mask());
    std::uint64_t sum = 0;
    for (int i = 0; i < 50; ++i) {
        nic.send(test::body_to(test::station, 64));
        nic.run_for(i * 100 * nanosecond);
        sum += nic.read(0x4074);
    }
    nic.finish();
    sum += nic.read(0x4074);
    CHECK(sum == 50);
}
