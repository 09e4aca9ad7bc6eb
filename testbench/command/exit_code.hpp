// SPDX-License-Identifier: Apache-2.0
// What the command returns to the shell.
// Never any other number.
#pragma once

namespace overrun {

enum class ExitCode : int {
    holds          = 0,    ///< all expectations hold, or there were none
    broken         = 1,    ///< an expectation failed
    input_error    = 2,    ///< usage, scenario, capture or output file
    internal_error = 3,    ///< the books do not balance
    interrupted    = 130,  ///< Ctrl-C; the partial result was written, or nothing when the run had not begun
};

[[nodiscard]] constexpr int number(ExitCode code) noexcept
{
    return static_cast<int>(code);
}

}  // namespace overrun
