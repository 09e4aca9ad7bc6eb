// SPDX-License-Identifier: Apache-2.0
// What the key table says of a key, in words: for errors, for `overrun schema` and for docs/scenarios.md.
// Never says more than the row holds.
#pragma once

#include <string>

#include "testbench/scenario/key.hpp"

namespace overrun {

/// "integer", "time", "name".
[[nodiscard]] std::string type_text(const ScenarioKey& key);

/// "octets"; for quantities the units that a scenario may write: "ps, ns, us, ms, s".
[[nodiscard]] std::string unit_text(const ScenarioKey& key);

/// "64 to 4096 in steps of 8", "10Mbps to 100Gbps", "fixed, pcap".
[[nodiscard]] std::string allowed_text(const ScenarioKey& key);

/// A list of names that is too long for one line; tables and schema show it in full.
[[nodiscard]] bool has_long_list(const ScenarioKey& key);

}  // namespace overrun
