// SPDX-License-Identifier: Apache-2.0
// What is thrown when QEMU cannot be had, refuses, dies or does not answer.
// What the emulated device does is a value, not an exception.
#pragma once

#include "hw/base/input_error.hpp"

namespace overrun::qtest {

/// One line: what was asked of QEMU, and what it said or how it ended.
class QemuError : public InputError {
public:
    using InputError::InputError;
};

}  // namespace overrun::qtest
