// SPDX-License-Identifier: Apache-2.0
// The built-in scenarios with random traffic, at many seeds: their expectations are laws and no accident of one seed.
// The closed forms are computed here once more, for the frames that the scenarios have.
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

#include "testbench/run/run.hpp"
#include "testbench/scenario/builtin.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/traffic/source_random.hpp"

using namespace overrun;

namespace {

/// The expectations that fail; nothing when all hold.
std::string failures(const Scenario& scenario)
{
    std::string out;
    for (const auto& one : run_scenario(scenario, Platform::bare).expectations)
        if (!one.passed) out += one.what + " is " + one.actual + ", not " + one.expected + "\n";
    return out;
}

std::uint64_t count_of(const RunResult& result, Fate fate)
{
    return result.fates.at(static_cast<std::size_t>(fate)).count;
}

const Expectation& expectation(const Scenario& scenario, std::string_view name)
{
    for (const Expectation& one : scenario.expect)
        if (one.name == name) return one;
    throw std::invalid_argument{std::string{name}};
}

}  // namespace

TEST_CASE("the expectations of random scenarios hold at any seed", "[made_traffic]")
{
    for (const char* name : {"poisson", "errors"})
        for (std::uint64_t seed = 1; seed <= 12; ++seed) {
            INFO(name << ", seed " << seed);
            Scenario scenario = find_scenario(name);
            scenario.seed     = seed * 1'000'003;
            CHECK(failures(scenario) == "");
        }
}

TEST_CASE("the scenarios of Poisson traffic, bursts and errors expect what the closed forms give", "[made_traffic]")
{
    const Scenario poisson = find_scenario("poisson");
    const double   mean    = 200'000 * 10e-3;
    CHECK(poisson.traffic[0].rate == 200'000U);
    CHECK(poisson.host.stall[0].duration == 10 * millisecond);
    CHECK(*expectation(poisson, "MPC").equals == 1 + mean - 255 - 256);
    CHECK(*expectation(poisson, "MPC").within == std::ceil(5 * std::sqrt(mean)));
    CHECK(*expectation(poisson, "MPC").equals + *expectation(poisson, "delivered").equals == 4'000);

    const Scenario burst = find_scenario("burst");
    CHECK(burst.host.stall[0].every == 500 * 672 * nanosecond + burst.traffic[0].gap);
    CHECK(*expectation(burst, "MPC").equals == 5 * (500 - 63 - 20 * 1024 / 80));
    CHECK(*expectation(burst, "MPC").equals + *expectation(burst, "delivered").equals == 2'500);

    const Scenario errors = find_scenario("errors");
    CHECK(*expectation(errors, "crc_error").within == std::ceil(5 * std::sqrt(100'000 * 0.01 * 0.99)));
    double fates = 0;
    for (const Expectation& one : errors.expect)
        if (one.kind == Expectation::Kind::fate) fates += one.equals.value();
    CHECK(fates == 101'000);
}

TEST_CASE("another rate, gap or error is noticed by the scenarios' expectations", "[made_traffic]")
{
    Scenario poisson        = find_scenario("poisson");
    poisson.traffic[0].rate = 240'000;
    CHECK(failures(poisson) != "");
    Scenario burst       = find_scenario("burst");
    burst.traffic[0].gap = 600 * microsecond;
    CHECK(failures(burst) != "");
    Scenario errors = find_scenario("errors");
    errors.traffic[0].errors.rx_er.frames.push_back(11);
    CHECK(failures(errors) != "");
}

TEST_CASE("a dribble nibble makes an alignment error of a wrong FCS, and nothing of a right one", "[made_traffic]")
{
    Scenario scenario                         = find_scenario("errors");
    scenario.wire_rate                        = 100'000'000;
    scenario.nic.parameters.wire_rate         = scenario.wire_rate;
    scenario.traffic                          = {scenario.traffic[0]};
    scenario.traffic[0].count                 = 20;
    scenario.traffic[0].errors                = {};
    scenario.traffic[0].errors.dribble.frames = {1, 2, 3, 4};
    scenario.traffic[0].errors.crc.frames     = {4, 5};
    scenario.expect                           = {};
    const auto result                         = run_scenario(scenario, Platform::bare);
    CHECK(count_of(result, Fate::align_error) == 1);
    CHECK(count_of(result, Fate::crc_error) == 1);
    CHECK(count_of(result, Fate::delivered) == 18);
}

TEST_CASE("a run repeats itself by seed, and each source draws its own numbers", "[made_traffic]")
{
    Scenario   scenario = find_scenario("poisson");
    const auto length   = [&] { return run_scenario(scenario, Platform::bare).wire_time; };
    const Time first    = length();
    CHECK(length() == first);
    scenario.seed = 2;
    CHECK(length() != first);
    scenario.traffic[0].seed = source_seed(1, 0);
    CHECK(length() == first);
    scenario.traffic.insert(scenario.traffic.begin(), TrafficSpec{});
    scenario.traffic[1].seed.reset();
    scenario.seed = 1;
    CHECK(length() != first);
}
