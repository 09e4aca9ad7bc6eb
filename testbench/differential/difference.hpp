// SPDX-License-Identifier: Apache-2.0
// What ends the comparison of a program: the two sides differ, and no known departure explains it.
// The runner makes a result of it.
#pragma once

#include <stdexcept>

namespace overrun::differential {

class Difference : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace overrun::differential
