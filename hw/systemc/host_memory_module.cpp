// SPDX-License-Identifier: Apache-2.0
// TLM transport, debug and DMI in front of the window check of HostMemory.
// Never copies more than the payload asks for.
#include "hw/systemc/host_memory_module.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>

namespace overrun {

HostMemoryModule::HostMemoryModule(const sc_core::sc_module_name& name, HostMemory& memory)
    : sc_core::sc_module{name}, bus{"bus"}, memory_{memory}
{
    bus.register_b_transport(this, &HostMemoryModule::transport);
    bus.register_transport_dbg(this, &HostMemoryModule::debug);
    bus.register_get_direct_mem_ptr(this, &HostMemoryModule::lend);
}

void HostMemoryModule::revoke(const DmaBuffer& buffer)
{
    memory_.revoke(buffer);
    if (buffer.octets == 0) return;
    // The grant was of whole pages.
    const std::uint64_t pages = (buffer.octets + page_octets - 1) / page_octets;
    bus->invalidate_direct_mem_ptr(buffer.address, buffer.address + pages * page_octets - 1);
}

void HostMemoryModule::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&)
{
    const unsigned int length = payload.get_data_length();
    if (payload.get_byte_enable_ptr() != nullptr) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    if (length == 0 || payload.get_streaming_width() < length) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
        return;
    }
    const std::span octets{reinterpret_cast<std::byte*>(payload.get_data_ptr()), length};
    bool            done = false;
    if (payload.is_read()) {
        done = memory_.dma_read(payload.get_address(), octets);
    } else if (payload.is_write()) {
        done = memory_.dma_write(payload.get_address(), octets);
    } else {
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        return;
    }
    payload.set_dmi_allowed(done);
    payload.set_response_status(done ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

// The host's own view: a debugger sees pages that no device may reach.
unsigned int HostMemoryModule::debug(tlm::tlm_generic_payload& payload)
{
    const std::uint64_t address = payload.get_address();
    if (!memory_.contains(address, 1)) return 0;
    const std::uint64_t left   = memory_.base() + memory_.size() - address;
    const auto          length = static_cast<unsigned int>(std::min<std::uint64_t>(left, payload.get_data_length()));
    if (payload.is_read()) {
        std::memcpy(payload.get_data_ptr(), memory_.at(address), length);
    } else if (payload.is_write()) {
        std::memcpy(memory_.at(address), payload.get_data_ptr(), length);
    } else {
        return 0;
    }
    return length;
}

// Lends the run of granted pages around the address, so that whoever holds the pointer needs no check of his own.
bool HostMemoryModule::lend(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi)
{
    const std::uint64_t address = payload.get_address();
    const std::uint64_t page    = address / page_octets * page_octets;
    dmi.allow_read_write();
    dmi.set_start_address(page);
    dmi.set_end_address(page + page_octets - 1);
    if (!memory_.granted(page, page_octets)) return false;

    std::uint64_t first = page;
    while (first > memory_.base() && memory_.granted(first - page_octets, page_octets)) first -= page_octets;
    std::uint64_t end = page + page_octets;
    while (memory_.granted(end, page_octets)) end += page_octets;
    dmi.set_start_address(first);
    dmi.set_end_address(end - 1);
    dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(memory_.at(first)));
    dmi.set_read_latency(sc_core::SC_ZERO_TIME);
    dmi.set_write_latency(sc_core::SC_ZERO_TIME);
    return true;
}

}  // namespace overrun
