// SPDX-License-Identifier: Apache-2.0
// The one exception for broken configuration, files and arguments; the command prints it and exits 2.
// What hardware can do to a driver is a value, not an exception.
#pragma once

#include <stdexcept>

namespace overrun {

/// The message is one line: the thing, the value, what is allowed.
class InputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace overrun
