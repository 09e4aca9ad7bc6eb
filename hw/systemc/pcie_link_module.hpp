// SPDX-License-Identifier: Apache-2.0
// The PCIe link between a CPU and a device: adds one-way times to accesses of either side, and passes pointers through.
// Never waits, and never adds a time that the device or the memory owns.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

#include "hw/platform/pcie_link.hpp"
#include "hw/systemc/nic_interfaces.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

class PcieLinkModule final : public sc_core::sc_module, public PcieCost {
public:
    tlm_utils::simple_target_socket<PcieLinkModule>    from_cpu;
    tlm_utils::simple_initiator_socket<PcieLinkModule> to_device;
    tlm_utils::simple_target_socket<PcieLinkModule>    from_device;
    tlm_utils::simple_initiator_socket<PcieLinkModule> to_memory;

    /// @param link outlives the module
    PcieLinkModule(const sc_core::sc_module_name& name, PcieLink& link);

    [[nodiscard]] PcieLink& link() override { return link_; }

private:
    void                       access(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void                       dma(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    [[nodiscard]] unsigned int access_debug(tlm::tlm_generic_payload& payload);
    [[nodiscard]] unsigned int dma_debug(tlm::tlm_generic_payload& payload);
    [[nodiscard]] bool         dma_pointer(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    void                       invalidate(sc_dt::uint64 first, sc_dt::uint64 last);

    SystemcTime      time_;
    PcieLink&        link_;
    sc_core::sc_time write_;    // from the CPU's store to the device
    sc_core::sc_time request_;  // from the CPU's load to the device
};

}  // namespace overrun
