// SPDX-License-Identifier: Apache-2.0
#include "hw/systemc/dmi_dma_port.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace overrun {

DmiDmaPort::DmiDmaPort()
{
    payload_.set_extension(&booked_);
}

DmiDmaPort::~DmiDmaPort()
{
    payload_.clear_extension(&booked_);
}

void DmiDmaPort::connect(Bus& bus, PcieLink& link)
{
    bus_  = &bus;
    link_ = &link;
}

bool DmiDmaPort::supported()
{
    tlm::tlm_dmi dmi;
    payload_.set_command(tlm::TLM_READ_COMMAND);
    payload_.set_address(0);
    // A denial names the addresses that it holds for (TLM-2.0, get_direct_mem_ptr).
    return bus_->get_direct_mem_ptr(payload_, dmi) || dmi.get_start_address() != 0 ||
           dmi.get_end_address() != std::numeric_limits<sc_dt::uint64>::max();
}

void DmiDmaPort::invalidate(std::uint64_t first, std::uint64_t last) noexcept
{
    for (Window& window : windows_)
        if (window.end > first && window.first <= last) window = Window{};
}

bool DmiDmaPort::commit_write(std::uint64_t address, std::span<const std::byte> octets)
{
    std::byte* const to = at_hand(address, octets.size());
    if (to == nullptr) return write_elsewhere(address, octets);
    std::memcpy(to, octets.data(), octets.size());
    return true;
}

bool DmiDmaPort::commit_read(std::uint64_t address, std::span<std::byte> octets)
{
    const std::byte* const from = at_hand(address, octets.size());
    if (from == nullptr) return read_elsewhere(address, octets);
    std::memcpy(octets.data(), from, octets.size());
    return true;
}

bool DmiDmaPort::write_elsewhere(std::uint64_t address, std::span<const std::byte> octets)
{
    if (std::byte* to = find(address, octets.size(), tlm::TLM_WRITE_COMMAND)) {
        std::memcpy(to, octets.data(), octets.size());
        return true;
    }
    // A payload's octets are not const, even where the command is a write and nobody may change them.
    return transport(address, const_cast<std::byte*>(octets.data()), octets.size(), tlm::TLM_WRITE_COMMAND);
}

bool DmiDmaPort::read_elsewhere(std::uint64_t address, std::span<std::byte> octets)
{
    if (const std::byte* from = find(address, octets.size(), tlm::TLM_READ_COMMAND)) {
        std::memcpy(octets.data(), from, octets.size());
        return true;
    }
    return transport(address, octets.data(), octets.size(), tlm::TLM_READ_COMMAND);
}

std::byte* DmiDmaPort::find(std::uint64_t address, std::uint64_t length, tlm::tlm_command command)
{
    const auto fits = [&](const Window& window) {
        return window.holds(address, length) && (command == tlm::TLM_READ_COMMAND ? window.readable : window.writable);
    };
    auto window = std::find_if(windows_.begin(), windows_.end(), fits);
    if (window == windows_.end()) {
        tlm::tlm_dmi dmi;
        payload_.set_command(command);
        payload_.set_address(address);
        if (!bus_->get_direct_mem_ptr(payload_, dmi)) return nullptr;
        const std::uint64_t end = dmi.get_end_address() + (dmi.get_end_address() == ~std::uint64_t{0} ? 0 : 1);
        window                  = windows_.end() - 1;
        *window = {dmi.get_start_address(), end, reinterpret_cast<std::byte*>(dmi.get_dmi_ptr()), dmi.is_read_allowed(),
                   dmi.is_write_allowed()};
        if (!fits(*window)) return nullptr;
    }
    std::rotate(windows_.begin(), window, window + 1);
    return windows_[0].octets + (address - windows_[0].first);
}

bool DmiDmaPort::transport(std::uint64_t address, std::byte* octets, std::size_t length, tlm::tlm_command command)
{
    payload_.set_command(command);
    payload_.set_address(address);
    payload_.set_data_ptr(reinterpret_cast<unsigned char*>(octets));
    payload_.set_data_length(static_cast<unsigned int>(length));
    payload_.set_streaming_width(static_cast<unsigned int>(length));
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    bus_->b_transport(payload_, delay);
    return payload_.is_response_ok();
}

}  // namespace overrun
