// SPDX-License-Identifier: Apache-2.0
// An example of an interconnect that is not ours: it decodes addresses, and one transfer at a time occupies it.
// It does not wait: it adds to the delay what decoding, arbitration and the transfer take.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <algorithm>
#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

#include "hw/systemc/pcie_extensions.hpp"

namespace overrun::example {

struct BusSettings {
    std::uint64_t    memory_base   = 0x8000'0000;
    std::uint64_t    memory_octets = 1U << 20U;
    std::uint64_t    device_base   = 0x4000'0000;
    std::uint64_t    device_octets = 128U << 10U;
    sc_core::sc_time decode{12, sc_core::SC_NS};
    sc_core::sc_time per_octet{125, sc_core::SC_PS};
};

/// A transfer of the device, as the bus saw it.
struct Transfer {
    bool             write;
    std::uint64_t    address;
    unsigned int     length;
    sc_core::sc_time called;    ///< SystemC's time of the call
    sc_core::sc_time complete;  ///< with all delays
};

class Bus final : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket_tagged<Bus> from_cpu;
    tlm_utils::simple_target_socket_tagged<Bus> from_device;
    tlm_utils::simple_initiator_socket<Bus>     to_memory;
    tlm_utils::simple_initiator_socket<Bus>     to_device;

    Bus(const sc_core::sc_module_name& name, const BusSettings& settings)
        : sc_core::sc_module{name},
          from_cpu{"from_cpu"},
          from_device{"from_device"},
          to_memory{"to_memory"},
          to_device{"to_device"},
          settings_{settings}
    {
        from_cpu.register_b_transport(this, &Bus::transport, cpu);
        from_device.register_b_transport(this, &Bus::transport, device);
    }

    [[nodiscard]] const std::vector<Transfer>& transfers() const { return transfers_; }

private:
    static constexpr int cpu    = 0;
    static constexpr int device = 1;

    void transport(int from, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
    {
        const std::uint64_t    address = payload.get_address();
        const sc_core::sc_time called  = sc_core::sc_time_stamp();
        // Configuration space is the device's, whatever the address.
        auto* target = payload.get_extension<PcieSpaceExtension>() != nullptr ? &to_device : route(payload);
        if (target == nullptr) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        const sc_core::sc_time start = std::max(called + delay, free_);
        free_                        = start + settings_.decode + settings_.per_octet * payload.get_data_length();
        delay                        = free_ - called;
        (*target)->b_transport(payload, delay);
        payload.set_address(address);
        if (from == device)
            transfers_.push_back(
                {payload.is_write(), address, payload.get_data_length(), called, sc_core::sc_time_stamp() + delay});
    }

    /// @return null when no target has the address; otherwise the payload has the target's own
    tlm_utils::simple_initiator_socket<Bus>* route(tlm::tlm_generic_payload& payload)
    {
        const std::uint64_t address = payload.get_address();
        const auto          within  = [&](std::uint64_t base, std::uint64_t octets) {
            return address >= base && address - base < octets && payload.get_data_length() <= octets - (address - base);
        };
        if (within(settings_.memory_base, settings_.memory_octets)) {
            payload.set_address(address - settings_.memory_base);
            return &to_memory;
        }
        if (within(settings_.device_base, settings_.device_octets)) {
            payload.set_address(address - settings_.device_base);
            return &to_device;
        }
        return nullptr;
    }

    BusSettings           settings_;
    sc_core::sc_time      free_;  // when the transfer under way ends
    std::vector<Transfer> transfers_;
};

}  // namespace overrun::example
