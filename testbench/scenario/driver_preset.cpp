// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/driver_preset.hpp"

#include <string_view>

namespace overrun::scenario {

void apply_driver_preset(Scenario& scenario, const GivenKeys& given)
{
    if (scenario.driver.preset == DriverPreset::none) return;
    DriverSettings& driver   = scenario.driver.settings;
    const auto      is_given = [&given](std::string_view path) { return given.find(path) != given.end(); };
    const auto      take     = [&is_given](std::string_view path, auto& member, auto value) {
        if (!is_given(path)) member = value;
    };
    take("driver.ring", driver.ring, 256U);
    take("driver.tail_step", driver.tail_step, 16U);
    take("driver.budget", driver.budget, 64U);
    // RXDCTL = 01040420, and with such bursts the delay timers.
    take("driver.pthresh", driver.pthresh, 32U);
    take("driver.hthresh", driver.hthresh, 4U);
    take("driver.wthresh", driver.wthresh, 4U);
    take("driver.rdtr", driver.rdtr, 0x20U);
    take("driver.radv", driver.radv, 0x20U);
    // Dynamic and conservative, as `ethtool -c` shows on a fresh interface.
    if (!is_given("driver.itr")) take("driver.rx_usecs", driver.rx_usecs, 3U);
    take("nic.rx_fifo", driver.rx_fifo_kib, 32U);
}

}  // namespace overrun::scenario
