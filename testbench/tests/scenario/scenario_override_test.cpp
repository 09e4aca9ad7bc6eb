// SPDX-License-Identifier: Apache-2.0
// Overrides: which value a scenario has after --set, and what an override's errors say.
// The arguments are given as the command hands them over.
#include "testbench/scenario/override.hpp"

#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/reader.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::scenario;

namespace {

const std::string base = R"(
name = "base"
[[traffic]]
count = 1
[[traffic]]
count = 2
[host]
stall = [{ at = "0us", for = "1ms" }]
[[expect]]
fate = "delivered"
equals = 3
)";

[[nodiscard]] Scenario with(const std::vector<std::string>& overrides)
{
    return load_scenario_text(base, "b.toml", overrides);
}

[[nodiscard]] std::string error_of(const std::vector<std::string>& overrides)
{
    try {
        static_cast<void>(with(overrides));
        return "no error";
    } catch (const InputError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("an override replaces one key and leaves the others")
{
    const Scenario s = with({"driver.ring=64", "traffic[1].count=5", "host.stall[0].for=2ms", "expect[0].equals=9"});
    CHECK(s.driver.settings.ring == 64);
    CHECK(s.traffic[0].count == 1);
    CHECK(s.traffic[1].count == 5);
    CHECK(s.host.stall[0].duration == 2 * millisecond);
    CHECK(s.expect[0].equals == 9.0);
    CHECK(s.expect[0].line == 9);
    CHECK(s.name == "base");
}

TEST_CASE("the last of several overrides wins")
{
    CHECK(with({"driver.ring=64", "driver.ring=128"}).driver.settings.ring == 128);
    CHECK(with({"driver={ring=64}", "driver.tail_step=16"}).driver.settings.ring == 64);
    CHECK(with({"driver.ring=64", "driver={tail_step=16}"}).driver.settings.ring == 256);
}

TEST_CASE("an override's value is TOML where it can be, and otherwise a text")
{
    CHECK(with({"wire.rate=10Gbps"}).wire_rate == 10'000'000'000);
    CHECK(with({"wire.rate=\"10Gbps\""}).wire_rate == 10'000'000'000);
    CHECK(with({"nic.promiscuous=true"}).driver.settings.promiscuous);
    CHECK(with({"nic.mac=02:00:00:00:00:09"}).nic.mac->text() == "02:00:00:00:00:09");
    CHECK(with({"nic.multicast=[\"01:00:5e:00:00:01\"]"}).driver.settings.multicast.size() == 1);
    CHECK(with({"nic.vlans=[7, 4094]"}).driver.settings.vlans == std::vector<std::uint16_t>{7, 4094});
    CHECK(with({"nic.vlans=[]"}).driver.settings.vlans == std::vector<std::uint16_t>{});
    CHECK_FALSE(with({}).driver.settings.vlans.has_value());
    CHECK(with({"driver.ring=0x80"}).driver.settings.ring == 128);
    CHECK(with({"host.stall=[{at=\"1us\",for=\"2us\"},{for=\"3us\"}]"}).host.stall.size() == 2);
    CHECK(
        with({"host.stall=[{at=\"1us\",for=\"2us\"},{for=\"3us\"}]", "host.stall[1].for=4us"}).host.stall[1].duration ==
        4 * microsecond);
    CHECK(with({"name=7"}).name == "7");
    CHECK(with({"name=true"}).name == "true");
    CHECK(with({"name=2024-01-01"}).name == "2024-01-01");
    CHECK(with({"text=a=b"}).text == "a=b");
    CHECK(with({"text="}).text.empty());
    CHECK(with({"text=1\ntraffic = 5"}).text == "1\ntraffic = 5");
    CHECK(with({"traffic=[{kind=\"pcap\",file=\"1.pcap\"}]", "traffic[0].file=2"}).traffic[0].files ==
          std::vector<std::string>{"2"});
}

TEST_CASE("an override's error names the override")
{
    CHECK(error_of({"driver.rnig=64"}) == "--set driver.rnig=64: no such key; did you mean driver.ring?");
    CHECK(error_of({"drivr.ring=64"}) == "--set drivr.ring=64: no such key; did you mean driver.ring?");
    CHECK(error_of({"traffic.count=5"}) == "--set traffic.count=5: no such key; did you mean traffic[0].count?");
    CHECK(error_of({"traffic[1].cout=5"}) == "--set traffic[1].cout=5: no such key; did you mean traffic[1].count?");
    CHECK(error_of({"driver[0].ring=5"}).find("no such key") != std::string::npos);
    CHECK(error_of({"driver.ring=65"}) ==
          "--set driver.ring=65: driver.ring: 65 is not allowed; allowed: 64 to 4096 in steps of 8");
    CHECK(error_of({"driver.ring=many"}).starts_with("--set driver.ring=many: driver.ring: \"many\" is a text"));
    CHECK(error_of({"driver.service=5"}).find("5 has no unit; a time is wanted") != std::string::npos);
    CHECK(error_of({"host.stall=[{at=5}]"}).starts_with("--set host.stall=[{at=5}]: host.stall[0].at: 5 has no unit"));
    CHECK(error_of({"expect[0].cause=1"}) == "--set expect[0].cause=1: not built in yet");
    // A contradiction with the file is the override's fault.
    CHECK(error_of({"expect[0].at_least=4"}) ==
          "--set expect[0].at_least=4: expect[0].at_least: equals is below at_least: it can never hold");
    CHECK(error_of({"traffic[1].kind=pcap"}) ==
          "--set traffic[1].kind=pcap: traffic[1].kind: \"pcap\" does not go with traffic[1].count, which belongs to "
          "kind = \"fixed\", \"poisson\" or \"burst\"");
}

TEST_CASE("an index beyond its list names how many items there are")
{
    CHECK(error_of({"traffic[2].count=5"}) ==
          "--set traffic[2].count=5: traffic[2]: no such item; there are 2, numbers 0 to 1");
    CHECK(error_of({"host.stall[1].for=2ms"}) ==
          "--set host.stall[1].for=2ms: host.stall[1]: no such item; there is one, number 0");
    CHECK(error_of({"host={}", "host.stall[0].for=2ms"}) ==
          "--set host.stall[0].for=2ms: host.stall[0]: no such item; there are none");
    CHECK(error_of({"traffic[99999999999999999999999].count=5"}).find("no such item") != std::string::npos);
}

TEST_CASE("an argument that is no override is refused")
{
    for (const char* argument :
         {"", "=", "driver.ring", "=5", ".ring=5", "driver.=5", "driver..ring=5", "traffic[=5", "traffic[]=5",
          "traffic[-1].count=5", "traffic[x].count=5", "traffic[0.count=5", "traffic0].count=5", "driver ring=5",
          "traffic[0][0]=5", "a\nb=5", "\"driver\".ring=5"}) {
        const std::string error = error_of({argument});
        INFO(argument << " -> " << error);
        CHECK(error.starts_with("--set "));
        CHECK(error.find("wanted is") != std::string::npos);
        CHECK(error.find('\n') == std::string::npos);
    }
}
