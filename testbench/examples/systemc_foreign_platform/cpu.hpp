// SPDX-License-Identifier: Apache-2.0
// An example of a CPU that is not ours: one thread that sets the NIC up and takes frames out of memory by interrupt.
// It reaches memory and registers only through the bus, and waits for each access.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <systemc>
#include <tlm>
#include <vector>

#include "hw/engine/descriptors.hpp"
#include "hw/registers/82574l.hpp"
#include "hw/systemc/pcie_extensions.hpp"

namespace overrun::example {

struct CpuSettings {
    std::uint64_t    device_base = 0x4000'0000;
    std::uint64_t    ring        = 0x8000'1000;  ///< of the descriptors
    std::uint64_t    buffers     = 0x8001'0000;
    std::uint32_t    descriptors = 32;  ///< a multiple of 8
    std::uint32_t    widest      = 16;  ///< octets of its own accesses to memory
    std::uint32_t    astray      = 0;   ///< the buffers of this many descriptors, from the second, lie nowhere
    sc_core::sc_time reads_after = sc_core::SC_ZERO_TIME;  ///< not 0: reads STATUS all the time, so long apart
};

struct Received {
    std::vector<unsigned char> octets;
    unsigned int               errors = 0;
    sc_core::sc_time           time;  ///< when the CPU had it
};

class Cpu final : public sc_core::sc_module {
public:
    static constexpr std::uint32_t buffer_octets = 2048;

    tlm_utils::simple_initiator_socket<Cpu> bus;
    sc_core::sc_in<bool>                    irq;

    Cpu(const sc_core::sc_module_name& name, const CpuSettings& settings)
        : sc_core::sc_module{name}, bus{"bus"}, irq{"irq"}, settings_{settings}
    {
        SC_THREAD(run);
    }

    [[nodiscard]] const std::vector<Received>&         received() const { return received_; }
    [[nodiscard]] const std::vector<sc_core::sc_time>& rises() const { return rises_; }
    /// When each answer of STATUS came.
    [[nodiscard]] const std::vector<sc_core::sc_time>& answers() const { return answers_; }

private:
    void run()
    {
        std::uint16_t command = 6;  // PCI Command: memory and bus master
        access(tlm::TLM_WRITE_COMMAND, 4, &command, sizeof command, &config_);
        write(reg::CTRL::offset, reg::CTRL::SLU.mask());
        for (std::uint32_t i = 0; i < settings_.descriptors; ++i) give(i);
        write(reg::RDBAL::at(0), static_cast<std::uint32_t>(settings_.ring));
        write(reg::RDBAH::at(0), static_cast<std::uint32_t>(settings_.ring >> 32U));
        write(reg::RDLEN::at(0), settings_.descriptors * rx_descriptor_octets);
        write(reg::IMS::offset, reg::ICR::RXT0.mask());
        write(reg::RCTL::offset, reg::RCTL::EN.mask() | reg::RCTL::SECRC.mask());
        write(reg::RDT::at(0), settings_.descriptors - 1);
        while (settings_.reads_after != sc_core::SC_ZERO_TIME) {
            wait(settings_.reads_after);
            static_cast<void>(read(reg::STATUS::offset));
            answers_.push_back(sc_core::sc_time_stamp());
        }
        for (;;) {
            while (!irq.read()) wait(irq.posedge_event());
            rises_.push_back(sc_core::sc_time_stamp());
            static_cast<void>(read(reg::ICR::offset));  // clears the causes: the line falls
            take();
        }
    }

    /// All that the NIC has finished.
    void take()
    {
        for (;;) {
            RxDescriptorLegacy descriptor{};
            memory(tlm::TLM_READ_COMMAND, settings_.ring + next_ * rx_descriptor_octets, &descriptor,
                   sizeof descriptor);
            if ((descriptor.status & rx_status::dd) == 0) return;
            Received frame{std::vector<unsigned char>(descriptor.length), descriptor.errors, {}};
            if (!astray(next_)) memory(tlm::TLM_READ_COMMAND, buffer(next_), frame.octets.data(), descriptor.length);
            frame.time = sc_core::sc_time_stamp();
            received_.push_back(frame);
            give(next_);
            write(reg::RDT::at(0), next_);
            next_ = (next_ + 1) % settings_.descriptors;
        }
    }

    [[nodiscard]] bool          astray(std::uint32_t i) const { return i >= 1 && i <= settings_.astray; }
    [[nodiscard]] std::uint64_t buffer(std::uint32_t i) const { return settings_.buffers + i * buffer_octets; }
    void                        give(std::uint32_t i)
    {
        constexpr std::uint64_t nowhere = 0x7000'0000;
        RxDescriptorRead        descriptor{astray(i) ? nowhere : buffer(i), 0};
        memory(tlm::TLM_WRITE_COMMAND, settings_.ring + i * rx_descriptor_octets, &descriptor, sizeof descriptor);
    }

    void write(std::uint32_t offset, std::uint32_t value)
    {
        access(tlm::TLM_WRITE_COMMAND, settings_.device_base + offset, &value, sizeof value);
    }
    [[nodiscard]] std::uint32_t read(std::uint32_t offset)
    {
        std::uint32_t value = 0;
        access(tlm::TLM_READ_COMMAND, settings_.device_base + offset, &value, sizeof value);
        return value;
    }
    void memory(tlm::tlm_command command, std::uint64_t address, void* octets, std::uint32_t length)
    {
        for (std::uint32_t done = 0; done < length; done += settings_.widest)
            access(command, address + done, static_cast<unsigned char*>(octets) + done,
                   std::min(settings_.widest, length - done));
    }
    void access(tlm::tlm_command command, std::uint64_t address, void* octets, unsigned int length,
                PcieSpaceExtension* space = nullptr)
    {
        tlm::tlm_generic_payload payload;
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(static_cast<unsigned char*>(octets));
        payload.set_data_length(length);
        payload.set_streaming_width(length);
        if (space != nullptr) payload.set_extension(space);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        bus->b_transport(payload, delay);
        if (space != nullptr) payload.clear_extension(space);
        if (!payload.is_response_ok()) SC_REPORT_ERROR(name(), payload.get_response_string().c_str());
        wait(delay);
    }

    CpuSettings                   settings_;
    PcieSpaceExtension            config_{Space::config};
    std::uint32_t                 next_ = 0;
    std::vector<Received>         received_;
    std::vector<sc_core::sc_time> rises_;
    std::vector<sc_core::sc_time> answers_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(Cpu);
#endif
};

}  // namespace overrun::example
