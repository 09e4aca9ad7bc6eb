// SPDX-License-Identifier: Apache-2.0
// Joins the modules of a platform, all but the memory, in front of which a test may put something.
#pragma once

#include "driver_sim/systemc/host_cpu_module.hpp"
#include "hw/systemc/nic.hpp"
#include "hw/systemc/pcie_link_module.hpp"
#include "hw/systemc/wire_module.hpp"

namespace overrun::test {

template <class Port>
void wire_up(CpuModule<Port>& cpu, PcieLinkModule& link, WireModule& wire, Nic& nic, sc_core::sc_signal<bool>& irq)
{
    cpu.bus.bind(link.from_cpu);
    cpu.nic(nic);
    link.to_device.bind(nic.registers);
    nic.dma.bind(link.from_device);
    nic.wire(wire);
    nic.pcie(link);
    nic.irq(irq);
}

}  // namespace overrun::test
