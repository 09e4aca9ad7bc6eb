// SPDX-License-Identifier: Apache-2.0
// Which files a command may write, seen against what it reads.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "testbench/scenario/scenario.hpp"

namespace overrun {

/// A file that an option names; empty when the option was not given.
struct NamedOutput {
    /// `another`: the file comes along with the one that an option names.
    enum class By : bool { option, another };

    std::string option;
    std::string file;
    By          named_by = By::option;
};

/// Files that a run of the scenario reads, besides the scenario's own.
[[nodiscard]] std::vector<std::string> inputs_of(const Scenario& scenario);

/// @throws InputError when two outputs are one file, or one of them, or standard output, would replace an input
void check_outputs(std::span<const NamedOutput> outputs, std::span<const std::string> inputs);

}  // namespace overrun
