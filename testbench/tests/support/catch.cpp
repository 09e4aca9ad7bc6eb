// SPDX-License-Identifier: Apache-2.0
// The source for which CMake precompiles catch.hpp; all test programs reuse that.
#include "testbench/tests/support/catch.hpp"
