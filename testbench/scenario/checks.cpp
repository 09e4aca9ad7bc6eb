// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/checks.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/given_keys.hpp"
#include "testbench/scenario/traffic_checks.hpp"
#include "testbench/scenario/value_errors.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun::scenario {

namespace {

class Checker : private CheckedPlaces {
public:
    Checker(const Scenario& scenario, const GivenKeys& given) : CheckedPlaces{given}, scenario_{scenario} {}

    void run() const
    {
        nic();
        driver();
        for (std::size_t i = 0; i < scenario_.driver.resize.size(); ++i) resize(i);
        for (std::size_t i = 0; i < scenario_.host.stall.size(); ++i) stall(i);
        for (std::size_t i = 0; i < scenario_.expect.size(); ++i) expect(i);
    }

private:
    void nic() const
    {
        const std::uint32_t fifo  = scenario_.driver.settings.rx_fifo_kib;
        const std::uint32_t build = scenario_.nic.parameters.fifo_build_kib;
        if (fifo > build)
            fail_at({"nic.rx_fifo", "nic.fifo_build"},
                    fmt::format("a receive FIFO of {}KiB in a NIC built with {}KiB; allowed: at most nic.fifo_build",
                                fifo, build));
    }

    void driver() const
    {
        const DriverSettings& driver = scenario_.driver.settings;
        if (driver.tail_step >= driver.ring - 1)
            fail_at({"driver.tail_step", "driver.ring"},
                    fmt::format("a tail step of {} in a ring of {}; allowed: less than the {} usable descriptors",
                                driver.tail_step, driver.ring, driver.ring - 1));
        if (const Node* usecs = given("driver.rx_usecs"); usecs != nullptr && given("driver.itr") != nullptr)
            fail_at({"driver.itr", "driver.rx_usecs"},
                    "itr and rx_usecs both space interrupts; allowed: one of the two");
        const std::uint32_t cache = scenario_.nic.parameters.descriptor_cache;
        if (driver.wthresh > cache)
            fail_at({"driver.wthresh", "nic.descriptor_cache"},
                    fmt::format("a write-back threshold of {} with {} cached descriptors; allowed: at most "
                                "nic.descriptor_cache",
                                driver.wthresh, cache));
    }

    void resize(std::size_t i) const
    {
        const std::string   item = fmt::format("driver.resize[{}]", i);
        const std::uint32_t ring = scenario_.driver.resize[i].ring;
        if (given(item + ".ring") == nullptr) fail(given(item), item, "no new length; wanted is ring");
        if (scenario_.driver.settings.tail_step >= ring - 1)
            fail(given(item + ".ring"), item + ".ring",
                 fmt::format("a tail step of {} in a ring of {}; allowed: less than the {} usable descriptors",
                             scenario_.driver.settings.tail_step, ring, ring - 1));
    }

    void stall(std::size_t i) const
    {
        const StallSpec&  stall = scenario_.host.stall[i];
        const std::string item  = fmt::format("host.stall[{}]", i);
        if (given(item + ".for") == nullptr) fail(given(item), item, "a stall without an end; wanted is for");
        if (stall.every && *stall.every <= stall.duration)
            fail(given(item + ".every"), item + ".every",
                 fmt::format("{} is not longer than for, {}: the driver would never run",
                             shown(*given(item + ".every")), format_quantity(QuantityKind::time, stall.duration)));
    }

    void expect(std::size_t i) const
    {
        const Expectation& expectation = scenario_.expect[i];
        const std::string  item        = fmt::format("expect[{}]", i);
        expect_one_kind(item);
        for (const std::string_view name : comparisons) expect_unit(item, name, expectation);
        const auto has = [&](std::string_view name) { return given(fmt::format("{}.{}", item, name)) != nullptr; };
        if (has("within") && !has("equals"))
            fail(given(item + ".within"), item + ".within", "within without equals; wanted is equals");
        if (!has("equals") && !has("at_least") && !has("at_most"))
            fail(given(item), item, "no comparison; wanted is one of equals, at_least, at_most");
        can_hold(item, expectation);
    }

    void expect_one_kind(const std::string& item) const
    {
        std::size_t count = 0;
        for (const std::string_view name : expectation_kind_names.all()) {
            const std::string path = fmt::format("{}.{}", item, name);
            const Node*       node = given(path);
            if (node != nullptr && ++count == 2)
                fail(node, path, "a second thing to expect; allowed: one of fate, register, ethtool, netdev, latency");
        }
        if (count == 0)
            fail(given(item), item, "nothing to expect; wanted is one of fate, register, ethtool, netdev, latency");
    }

    // Latencies are times, everything else is a count.
    void expect_unit(const std::string& item, std::string_view name, const Expectation& expectation) const
    {
        const std::string path = fmt::format("{}.{}", item, name);
        const Node*       node = given(path);
        if (node == nullptr) return;
        const bool is_time   = node->kind == Node::Kind::text;
        const bool want_time = expectation.kind == Expectation::Kind::latency;
        if (want_time && !is_time)
            fail(node, path, fmt::format("{} has no unit; {}", shown(*node), wanted(QuantityKind::time)));
        if (!want_time && is_time)
            fail(node, path,
                 fmt::format("{} is a time; {} is a count: a whole number is wanted", shown(*node), expectation.name));
    }

    void can_hold(const std::string& item, const Expectation& e) const
    {
        const double tolerance = e.within.value_or(0);
        if (e.at_least && e.at_most && *e.at_least > *e.at_most)
            fail_at({item + ".at_least", item + ".at_most"}, "at_least is above at_most: it can never hold");
        if (e.equals && e.at_least && *e.equals + tolerance < *e.at_least)
            fail_at({item + ".equals", item + ".at_least"}, "equals is below at_least: it can never hold");
        if (e.equals && e.at_most && *e.equals - tolerance > *e.at_most)
            fail_at({item + ".equals", item + ".at_most"}, "equals is above at_most: it can never hold");
    }

    static constexpr std::array<std::string_view, 4> comparisons{"equals", "at_least", "at_most", "within"};

    const Scenario& scenario_;
};

}  // namespace

void check_scenario(const Scenario& scenario, const GivenKeys& given)
{
    check_traffic(scenario, given);
    Checker{scenario, given}.run();
}

}  // namespace overrun::scenario
