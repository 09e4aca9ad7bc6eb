// SPDX-License-Identifier: Apache-2.0
// An example of a memory that is not ours: a plain TLM-2.0 target with latencies of its own.
// It grants no DMI.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <cstdint>
#include <cstring>
#include <systemc>
#include <tlm>
#include <vector>

namespace overrun::example {

struct MemorySettings {
    std::uint64_t    octets = 1U << 20U;
    sc_core::sc_time read{80, sc_core::SC_NS};
    sc_core::sc_time write{40, sc_core::SC_NS};
    bool             waits   = false;  ///< takes its time inside b_transport instead of annotating it
    unsigned int     widest  = 4096;   ///< longest access it takes
    bool             forgets = false;  ///< a broken memory: the last octet of long writes is lost
};

class Memory final : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<Memory> bus;

    Memory(const sc_core::sc_module_name& name, const MemorySettings& settings)
        : sc_core::sc_module{name}, bus{"bus"}, settings_{settings}, octets_(settings.octets)
    {
        bus.register_b_transport(this, &Memory::transport);
    }

private:
    void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
    {
        const std::uint64_t address = payload.get_address();
        const unsigned int  length  = payload.get_data_length();
        if (payload.get_byte_enable_ptr() != nullptr) {
            payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
            return;
        }
        if (length > settings_.widest || payload.get_streaming_width() < length) {
            payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
            return;
        }
        if (address > octets_.size() || length > octets_.size() - address) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        delay += payload.is_read() ? settings_.read : settings_.write;
        if (settings_.waits) {
            wait(delay);
            delay = sc_core::SC_ZERO_TIME;
        }
        if (payload.is_read()) {
            std::memcpy(payload.get_data_ptr(), octets_.data() + address, length);
        } else {
            std::memcpy(octets_.data() + address, payload.get_data_ptr(),
                        settings_.forgets && length > 16 ? length - 1 : length);
        }
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }

    MemorySettings             settings_;
    std::vector<unsigned char> octets_;
};

}  // namespace overrun::example
