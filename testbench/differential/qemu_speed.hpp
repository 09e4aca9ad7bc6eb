// SPDX-License-Identifier: Apache-2.0
// How many frames a second go through QEMU when nothing is compared.
// It is no test: it says what the machine and QEMU allow.
#pragma once

#include <cstdint>

#include "driver_sim/qtest/machine.hpp"

namespace overrun::differential {

/// Frames of 60 octets through a ring of 4096, whose descriptors go back by tail writes alone.
/// @return frames in a second of wall time
[[nodiscard]] double qemu_frames_per_second(qtest::Machine& machine, std::uint64_t frames);

}  // namespace overrun::differential
