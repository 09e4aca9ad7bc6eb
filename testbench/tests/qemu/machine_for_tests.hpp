// SPDX-License-Identifier: Apache-2.0
// QEMU as the tests start it.
// Never looks for it twice.
#pragma once

#include "driver_sim/qtest/machine.hpp"

namespace overrun::test {

[[nodiscard]] inline qtest::MachineSettings qemu_settings()
{
    qtest::MachineSettings settings;
    settings.program = qtest::find_qemu().value_or("qemu-system-x86_64");
    return settings;
}

}  // namespace overrun::test
