// SPDX-License-Identifier: Apache-2.0
// The signal table in words: for the comment of a VCD file and for docs/outputs.md.
#pragma once

#include <string>

namespace overrun::waves {

/// One line for each signal whose numbers need words.
[[nodiscard]] std::string signal_comment();

/// A table in Markdown with all signals; those of a scope that have the same sentence share a row.
[[nodiscard]] std::string signal_markdown();

}  // namespace overrun::waves
