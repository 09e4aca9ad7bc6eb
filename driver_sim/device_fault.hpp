// SPDX-License-Identifier: Apache-2.0
// Mishaps that happen to a device under its driver, as somebody else on the bus brings them about.
// Never in the middle of a DMA: bus mastering goes first, as before any orderly reset of a function.
#pragma once

#include <cstdint>

#include "driver_sim/bus.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun {

enum class FaultKind : std::uint8_t {
    device_reset,  ///< CTRL.RST: registers, FIFO and ring are forgotten; configuration space stays
    bus_reset,     ///< the whole function: it does not even answer until it is set up again
    dma_stop,      ///< bus mastering is taken away, nothing else
};

/// The time that DMA under way gets to end.
inline constexpr Time fault_settling = 10 * microsecond;

/// Something happens to the device at the bus's present time; a reset follows `fault_settling` later.
template <Bus B>
void inflict(B& bus, FaultKind kind)
{
    constexpr std::uint32_t command = 0x04, master = 4, power_control = 0xcc, d3 = 3;
    const std::uint32_t     before = bus.config_read(command, 2U);
    bus.config_write(command, before & ~master, 2U);
    if (kind == FaultKind::dma_stop) return;
    bus.sleep_until(bus.now() + fault_settling);
    if (kind == FaultKind::device_reset) {
        bus.write32(reg::CTRL::offset, reg::CTRL::reset | reg::CTRL::RST.mask());
        static_cast<void>(bus.read32(reg::STATUS::offset));  // flushes the posted write
        bus.config_write(command, before, 2U);
    } else {
        // Leaving D3 resets the function (contract A.2).
        bus.config_write(power_control, d3, 2U);
        bus.config_write(power_control, 0, 2U);
    }
}

}  // namespace overrun
