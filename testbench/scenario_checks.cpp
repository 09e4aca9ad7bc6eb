// SPDX-License-Identifier: Apache-2.0
// Refuses scenarios whose keys do not fit together, group by group.
// Never checks a single key's range: the key table does.
#include "testbench/scenario_checks.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "hw/input_error.hpp"
#include "hw/wire_rate.hpp"
#include "testbench/scenario_keys.hpp"

namespace overrun {

namespace {

// 63 bits of picoseconds reach 106 days; what follows the last frame needs room too.
constexpr Time latest_frame = 30 * 86'400 * second;

class Checker {
public:
    Checker(const Scenario& scenario, const GivenKeys& given) : scenario_{scenario}, given_{given} {}

    void run() const
    {
        for (std::size_t i = 0; i < scenario_.traffic.size(); ++i) traffic(i);
        nic();
        driver();
        for (std::size_t i = 0; i < scenario_.host.stall.size(); ++i) stall(i);
        for (std::size_t i = 0; i < scenario_.expect.size(); ++i) expect(i);
    }

private:
    [[nodiscard]] const Node* given(std::string_view path) const
    {
        const auto found = given_.find(path);
        return found == given_.end() ? nullptr : found->second;
    }

    [[noreturn]] static void fail(const Node* at, std::string_view path, std::string_view what)
    {
        throw InputError(fmt::format("{}: {}: {}", at->where.text(), path, what));
    }

    // Fails at the first of several keys that an override wrote, or else at the first that was written at all;
    // what nobody wrote has its default, so at least one of them was.
    [[noreturn]] void fail_at(std::initializer_list<std::string_view> paths, std::string_view what) const
    {
        for (const bool set : {true, false})
            for (const std::string_view path : paths)
                if (const Node* node = given(path); node != nullptr && node->where.set == set) fail(node, path, what);
        throw InputError(fmt::format("{}: {}", *paths.begin(), what));
    }

    void traffic(std::size_t i) const
    {
        const TrafficSpec& source = scenario_.traffic[i];
        const std::string  item   = fmt::format("traffic[{}]", i);
        keys_fit_kind(item, source.kind);
        if (source.kind == TrafficKind::fixed)
            fixed(item, source);
        else
            capture(item, source);
    }

    void keys_fit_kind(const std::string& item, TrafficKind kind) const
    {
        for (const ScenarioKey& key : scenario_keys()) {
            if (!key.facts.kind || *key.facts.kind == kind) continue;
            const std::string path = item + std::string{key.path.substr(key.path.find('.'))};
            if (const Node* node = given(path))
                fail(node, path,
                     fmt::format("{} belongs to kind = \"{}\"; this source's kind is \"{}\"", shown(*node),
                                 name_of(*key.facts.kind), name_of(kind)));
        }
    }

    void fixed(const std::string& item, const TrafficSpec& source) const
    {
        const std::string rate = item + ".rate";
        const std::string load = item + ".load";
        if (source.rate && source.load)
            fail(given(load), load, fmt::format("{} stands beside rate; allowed: one of the two", shown(*given(load))));

        const Time slot     = WireRate{scenario_.wire_rate}.slot(source.length);
        auto       interval = static_cast<double>(slot);
        if (source.rate) {
            const auto most = static_cast<std::uint64_t>(second / slot);
            if (*source.rate > most)
                fail(given(rate), rate,
                     fmt::format("{} is more than the wire carries; allowed: at most {}pps with frames of {} octets "
                                 "at {}",
                                 shown(*given(rate)), most, source.length,
                                 format_quantity(QuantityKind::rate, scenario_.wire_rate)));
            interval = static_cast<double>(second) / static_cast<double>(*source.rate);
        }
        if (source.load) interval /= *source.load;
        const double last = static_cast<double>(source.start) + static_cast<double>(source.count) * interval;
        if (last > static_cast<double>(latest_frame))
            fail_at({item + ".count", item + ".rate", item + ".load", item + ".start", item},
                    fmt::format("{} frames end {:.0f} days after time zero; allowed: 30 days", source.count,
                                last / static_cast<double>(86'400 * second)));
    }

    void capture(const std::string& item, const TrafficSpec& source) const
    {
        if (source.files.empty()) fail(given(item), item, "kind = \"pcap\" without a file; wanted is file");
        if (source.pacing != CapturePacing::topspeed) return;
        for (const std::string_view name : {"speed", "max_gap"}) {
            const std::string path = fmt::format("{}.{}", item, name);
            if (const Node* node = given(path))
                fail(node, path,
                     fmt::format("{} stands beside pacing = \"topspeed\"; allowed: only with pacing = \"timestamps\"",
                                 shown(*node)));
        }
    }

    void nic() const
    {
        const NicSpec& nic = scenario_.nic;
        if (nic.rx_fifo_kib > nic.parameters.fifo_build_kib)
            fail_at({"nic.rx_fifo", "nic.fifo_build"},
                    fmt::format("a receive FIFO of {}KiB in a NIC built with {}KiB; allowed: at most nic.fifo_build",
                                nic.rx_fifo_kib, nic.parameters.fifo_build_kib));
    }

    void driver() const
    {
        const DriverSpec& driver = scenario_.driver;
        if (driver.tail_step >= driver.ring - 1)
            fail_at({"driver.tail_step", "driver.ring"},
                    fmt::format("a tail step of {} in a ring of {}; allowed: less than the {} usable descriptors",
                                driver.tail_step, driver.ring, driver.ring - 1));
        const std::uint32_t cache = scenario_.nic.parameters.descriptor_cache;
        if (driver.wthresh > cache)
            fail_at({"driver.wthresh", "nic.descriptor_cache"},
                    fmt::format("a write-back threshold of {} with {} cached descriptors; allowed: at most "
                                "nic.descriptor_cache",
                                driver.wthresh, cache));
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
        for (const std::string_view name : kinds) {
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

    static constexpr std::array<std::string_view, 5> kinds{"fate", "register", "ethtool", "netdev", "latency"};
    static constexpr std::array<std::string_view, 4> comparisons{"equals", "at_least", "at_most", "within"};

    const Scenario&  scenario_;
    const GivenKeys& given_;
};

}  // namespace

void check_scenario(const Scenario& scenario, const GivenKeys& given)
{
    Checker{scenario, given}.run();
}

}  // namespace overrun
