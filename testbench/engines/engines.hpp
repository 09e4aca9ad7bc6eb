// SPDX-License-Identifier: Apache-2.0
// The engines that are built in, by the names that `nic.implementation` and --nic take.
#pragma once

#include <span>
#include <string_view>

#include "hw/engine/nic_engine.hpp"

namespace overrun {

/// In the order in which messages list them.
[[nodiscard]] std::span<const std::string_view> engine_names() noexcept;

/// @throws InputError "`place`: there is no ..." with the names that there are
[[nodiscard]] EngineMaker engine_named(std::string_view name, std::string_view place);

}  // namespace overrun
