// SPDX-License-Identifier: Apache-2.0
// Test results as JUnit XML, the form that CI systems read.
// Contract: it holds no character that XML 1.0 forbids, whatever a message holds.
#pragma once

#include <span>
#include <string>

namespace overrun {

struct JunitCase {
    enum class Outcome { passed, failed, error };

    std::string group;  ///< class name, such as the mode of a run
    std::string name;
    double      seconds = 0;  ///< wall time
    Outcome     outcome = Outcome::passed;
    std::string text;  ///< what was printed; its first line that says FAIL is the message
};

/// One suite of that name with all cases in their order. UTF-8, ends with a newline.
[[nodiscard]] std::string junit_of(const std::string& suite, std::span<const JunitCase> cases);

}  // namespace overrun
