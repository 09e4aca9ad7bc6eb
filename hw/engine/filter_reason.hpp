// SPDX-License-Identifier: Apache-2.0
// What let a frame through the address filter, and the words for it.
#pragma once

#include <cstdint>

#include "hw/base/enum_names.hpp"

namespace overrun {

/// `vlan` is what kept a frame out although its address passed.
enum class FilterReason : std::uint8_t { none, exact, hash, broadcast, promiscuous, vlan };

inline constexpr auto filter_reason_names = enum_names<FilterReason>({{FilterReason::none, "none"},
                                                                      {FilterReason::exact, "exact"},
                                                                      {FilterReason::hash, "hash"},
                                                                      {FilterReason::broadcast, "broadcast"},
                                                                      {FilterReason::promiscuous, "promiscuous"},
                                                                      {FilterReason::vlan, "VLAN"}});

}  // namespace overrun
