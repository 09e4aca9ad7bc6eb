// SPDX-License-Identifier: Apache-2.0
// What every option that names something asks of its value.
#pragma once

#include <string>

namespace overrun {

/// For CLI11's check(): an empty variable in a script must not look like an option that was left out.
[[nodiscard]] inline std::string not_empty(const std::string& value)
{
    return value.empty() ? "needs a value" : "";
}

}  // namespace overrun
