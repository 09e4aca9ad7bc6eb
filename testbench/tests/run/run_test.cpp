// SPDX-License-Identifier: Apache-2.0
// Holds a run to its frame: all input is looked at first, a stop ends it in order, a wrong driver is named, books
// balance. Scenarios with few frames and closed forms are enough: the model has tests of its own.
#include "testbench/run/run.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string>
#include <vector>

#include "driver_sim/host/bare_port.hpp"
#include "hw/base/input_error.hpp"
#include "testbench/run/lifecycle.hpp"
#include "testbench/scenario/reader.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

Scenario scenario_of(const std::string& more, const std::string& traffic = "count = 100\n")
{
    return load_scenario_text("[[traffic]]\n" + traffic + "[host]\nprofile = \"ideal\"\n" + more, "test");
}

std::uint64_t count_of(const RunResult& result, Fate fate)
{
    return result.fates[static_cast<std::size_t>(fate)].count;
}

std::uint64_t ended(const RunResult& result)
{
    std::uint64_t sum = 0;
    for (const FateRecord& record : result.fates) sum += record.count;
    return sum;
}

/// Keeps what the driver delivers; may ask the run to stop.
class Collector final : public FrameConsumer {
public:
    void frame(std::span<const std::byte> octets, Time delivered) override
    {
        times.push_back(delivered);
        lengths.push_back(octets.size());
        destinations.push_back(MacAddress::from(octets.data()));
        if (times.size() == stop_after) stop = true;
    }

    std::vector<Time>        times;
    std::vector<std::size_t> lengths;
    std::vector<MacAddress>  destinations;
    std::size_t              stop_after = 0;
    std::atomic<bool>        stop{false};
};

/// A CPU whose program also does, before and after time zero, what the device forgives.
class CarelessCpu : public HostCpu<BarePort> {
public:
    using HostCpu<BarePort>::HostCpu;

    void write32(std::uint32_t offset, std::uint32_t value)
    {
        constexpr std::uint32_t nothing_there = 0x1'fffc;
        HostCpu::write32(nothing_there, 1);  // in the bring-up too, which is no part of the result
        if (offset == reg::RDT::at(0) && ++doorbells_ == 3) {
            HostCpu::write32(reg::RDT::at(0), 256);  // the ring's last descriptor is number 255
            HostCpu::write32(reg::RDT::at(0) + 2, value);
            static_cast<void>(HostCpu::read32(nothing_there));
        }
        HostCpu::write32(offset, value);
    }

private:
    int doorbells_ = 0;
};

/// Takes down when time zero is.
struct Beginning final : Observer {
    [[nodiscard]] ProbeKinds kinds() const override { return 0; }
    void                     event(const ProbeEvent&) override {}
    void                     committed(Time) override {}
    void                     run_begins(const RunStart& start) override { origin = start.origin; }

    Time origin = 0;
};

/// As run_bare, with another CPU.
template <class Cpu>
RunResult run_with(const Scenario& scenario)
{
    RunResult  result;
    System     system{scenario, default_station_address, {}};
    const auto engine = system.engine();
    BarePort   port{*engine, system.link, system.memory, system.interrupts};
    Cpu        cpu{port, system.profile.host, StallSchedule{}, system.observers.host_probe()};
    run_lifecycle(system, *engine, cpu, result);
    return result;
}

std::uint64_t anomaly(const RunResult& result, const std::string& name)
{
    for (const auto& [found, count] : result.anomalies)
        if (found == name) return count;
    return 0;
}

}  // namespace

TEST_CASE("a run delivers every frame once, in order, as it was sent", "[run]")
{
    Collector       collector;
    const RunResult result = run_scenario(scenario_of("", "count = 300\nlength = 200\n"), Platform::bare,
                                          {.probe = nullptr, .consumer = &collector, .stop = nullptr});
    CHECK(result.offered == 300);
    CHECK(result.offered_octets == 300 * 200);
    CHECK(count_of(result, Fate::delivered) == 300);
    CHECK(result.in_flight == 0);
    CHECK(result.anomalies.empty());
    CHECK(result.platform == "bare");
    CHECK(collector.lengths == std::vector<std::size_t>(300, 196));  // SECRC: the FCS stays behind
    CHECK(collector.destinations == std::vector<MacAddress>(300, default_station_address));
    CHECK(std::is_sorted(collector.times.begin(), collector.times.end()));
    // 300 frames of 200 + 20 octets, less the last gap of 12: 1 Gb/s is 8 ns an octet.
    CHECK(result.wire_time == (300 * 220 - 12) * 8 * nanosecond);
}

TEST_CASE("time zero is an edge of the core clock after the bring-up, at every rate", "[run]")
{
    for (const char* rate : {"10Mbps", "100Mbps", "1Gbps", "2.5Gbps", "10Gbps", "40Gbps", "100Gbps"}) {
        INFO(rate);
        const Scenario  scenario = scenario_of(std::string{"[wire]\nrate = \""} + rate + "\"\n");
        Collector       collector;
        Beginning       beginning;
        const RunResult result =
            run_scenario(scenario, Platform::bare,
                         {.probe = nullptr, .consumer = &collector, .stop = nullptr, .observers = {&beginning}});
        CHECK(count_of(result, Fate::delivered) == 100);
        CHECK(beginning.origin >= 100 * millisecond);
        NicParameters parameters = scenario.nic.parameters;
        parameters.wire_rate     = scenario.wire_rate;
        CHECK(parameters.clock().edge(beginning.origin) == beginning.origin);
        CHECK(collector.times.front() > beginning.origin);
    }
}

TEST_CASE("a run that is told to stop ends in order and says so", "[run]")
{
    std::atomic<bool> stop{true};
    const RunResult   nothing = run_scenario(scenario_of(""), Platform::bare, {nullptr, nullptr, &stop});
    CHECK(nothing.interrupted);
    CHECK(nothing.offered == 0);

    for (const std::size_t after : {1U, 17U, 99U}) {
        Collector collector;
        collector.stop_after   = after;
        const RunResult result = run_scenario(scenario_of("", "count = 1000000000\n"), Platform::bare,
                                              {nullptr, &collector, &collector.stop});
        CHECK(result.interrupted);
        CHECK(result.in_flight == 0);
        CHECK(ended(result) == result.offered);
        // What was under way when the word came is still brought to its end.
        CHECK(count_of(result, Fate::delivered) == collector.times.size());
        CHECK(collector.times.size() >= after);
        CHECK(result.offered < after + 10);
    }

    stop = false;
    CHECK_FALSE(run_scenario(scenario_of(""), Platform::bare, {nullptr, nullptr, &stop}).interrupted);
}

TEST_CASE("a run that ends in the middle of its traffic balances with what is in flight", "[run]")
{
    std::uint64_t most_in_flight = 0;
    for (const char* duration : {"1ps", "8ns", "700ns", "1us", "10us", "33333ns", "100us"}) {
        INFO(duration);
        // One interrupt in a millisecond: most frames wait in the ring.
        const std::string more   = std::string{"[driver]\nitr = 4000\n[run]\nduration = \""} + duration + "\"\n";
        const RunResult   result = run_scenario(scenario_of(more, "count = 1000000\n"), Platform::bare);
        CHECK(ended(result) + result.in_flight == result.offered);
        most_in_flight = std::max(most_in_flight, result.in_flight);
        // A frame of 64 octets begins every 672 ns, the first at time zero.
        CHECK(result.offered == static_cast<std::uint64_t>(result.simulated / (672 * nanosecond)) + 1);
    }
    CHECK(most_in_flight > 100);
}

TEST_CASE("what a driver does wrong to the device is named in the result", "[run]")
{
    const RunResult right = run_with<HostCpu<BarePort>>(scenario_of(""));
    CHECK(right.anomalies.empty());

    const RunResult wrong = run_with<CarelessCpu>(scenario_of(""));
    CHECK(anomaly(wrong, "tail_beyond_ring") == 1);
    CHECK(anomaly(wrong, "unaligned_access") == 1);
    CHECK(anomaly(wrong, "unmapped_read") == 1);
    // One for each write after time zero: doorbells, and those of each interrupt. The hundreds before do not count.
    CHECK(anomaly(wrong, "unmapped_write") >= wrong.driver.doorbells + wrong.driver.polls);
    CHECK(anomaly(wrong, "unmapped_write") < wrong.host.mmio_writes);
    CHECK(wrong.anomalies.size() == 4);
    // And the run goes on.
    CHECK(count_of(wrong, Fate::delivered) == count_of(right, Fate::delivered));
    CHECK(wrong.in_flight == 0);
}

TEST_CASE("the station's address is the scenario's, or the default without captures", "[run]")
{
    CHECK(run_scenario(scenario_of(""), Platform::bare).station == default_station_address);
    const RunResult given = run_scenario(scenario_of("[nic]\nmac = \"02:00:00:00:12:34\"\n"), Platform::bare);
    CHECK(given.station.text() == "02:00:00:00:12:34");
    CHECK(count_of(given, Fate::delivered) == 100);  // traffic goes to the NIC unless it says otherwise
    CHECK(given.notes.empty());
    CHECK_FALSE(given.replay);
}

TEST_CASE("every input is looked at before anything is simulated", "[run]")
{
    Collector         collector;
    const std::string missing = "[[traffic]]\nkind = \"pcap\"\nfile = \"/nonexistent/a.pcap\"\nstart = \"1s\"\n";
    CHECK_THROWS_AS(run_scenario(scenario_of(missing), Platform::bare, {nullptr, &collector, nullptr}), InputError);
    Scenario scenario     = scenario_of("");
    scenario.host.profile = "/nonexistent/profile.toml";
    CHECK_THROWS_AS(run_scenario(scenario, Platform::bare, {nullptr, &collector, nullptr}), InputError);
    scenario.host.profile       = "ideal";
    scenario.nic.implementation = "none";
    CHECK_THROWS_AS(run_scenario(scenario, Platform::bare, {nullptr, &collector, nullptr}), InputError);
    CHECK(collector.times.empty());
}
