// SPDX-License-Identifier: Apache-2.0
// Named sets of values for the driver's keys.
#pragma once

#include "testbench/scenario/given_keys.hpp"
#include "testbench/scenario/scenario.hpp"

namespace overrun::scenario {

/// Fills what the scenario leaves out with what its preset says.
void apply_driver_preset(Scenario& scenario, const GivenKeys& given);

}  // namespace overrun::scenario
