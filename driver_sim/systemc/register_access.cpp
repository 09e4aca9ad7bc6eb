// SPDX-License-Identifier: Apache-2.0
// The rare half of a CPU's accesses: their set-up, configuration space, and what a refusal says.
// Never hides an error response.
#include "driver_sim/systemc/register_access.hpp"

#include <fmt/format.h>

namespace overrun {

RegisterAccess::RegisterAccess(const char* who) : who_{who}
{
    for (tlm::tlm_generic_payload* payload : {&register_payload_, &config_payload_}) {
        payload->set_data_ptr(reinterpret_cast<unsigned char*>(&word_));
        payload->set_data_length(4);
        payload->set_streaming_width(4);
    }
    config_payload_.set_extension(&config_space_);
}

RegisterAccess::~RegisterAccess()
{
    config_payload_.clear_extension(&config_space_);
}

Answer RegisterAccess::config_read(std::uint32_t offset, unsigned octets, Time t)
{
    config_payload_.set_data_length(octets);
    config_payload_.set_streaming_width(octets);
    word_                = 0;
    const Time completes = access(config_payload_, tlm::TLM_READ_COMMAND, offset, t);
    return {word_, completes};
}

Time RegisterAccess::config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t)
{
    config_payload_.set_data_length(octets);
    config_payload_.set_streaming_width(octets);
    word_ = value;
    return access(config_payload_, tlm::TLM_WRITE_COMMAND, offset, t);
}

void RegisterAccess::report(const tlm::tlm_generic_payload& payload) const
{
    SC_REPORT_ERROR(
        who_, fmt::format("{} of {} octets at {:#x} was answered with {}", payload.is_read() ? "a read" : "a write",
                          payload.get_data_length(), payload.get_address(), payload.get_response_string())
                  .c_str());
}

}  // namespace overrun
