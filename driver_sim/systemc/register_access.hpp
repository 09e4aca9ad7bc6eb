// SPDX-License-Identifier: Apache-2.0
// A CPU's accesses to a device as TLM transactions whose delay carries the CPU's local time.
// Never waits by itself: whether SystemC's time follows is the port's affair, or the target's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <systemc>
#include <tlm>

#include "hw/engine/nic_engine.hpp"
#include "hw/systemc/pcie_extensions.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

class RegisterAccess {
public:
    /// @param who full name of the module in reports
    explicit RegisterAccess(const char* who);
    ~RegisterAccess();
    RegisterAccess(const RegisterAccess&)            = delete;
    RegisterAccess& operator=(const RegisterAccess&) = delete;

    void connect(tlm::tlm_blocking_transport_if<>& bus) noexcept { bus_ = &bus; }

    [[nodiscard]] Answer read(std::uint32_t offset, Time t)
    {
        const Time completes = access(register_payload_, tlm::TLM_READ_COMMAND, offset, t);
        return {word_, completes};
    }
    void write(std::uint32_t offset, std::uint32_t value, Time t)
    {
        word_ = value;
        static_cast<void>(transport(register_payload_, tlm::TLM_WRITE_COMMAND, offset, t));
    }
    [[nodiscard]] Answer config_read(std::uint32_t offset, unsigned octets, Time t);
    /// Not posted. @return when it is complete
    [[nodiscard]] Time config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t);

private:
    /// One transaction on `word_`, issued at `t`.
    /// @return when it is complete
    Time access(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint32_t offset, Time t)
    {
        const Time delay = transport(payload, command, offset, t);
        return time_.now() + delay;  // a target may have waited
    }
    /// @return how long after SystemC's time it is complete
    Time transport(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint32_t offset, Time t)
    {
        payload.set_command(command);
        payload.set_address(offset);
        payload.set_dmi_allowed(false);
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        // SystemC's time may have passed a CPU that slept without a limit beside others and did not then go on from the
        // engine's time; such an access is late (law 5).
        sc_core::sc_time delay = to_sc_time(std::max<Time>(t - time_.now(), 0));
        bus_->b_transport(payload, delay);
        if (!payload.is_response_ok()) report(payload);
        return to_time(delay);
    }
    void report(const tlm::tlm_generic_payload& payload) const;

    SystemcTime                       time_;
    const char*                       who_;
    tlm::tlm_blocking_transport_if<>* bus_  = nullptr;
    std::uint32_t                     word_ = 0;
    tlm::tlm_generic_payload          register_payload_;
    tlm::tlm_generic_payload          config_payload_;
    PcieSpaceExtension                config_space_{Space::config};
};

}  // namespace overrun
