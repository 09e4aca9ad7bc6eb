// SPDX-License-Identifier: Apache-2.0
// The driver's presets: what they fill in, and that every key of the scenario wins over them.
// The values are compared with contract E.1.
#include "testbench/scenario/driver_preset.hpp"

#include "testbench/scenario/reader.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::scenario;

namespace {

Scenario with(const std::string& keys)
{
    return load_scenario_text("[[traffic]]\n[driver]\n" + keys, "t.toml");
}

}  // namespace

TEST_CASE("the preset linux holds what e1000e writes", "[driver_preset]")
{
    const Scenario s = with("preset = \"linux\"\n");
    CHECK(s.driver.settings.ring == 256);
    CHECK(s.driver.settings.tail_step == 16);
    CHECK(s.driver.settings.budget == 64);
    // RXDCTL 01040420: GRAN, WTHRESH 4, HTHRESH 4, PTHRESH 32.
    CHECK((1U << 24U | s.driver.settings.wthresh << 16U | s.driver.settings.hthresh << 8U |
           s.driver.settings.pthresh) == 0x0104'0420);
    CHECK(s.driver.settings.rdtr == 0x20);
    CHECK(s.driver.settings.radv == 0x20);
    CHECK(s.driver.settings.rx_usecs == 3U);
    CHECK(s.driver.settings.rx_fifo_kib == 0x20);
}

TEST_CASE("without a preset nothing is filled in", "[driver_preset]")
{
    const Scenario s = with("preset = \"none\"\n");
    CHECK(s.driver.settings.tail_step == DriverSettings{}.tail_step);
    CHECK(s.driver.settings.rdtr == 0);
    CHECK_FALSE(s.driver.settings.rx_usecs.has_value());
    CHECK(s.driver.settings.rx_fifo_kib == 20);
}

TEST_CASE("a key of the scenario wins over the preset, wherever it stands", "[driver_preset]")
{
    const Scenario s = with(
        "ring = 64\nrdtr = 0\npreset = \"linux\"\nradv = 1\ntail_step = 1\nbudget = 300\npthresh = 8\nhthresh = 1\n"
        "wthresh = 1\nrx_usecs = 0\n[nic]\nrx_fifo = \"20KiB\"\n");
    CHECK(s.driver.settings.ring == 64);
    CHECK(s.driver.settings.rdtr == 0);
    CHECK(s.driver.settings.radv == 1);
    CHECK(s.driver.settings.tail_step == 1);
    CHECK(s.driver.settings.budget == 300);
    CHECK(s.driver.settings.pthresh == 8);
    CHECK(s.driver.settings.hthresh == 1);
    CHECK(s.driver.settings.wthresh == 1);
    CHECK(s.driver.settings.rx_usecs == 0U);
    CHECK(s.driver.settings.rx_fifo_kib == 20);

    const Scenario fixed = with("preset = \"linux\"\nitr = 100\n");
    CHECK(fixed.driver.settings.itr == 100);
    CHECK_FALSE(fixed.driver.settings.rx_usecs.has_value());
    const std::vector<std::string> overrides{"driver.rdtr=5"};
    CHECK(load_scenario_text("[[traffic]]\n[driver]\npreset = \"linux\"\n", "t.toml", overrides).driver.settings.rdtr ==
          5);
}
