// SPDX-License-Identifier: Apache-2.0
// The names that an [[expect]] may use, kind by kind.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace overrun::scenario {

/// The stages of a frame whose duration is measured.
inline constexpr std::array<std::string_view, 2> latency_stages{"wire_to_host", "wire_to_driver"};

/// What is said of a stage's durations: percentiles, and the longest.
inline constexpr std::array<std::string_view, 4> latency_points{"p50", "p90", "p99", "max"};

[[nodiscard]] std::span<const std::string_view> fate_names();
[[nodiscard]] std::span<const std::string_view> register_names();  ///< statistics registers, pairs once ("GORC")
[[nodiscard]] std::span<const std::string_view> ethtool_name_list();
[[nodiscard]] std::span<const std::string_view> netdev_name_list();
[[nodiscard]] std::span<const std::string_view> latency_names();  ///< "wire_to_host.p99"

}  // namespace overrun::scenario
