// SPDX-License-Identifier: Apache-2.0
// The same inputs give the same bytes, `wall_s` and `rate` aside; what a run found agrees with itself.
// Another ring must give other bytes, so that the comparison can fail.
#include <nlohmann/json.hpp>

#include "testbench/result/result_json.hpp"
#include "testbench/run/run.hpp"
#include "testbench/scenario/builtin.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

/// The result's text without what may differ, and without the expectations, which name files.
std::string bytes(const Scenario& scenario, const RunHooks& hooks = {})
{
    auto json = nlohmann::ordered_json::parse(result_json(run_scenario(scenario, Platform::bare, hooks)));
    REQUIRE(json.contains("wall_s"));
    REQUIRE(json.contains("rate"));
    json.erase("wall_s");
    json.erase("rate");
    return json.dump(1);
}

/// Looks at moments at random, comes and goes, and wants everything while it is there.
class Onlooker final : public Observer {
public:
    explicit Onlooker(std::uint64_t seed) : random_{seed} {}

    [[nodiscard]] ProbeKinds kinds() const override { return all_probe_kinds; }
    void                     event(const ProbeEvent&) override { ++events; }
    void                     committed(Time) override {}
    [[nodiscard]] bool       attached() const override { return looks % 2 == 0; }
    [[nodiscard]] Time       next_look() const override { return next_; }
    void                     look(const RunSnapshot& view) override
    {
        late += view.at != next_ || view.engine.now() != view.at ? 1 : 0;
        ++looks;
        view.engine.report_levels(*this);
        next_ = view.at + random_.between<Time>(1, looks % 50 == 0 ? 100 * microsecond : microsecond);
    }

    unsigned looks = 0, events = 0, late = 0;

private:
    Random random_;
    Time   next_ = 50 * millisecond;
};

Scenario random_scenario(std::uint64_t seed)
{
    Random   random{seed};
    Scenario s;
    s.wire_rate = random.pick(std::array<std::int64_t, 4>{100'000'000, 1'000'000'000, 10'000'000'000, 40'000'000'000});
    s.host.profile                = random.pick(std::array{"ideal", "xeon-bdw-gen3x8", "82574l-gen1x1"});
    s.driver.settings.ring        = 8 * random.between(8U, 64U);
    s.driver.settings.tail_step   = random.between(1U, 32U);
    s.driver.settings.itr         = random.chance(50) ? 0 : random.between(1U, 1'000U);
    s.driver.settings.rdtr        = random.chance(50) ? 0 : random.between(1U, 50U);
    s.driver.settings.rx_fifo_kib = random.between(2U, 40U);
    s.seed                        = seed;
    for (std::uint64_t i = random.between(1, 3); i > 0; --i) {
        TrafficSpec traffic;
        traffic.length = random.between(64U, 1518U);
        traffic.count  = random.between<std::uint64_t>(1, 2'000);
        traffic.start  = random.between<Time>(0, millisecond);
        if (random.chance(50)) traffic.load = 0.1 * static_cast<double>(random.between(1, 10));
        if (random.chance(20)) traffic.destination = MacAddress{{2, 0, 0, 0, 0, 9}};
        s.traffic.push_back(traffic);
    }
    if (random.chance(50))
        s.host.stall.push_back({random.between<Time>(0, millisecond), random.between<Time>(1, millisecond), {}});
    if (random.chance(30)) s.duration = random.between<Time>(1, 5 * millisecond);
    return s;
}

std::uint64_t fate(const RunResult& result, Fate one)
{
    return result.fates[static_cast<std::size_t>(one)].count;
}
std::uint64_t counted(const RunResult& result, reg::Counter one)
{
    return result.registers[static_cast<std::size_t>(one)];
}

}  // namespace

TEST_CASE("two runs of the same scenario give the same bytes", "[same_bytes]")
{
    for (const std::uint64_t seed : seeds(40)) {
        INFO(replay(seed));
        const Scenario scenario = random_scenario(seed);
        CHECK(bytes(scenario) == bytes(scenario));
    }
    const Scenario builtin = find_scenario("slow-driver");
    CHECK(bytes(builtin) == bytes(builtin));
}

TEST_CASE("looks at a run, and probes that come and go, change nothing in its result", "[same_bytes]")
{
    for (const std::uint64_t seed : seeds(40)) {
        INFO(replay(seed));
        const Scenario scenario = random_scenario(seed);
        Onlooker       onlooker{seed};
        RunHooks       hooks;
        hooks.observers.push_back(&onlooker);
        CHECK(bytes(scenario, hooks) == bytes(scenario));
        CHECK(onlooker.looks > 100);
        CHECK(onlooker.events > onlooker.looks);
        CHECK(onlooker.late == 0);
    }
}

TEST_CASE("another ring, seed or load gives other bytes", "[same_bytes]")
{
    const Scenario scenario = find_scenario("slow-driver");
    Scenario       other    = scenario;
    other.driver.settings.ring += 8;
    CHECK(bytes(other) != bytes(scenario));
    other = scenario;
    ++other.seed;
    CHECK(bytes(other) != bytes(scenario));
    other                   = scenario;
    other.traffic[0].length = 65;
    CHECK(bytes(other) != bytes(scenario));
}

TEST_CASE("a result's fates balance and its registers say the same, whenever the run ends", "[same_bytes]")
{
    unsigned cut = 0;
    for (const std::uint64_t seed : seeds(80)) {
        INFO(replay(seed));
        const RunResult result = run_scenario(random_scenario(seed), Platform::bare);
        std::uint64_t   ended  = 0;
        for (const FateRecord& record : result.fates) ended += record.count;
        CHECK(result.offered == ended + result.in_flight);
        CHECK((result.in_flight == 0 || result.scenario.duration));
        cut += result.in_flight != 0 ? 1 : 0;

        // Contract B.7: good frames that had room, and those that had none.
        CHECK(counted(result, reg::Counter::MPC) == fate(result, Fate::fifo_overrun));
        CHECK(counted(result, reg::Counter::GPRC) >= fate(result, Fate::delivered));
        CHECK(counted(result, reg::Counter::GPRC) <= fate(result, Fate::delivered) + result.in_flight);
        CHECK(counted(result, reg::Counter::TPR) ==
              counted(result, reg::Counter::GPRC) + counted(result, reg::Counter::MPC));
        CHECK(result.driver.frames == fate(result, Fate::delivered));
        CHECK(result.fifo_peak <= result.fifo_octets);
        CHECK(result.anomalies == decltype(result.anomalies){});
    }
    CHECK(cut > 0);
}
