// SPDX-License-Identifier: Apache-2.0
// Programs for what random ones reach too seldom: corners of rings, buffers, thresholds and lengths.
#pragma once

#include <string>
#include <vector>

#include "testbench/differential/program.hpp"

namespace overrun::differential {

struct DirectedProgram {
    std::string name;
    Program     program;
};

[[nodiscard]] std::vector<DirectedProgram> directed_programs();

}  // namespace overrun::differential
