// SPDX-License-Identifier: Apache-2.0
// The built-in scenarios: all load, are what the source tree holds, and expect what the closed forms give.
// None is run: the closed forms are computed here once more, from the scenario's values alone.
#include "testbench/scenario/builtin.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "hw/base/input_error.hpp"
#include "hw/ethernet/wire_rate.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/source_tree.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

[[nodiscard]] std::int64_t expected(const Scenario& scenario, std::string_view name)
{
    for (const Expectation& expectation : scenario.expect)
        if (expectation.name == name && expectation.equals) return static_cast<std::int64_t>(*expectation.equals);
    return -1;
}

[[nodiscard]] std::string error_of(const std::string& name)
{
    try {
        static_cast<void>(find_scenario(name));
        return "no error";
    } catch (const InputError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("every built-in scenario loads, has its file's name and expects something")
{
    CHECK(builtin_scenarios().size() >= 11);
    for (const BuiltinScenario& builtin : builtin_scenarios()) {
        INFO(builtin.name);
        const Scenario scenario = find_scenario(std::string{builtin.name});
        CHECK(scenario.name == builtin.name);
        CHECK(scenario.text.size() > 40);
        CHECK_FALSE(scenario.expect.empty());
        CHECK(scenario.expect[0].file == std::string{builtin.name} + ".toml");
    }
}

TEST_CASE("the built-in scenarios are those of the source tree")
{
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{source_tree() / "testbench/scenario/builtin"}) {
        if (entry.path().extension() != ".toml") continue;
        std::ifstream     in{entry.path(), std::ios::binary};
        std::stringstream text;
        text << in.rdbuf();
        INFO(entry.path().string());
        CHECK(builtin_scenario(entry.path().stem().string()).toml == text.str());
        ++count;
    }
    CHECK(count == builtin_scenarios().size());
}

TEST_CASE("each stall scenario expects what the closed form gives")
{
    std::size_t count = 0;
    for (const BuiltinScenario& builtin : builtin_scenarios()) {
        const Scenario s = find_scenario(std::string{builtin.name});
        if (!builtin.name.starts_with("stall-") && builtin.name != "slow-driver") continue;
        INFO(builtin.name);
        ++count;
        REQUIRE(s.traffic.size() == 2);
        REQUIRE(s.host.stall.size() == 1);
        CHECK(s.host.profile == "ideal");
        CHECK(s.host.stall[0].at == 0);
        const std::int64_t length = s.traffic[0].length;
        const auto         burst  = static_cast<std::int64_t>(s.traffic[0].count);
        const auto         later  = static_cast<std::int64_t>(s.traffic[1].count);
        const std::int64_t ring   = s.driver.settings.ring - 1;

        // (L + 20) x 8 bits of wire; the whole burst falls inside the stall, the rest comes long after it.
        const Time slot = (length + 20) * 8 * second / s.wire_rate;
        CHECK(slot == WireRate{s.wire_rate}.slot(s.traffic[0].length));
        CHECK(burst * slot <= s.host.stall[0].duration);
        CHECK(s.traffic[1].start >= 2 * s.host.stall[0].duration);
        CHECK(s.traffic[1].length == length);

        // 16 octets of FIFO and 8 for each begun 8.
        const std::int64_t in_fifo = std::int64_t{s.driver.settings.rx_fifo_kib} * 1024 / (16 + 8 * ((length + 7) / 8));
        const std::int64_t lost    = std::max<std::int64_t>(0, burst - ring - in_fifo);
        CHECK(expected(s, "fifo_overrun") == lost);
        CHECK(expected(s, "delivered") == burst - lost + later);
        CHECK(expected(s, "MPC") == lost);
        // One frame waits at the head of the FIFO for the driver to come back.
        if (builtin.name != "slow-driver") CHECK(expected(s, "RNBC") == (burst > ring ? 1 : 0));
    }
    CHECK(count >= 9);
}

TEST_CASE("the overload scenario's bounds hold 1 - 672/1000 less what ring and FIFO keep")
{
    const Scenario s = find_scenario("overload");
    REQUIRE(s.traffic.size() == 1);
    REQUIRE(s.driver.service == microsecond);
    const auto         frames = static_cast<std::int64_t>(s.traffic[0].count);
    const std::int64_t kept   = (s.driver.settings.ring - 1) + 20 * 1024 / 80 + 1;
    const std::int64_t lost   = frames * (1000 - 672) / 1000;
    const auto         bound =
        std::find_if(s.expect.begin(), s.expect.end(), [](const Expectation& e) { return e.name == "MPC"; });
    REQUIRE(bound != s.expect.end());
    const auto least = static_cast<std::int64_t>(bound->at_least.value());
    const auto most  = static_cast<std::int64_t>(bound->at_most.value());
    CHECK(least >= lost - kept);
    CHECK(least <= lost);
    // Served at most two fewer than arrival and service rates say, and one poll's descriptors not yet back.
    CHECK(most >= least);
    CHECK(most <= lost - kept + s.driver.settings.budget + 5);
}

TEST_CASE("a scenario is found by name, by path, or not at all with the nearest name")
{
    CHECK(find_scenario("slow-driver").driver.settings.ring == 64);
    const std::vector<std::string> overrides{"driver.ring=128"};
    CHECK(find_scenario("slow-driver", overrides).driver.settings.ring == 128);
    CHECK(find_scenario((source_tree() / "testbench/scenario/builtin/no-loss.toml").string()).driver.settings.ring ==
          256);
    CHECK(error_of("slow-drivr") == "slow-drivr: no such scenario, built in or as a file; did you mean slow-driver?");
    CHECK(error_of("xyzzyplugh") ==
          "xyzzyplugh: no such scenario, built in or as a file; `overrun list` names the built-in ones");
    CHECK(error_of("./slow-driver") == "./slow-driver: no such file");
    CHECK_THROWS_AS(builtin_scenario("slow-drivr"), InputError);
}
