// SPDX-License-Identifier: Apache-2.0
// What Linux's tools would show after a run: `ethtool -S` and `ip -s -s link`, from the registers the driver read.
// Each name is computed as the e1000e driver computes it (contract B.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "driver_sim/driver/driver_counts.hpp"

namespace overrun {

/// @param name one of ethtool_names
[[nodiscard]] std::optional<std::uint64_t> ethtool_value(const RegisterTotals& totals, std::string_view name);

/// @param name one of netdev_names, such as "rx.missed_errors"
[[nodiscard]] std::optional<std::uint64_t> netdev_value(const RegisterTotals& totals, std::string_view name);

[[nodiscard]] std::optional<std::uint64_t> register_value(const RegisterTotals& totals, std::string_view name);

}  // namespace overrun
