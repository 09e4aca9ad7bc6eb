// SPDX-License-Identifier: Apache-2.0
// What no single key can show: keys that contradict each other, and keys that must come together.
// Never changes the scenario.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "testbench/scenario.hpp"
#include "testbench/scenario_document.hpp"

namespace overrun {

/// The keys that were written, by path ("traffic[0].count"), with their values and places.
using GivenKeys = std::map<std::string, const Node*, std::less<>>;

/// @throws InputError for the first contradiction, naming place, key and value
void check_scenario(const Scenario& scenario, const GivenKeys& given);

}  // namespace overrun
