// SPDX-License-Identifier: Apache-2.0
// A row of the key table: what its type and its path of members make of it.
#include "testbench/scenario/key_binding.hpp"

#include <string>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/document.hpp"
#include "testbench/scenario/number_types.hpp"
#include "testbench/scenario/quantity_types.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::scenario;

namespace {

/// A type of the test's own: an integer of which the member holds the half.
struct Doubled : PlainType {
    static constexpr std::string_view noun = "even integer";

    [[nodiscard]] static std::int64_t parse(const Node& node, const KeyFacts&)
    {
        if (node.integer % 2 != 0) throw InputError("odd");
        return node.integer / 2;
    }
    [[nodiscard]] static std::string allowed(const KeyFacts&) { return "even"; }
    [[nodiscard]] static SchemaJson  schema(const KeyFacts&) { return {{"multipleOf", 2}}; }
    [[nodiscard]] static std::string written(std::uint64_t value, const KeyFacts&) { return std::to_string(2 * value); }
};

[[nodiscard]] Node value(const std::string& toml)
{
    return parse_document("x = " + toml, "t.toml").members.at(0).value;
}

void set(const ScenarioKey& key, Scenario& scenario, std::size_t index, const std::string& toml)
{
    key.set(scenario, index, value(toml), key.facts);
}

}  // namespace

TEST_CASE("a key of a new type is the type's class and a row", "[key_binding]")
{
    const ScenarioKey key = row<Doubled, &Scenario::seed>("run.seed", {.unit = "halves"}, "Something.");
    Scenario          scenario;
    set(key, scenario, 0, "14");
    CHECK(scenario.seed == 7);
    CHECK_THROWS_AS(set(key, scenario, 0, "15"), InputError);
    CHECK(scenario.seed == 7);
    CHECK(key.default_text(key.facts) == "2");
    CHECK(key.allowed() == "even");
    CHECK(key.type->noun == "even integer");
    CHECK(key.type->unit(key.facts) == "halves");
    CHECK(key.type->listed(key.facts) == "even");
    CHECK(key.type->schema(key.facts)["multipleOf"] == 2);
    CHECK(key.type->names == nullptr);
    CHECK_FALSE(key.type->quantity.has_value());
}

TEST_CASE("a key inside a list makes the item that it is written in, and no other one", "[key_binding]")
{
    const ScenarioKey key = row<Integer, &Scenario::traffic, &TrafficSpec::count>("traffic[].count", {}, "Frames.");
    Scenario          scenario;
    key.make_item(scenario, 1);
    REQUIRE(scenario.traffic.size() == 2);
    set(key, scenario, 1, "5");
    CHECK(scenario.traffic[0].count == TrafficSpec{}.count);
    CHECK(scenario.traffic[1].count == 5);
    set(key, scenario, 0, "6");
    CHECK(scenario.traffic.size() == 2);
    CHECK(scenario.traffic[0].count == 6);
}

TEST_CASE("an optional member holds what its key's type reads, and is empty before", "[key_binding]")
{
    const ScenarioKey key = row<TimeSpan, &Scenario::duration>("run.duration", {.absent = "for ever"}, "Ends.");
    Scenario          scenario;
    CHECK(key.default_text(key.facts) == "for ever");
    CHECK_FALSE(scenario.duration.has_value());
    set(key, scenario, 0, "\"3us\"");
    CHECK(scenario.duration == 3 * microsecond);
}

TEST_CASE("a quantity is divided by its key's scale, and its default multiplied", "[key_binding]")
{
    const ScenarioKey key = row<Size, &Scenario::driver, &DriverSpec::settings, &DriverSettings::rx_fifo_kib>(
        "nic.rx_fifo", {.step = 1024, .scale = 1024}, "FIFO.");
    Scenario scenario;
    set(key, scenario, 0, "\"32KiB\"");
    CHECK(scenario.driver.settings.rx_fifo_kib == 32);
    CHECK(key.default_text(key.facts) == "20KiB");
    CHECK_THROWS_AS(set(key, scenario, 0, "\"1025B\""), InputError);
}
