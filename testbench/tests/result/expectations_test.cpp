// SPDX-License-Identifier: Apache-2.0
// Holds the verdicts of expectations to their words, on the edges and where there is nothing to measure.
// The results are made up; nothing runs.
#include "testbench/result/expectations.hpp"

#include <optional>
#include <string>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

using Kind = Expectation::Kind;

RunResult measured()
{
    RunResult result;
    result.fates[static_cast<std::size_t>(Fate::fifo_overrun)].count = 276;
    result.registers[static_cast<std::size_t>(reg::Counter::MPC)]    = 276;
    result.registers[static_cast<std::size_t>(reg::Counter::GORC)]   = std::uint64_t{1} << 53U;
    result.wire_to_host                                              = LatencySummary{9, 1, 2'500, 3'000, 4'000, 5'000};
    return result;
}

Expectation that(Kind kind, const char* name)
{
    Expectation expectation;
    expectation.kind = kind;
    expectation.name = name;
    expectation.file = "s.toml";
    expectation.line = 7;
    return expectation;
}

ExpectationResult verdict(const Expectation& expectation, RunResult result = measured())
{
    result.scenario.expect = {expectation};
    judge(result);
    REQUIRE(result.expectations.size() == 1);
    return result.expectations.front();
}

struct Bounds {
    std::optional<double> equals{};
    std::optional<double> at_least{};
    std::optional<double> at_most{};
    std::optional<double> within{};
};

/// Whether 276 overruns satisfy it.
bool passes(const Bounds& bounds)
{
    Expectation expectation = that(Kind::fate, "fifo_overrun");
    expectation.equals      = bounds.equals;
    expectation.at_least    = bounds.at_least;
    expectation.at_most     = bounds.at_most;
    expectation.within      = bounds.within;
    return verdict(expectation).passed;
}

}  // namespace

TEST_CASE("equals means exactly that", "[expectations]")
{
    CHECK(passes({.equals = 276}));
    CHECK_FALSE(passes({.equals = 275}));
    CHECK_FALSE(passes({.equals = 277}));
}

TEST_CASE("within widens equals on both sides, its edges included", "[expectations]")
{
    CHECK(passes({.equals = 276, .within = 0}));
    CHECK(passes({.equals = 270, .within = 6}));
    CHECK_FALSE(passes({.equals = 269, .within = 6}));
    CHECK(passes({.equals = 282, .within = 6}));
    CHECK_FALSE(passes({.equals = 283, .within = 6}));
}

TEST_CASE("at_least and at_most include their edges and may stand together", "[expectations]")
{
    CHECK(passes({.at_least = 276}));
    CHECK_FALSE(passes({.at_least = 277}));
    CHECK(passes({.at_most = 276}));
    CHECK_FALSE(passes({.at_most = 275}));
    CHECK(passes({.at_least = 276, .at_most = 276}));
    CHECK_FALSE(passes({.at_least = 0, .at_most = 275}));
    CHECK_FALSE(passes({.at_least = 277, .at_most = 1000}));
    CHECK_FALSE(passes({.equals = 276, .at_least = 277}));
}

TEST_CASE("every kind of thing is measured where it is kept", "[expectations]")
{
    struct Case {
        Kind        kind;
        const char* name;
        double      value;
        const char* what;
        const char* shown;
    };
    for (const Case& one :
         {Case{Kind::fate, "fifo_overrun", 276, "fate fifo_overrun", "276"},
          Case{Kind::fate, "delivered", 0, "fate delivered", "0"}, Case{Kind::reg, "MPC", 276, "register MPC", "276"},
          Case{Kind::reg, "GORC", 9007199254740992.0, "register GORC", "9007199254740992"},
          Case{Kind::ethtool, "rx_missed_errors", 276, "ethtool rx_missed_errors", "276"},
          Case{Kind::netdev, "rx.missed_errors", 276, "netdev rx.missed_errors", "276"},
          Case{Kind::latency, "wire_to_host.p50", 2.5, "latency wire_to_host.p50", "2.5 ns"},
          Case{Kind::latency, "wire_to_host.p90", 3, "latency wire_to_host.p90", "3 ns"},
          Case{Kind::latency, "wire_to_host.p99", 4, "latency wire_to_host.p99", "4 ns"},
          Case{Kind::latency, "wire_to_host.max", 5, "latency wire_to_host.max", "5 ns"}}) {
        INFO(one.what);
        Expectation right                 = that(one.kind, one.name);
        right.equals                      = one.value;
        const ExpectationResult right_one = verdict(right);
        CHECK(right_one.passed);
        CHECK(right_one.what == one.what);
        CHECK(right_one.expected == one.shown);
        CHECK(right_one.actual == one.shown);
        CHECK(right_one.file == "s.toml");
        CHECK(right_one.line == 7);
        right.equals = one.value + 1024;  // at 2^53 the next numbers are 2 apart
        CHECK_FALSE(verdict(right).passed);
    }
}

TEST_CASE("a latency of no frames fails whatever is expected of it", "[expectations]")
{
    for (const char* name : {"wire_to_driver.p50", "wire_to_driver.p90", "wire_to_driver.p99", "wire_to_driver.max"}) {
        Expectation expectation = that(Kind::latency, name);
        expectation.at_most     = 1e9;
        CHECK_FALSE(verdict(expectation).passed);
        CHECK(verdict(expectation).actual == "nothing to measure");
        expectation.at_most  = std::nullopt;
        expectation.at_least = 0;
        CHECK_FALSE(verdict(expectation).passed);
    }
}

TEST_CASE("a name that nobody has fails", "[expectations]")
{
    for (const Kind kind : {Kind::fate, Kind::reg, Kind::ethtool, Kind::netdev}) {
        Expectation expectation = that(kind, "nobody");
        expectation.at_least    = 0;
        CHECK_FALSE(verdict(expectation).passed);
    }
}

TEST_CASE("what was expected is said in words", "[expectations]")
{
    Expectation expectation = that(Kind::fate, "fifo_overrun");
    expectation.equals      = 270;
    expectation.within      = 6;
    CHECK(verdict(expectation).expected == "270 within 6");
    expectation.equals = expectation.within = std::nullopt;
    expectation.at_least                    = 1;
    CHECK(verdict(expectation).expected == "at least 1");
    expectation.at_most = 400;
    CHECK(verdict(expectation).expected == "at least 1 and at most 400");
    expectation.at_least = std::nullopt;
    CHECK(verdict(expectation).expected == "at most 400");
}

TEST_CASE("a second verdict replaces the first, and one failure is enough", "[expectations]")
{
    RunResult   result     = measured();
    Expectation holds      = that(Kind::reg, "MPC");
    holds.equals           = 276;
    Expectation fails      = holds;
    fails.equals           = 0;
    result.scenario.expect = {holds, fails, holds};
    judge(result);
    judge(result);
    CHECK(result.expectations.size() == 3);
    CHECK_FALSE(result.expectations_hold());
    result.scenario.expect = {holds, holds};
    judge(result);
    CHECK(result.expectations_hold());
    result.scenario.expect.clear();
    judge(result);
    CHECK(result.expectations.empty());
    CHECK(result.expectations_hold());
}
