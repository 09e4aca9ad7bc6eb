// SPDX-License-Identifier: Apache-2.0
// QEMU as the tests start it.
#pragma once

#include <string>

#include "driver_sim/qtest/machine.hpp"
#include "driver_sim/qtest/version.hpp"
#include "testbench/tests/support/catch.hpp"

namespace overrun::test {

[[nodiscard]] inline qtest::MachineSettings qemu_settings()
{
    qtest::MachineSettings settings;
    settings.program = qtest::find_qemu().value_or("qemu-system-x86_64");
    return settings;
}

/// Whether the departures were established with this QEMU. A test of them that meets another one says so and ends.
[[nodiscard]] inline bool known_qemu()
{
    static const std::string version = qtest::Machine{qemu_settings()}.version();
    if (qtest::is_known_version(version)) return true;
    WARN("QEMU " << version << " is not a version that the departures were established with: not compared");
    return false;
}

}  // namespace overrun::test
