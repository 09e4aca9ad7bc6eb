// SPDX-License-Identifier: Apache-2.0
// Host memory as a TLM target: a device reaches the windows that a driver granted, and nothing else.
// Never takes time: the link owns that. Never lends a pointer to a page that is not granted.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

#include "hw/platform/host_memory.hpp"

namespace overrun {

class HostMemoryModule final : public sc_core::sc_module {
public:
    /// Addresses are HostMemory's own, as a device sees them.
    tlm_utils::simple_target_socket<HostMemoryModule> bus;

    /// @param memory outlives the module
    HostMemoryModule(const sc_core::sc_module_name& name, HostMemory& memory);

    // The CPU's side: as in HostMemory, but pointers that were lent are taken back with the grant.

    [[nodiscard]] DmaBuffer  allocate(std::uint64_t octets) { return memory_.allocate(octets); }
    void                     revoke(const DmaBuffer& buffer);
    [[nodiscard]] std::byte* at(std::uint64_t address) noexcept { return memory_.at(address); }

private:
    void                       transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    [[nodiscard]] unsigned int debug(tlm::tlm_generic_payload& payload);
    [[nodiscard]] bool         lend(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);

    HostMemory& memory_;
};

}  // namespace overrun
