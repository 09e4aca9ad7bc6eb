// SPDX-License-Identifier: Apache-2.0
// What no single key can show: keys that contradict each other, and keys that must come together.
#pragma once

#include "testbench/scenario/given_keys.hpp"
#include "testbench/scenario/scenario.hpp"

namespace overrun::scenario {

/// @throws InputError for the first contradiction, naming place, key and value
void check_scenario(const Scenario& scenario, const GivenKeys& given);

}  // namespace overrun::scenario
