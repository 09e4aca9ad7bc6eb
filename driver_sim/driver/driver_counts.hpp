// SPDX-License-Identifier: Apache-2.0
// What the reference driver counts.
#pragma once

#include <array>
#include <cstdint>

#include "hw/registers/82574l.hpp"

namespace overrun {

struct DriverCounts {
    std::uint64_t polls        = 0;
    std::uint64_t frames       = 0;  ///< delivered
    std::uint64_t octets       = 0;  ///< delivered
    std::uint64_t error_frames = 0;  ///< dropped for an error bit
    std::uint64_t split_frames = 0;  ///< dropped because they did not fit one buffer
    std::uint64_t doorbells    = 0;  ///< writes of RDT after the first fill
    std::uint64_t interrupts   = 0;  ///< of the device, handled
    std::uint64_t overruns     = 0;  ///< of these, with cause RXO
    std::uint64_t rate_changes = 0;  ///< writes of ITR because the traffic changed
    std::uint64_t resizes      = 0;  ///< of the ring, in mid-traffic
    std::uint64_t looks        = 0;  ///< of the watchdog at the device
    std::uint64_t lost         = 0;  ///< looks that found the device reset or gone
    std::uint64_t hangs        = 0;  ///< looks that found it stuck
};

/// Statistics registers as a driver keeps them: 64-bit sums of what its reads cleared.
using RegisterTotals = std::array<std::uint64_t, reg::counter_table.size()>;

}  // namespace overrun
