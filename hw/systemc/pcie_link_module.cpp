// SPDX-License-Identifier: Apache-2.0
// Times of the link's two ways, from the same cost object that engines book DMA on.
// Never holds a transaction back.
#include "hw/systemc/pcie_link_module.hpp"

#include "hw/systemc/pcie_extensions.hpp"

namespace overrun {

PcieLinkModule::PcieLinkModule(const sc_core::sc_module_name& name, PcieLink& link)
    : sc_core::sc_module{name},
      from_cpu{"from_cpu"},
      to_device{"to_device"},
      from_device{"from_device"},
      to_memory{"to_memory"},
      link_{link},
      write_{to_sc_time(link.mmio_write_arrival(0))},
      request_{to_sc_time(link.mmio_read_arrival(0))}
{
    from_cpu.register_b_transport(this, &PcieLinkModule::access);
    from_cpu.register_transport_dbg(this, &PcieLinkModule::access_debug);
    from_device.register_b_transport(this, &PcieLinkModule::dma);
    from_device.register_transport_dbg(this, &PcieLinkModule::dma_debug);
    from_device.register_get_direct_mem_ptr(this, &PcieLinkModule::dma_pointer);
    to_memory.register_invalidate_direct_mem_ptr(this, &PcieLinkModule::invalidate);
}

// Memory writes are posted: the CPU goes on at once. Configuration writes wait for their completion (PCIe 2.4.1).
void PcieLinkModule::access(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    if (payload.is_write() && space_of(payload) != Space::config) {
        sc_core::sc_time arrival = delay;
        arrival += write_;
        to_device->b_transport(payload, arrival);
        return;
    }
    delay += request_;
    to_device->b_transport(payload, delay);
    const Time now = time_.now();
    delay          = to_sc_time(link_.mmio_completion_arrival(now + to_time(delay)) - now);
}

void PcieLinkModule::dma(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    if (payload.get_extension<BookedExtension>() == nullptr && payload.get_data_length() != 0) {
        const auto     operation = payload.is_write() ? DmaOperation::write : DmaOperation::read;
        const Time     now       = time_.now();
        const DmaTimes times =
            link_.schedule(operation, payload.get_address(), payload.get_data_length(), now + to_time(delay));
        delay = to_sc_time(times.completed - now);
    }
    to_memory->b_transport(payload, delay);
}

unsigned int PcieLinkModule::access_debug(tlm::tlm_generic_payload& payload)
{
    return to_device->transport_dbg(payload);
}

unsigned int PcieLinkModule::dma_debug(tlm::tlm_generic_payload& payload)
{
    return to_memory->transport_dbg(payload);
}

bool PcieLinkModule::dma_pointer(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi)
{
    return to_memory->get_direct_mem_ptr(payload, dmi);
}

void PcieLinkModule::invalidate(sc_dt::uint64 first, sc_dt::uint64 last)
{
    from_device->invalidate_direct_mem_ptr(first, last);
}

}  // namespace overrun
