// SPDX-License-Identifier: Apache-2.0
// Whether the keys of each source of traffic fit its kind and each other.
#pragma once

#include "testbench/scenario/given_keys.hpp"
#include "testbench/scenario/scenario.hpp"

namespace overrun::scenario {

/// @throws InputError for the first contradiction, naming place, key and value
void check_traffic(const Scenario& scenario, const GivenKeys& given);

}  // namespace overrun::scenario
