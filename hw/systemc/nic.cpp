// SPDX-License-Identifier: Apache-2.0
// Turns transactions into calls of the engine, and the engine's edges into changes of a line.
// Never more than one writer of the line and one pending event for it.
#include "hw/systemc/nic.hpp"

#include <algorithm>
#include <cstring>

#include "hw/systemc/pcie_extensions.hpp"

namespace overrun {

namespace {

tlm::tlm_response_status check(const tlm::tlm_generic_payload& payload, Space space)
{
    const std::uint64_t address = payload.get_address();
    const unsigned int  length  = payload.get_data_length();
    const bool          config  = space == Space::config;
    if (!payload.is_read() && !payload.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (payload.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length != 4 && !(config && (length == 1 || length == 2))) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (payload.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
    // `length` is a power of two.
    if ((address & (length - 1)) != 0 || address >= octets_of(space)) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    return tlm::TLM_OK_RESPONSE;
}

/// Nearly always a whole register, so that is no call.
void copy(void* to, const void* from, unsigned int octets)
{
    if (octets == sizeof(std::uint32_t)) {
        std::memcpy(to, from, sizeof(std::uint32_t));
    } else {
        std::memcpy(to, from, octets);
    }
}

}  // namespace

Nic::Nic(const sc_core::sc_module_name& module_name, const NicParameters& parameters, EngineMaker make, Probe probe)
    : sc_core::sc_module{module_name},
      registers{"registers"},
      dma{"dma"},
      wire{"wire"},
      pcie{"pcie"},
      irq{"irq"},
      parameters_{parameters},
      make_{std::move(make)},
      probe_{probe},
      due_{"due"},
      line_{irq, due_},
      lazy_{line_},
      step_{line_, due_}
{
    registers.register_b_transport(this, &Nic::transport);
    registers.register_transport_dbg(this, &Nic::debug);
    dma.register_invalidate_direct_mem_ptr(this, &Nic::invalidate);
    SC_METHOD(wake);
    sensitive << due_;
    dont_initialize();
}

void Nic::end_of_elaboration()
{
    require_picoseconds(name());
    if (pcie.size() != 0) dmi_.connect(*dma.operator->(), pcie->link());
    transports_ = pcie.size() == 0 || !dmi_.supported();
    if (transports_) {
        transport_.connect(*dma.operator->());
        line_.stay_behind(transport_);
        SC_THREAD(serve);
    }
    DmaPort& port = transports_ ? static_cast<DmaPort&>(transport_) : dmi_;
    engine_       = make_(parameters_, {port, wire->frames(), line_, probe_});
    step_.begin(*engine_);
}

void Nic::start_of_simulation()
{
    nic_time_->after_access();
}

void Nic::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    const Space space = space_of(payload);
    const auto  fault = check(payload, space);
    payload.set_response_status(fault);
    if (fault != tlm::TLM_OK_RESPONSE) return;

    const auto         offset = static_cast<std::uint32_t>(payload.get_address());
    const unsigned int length = payload.get_data_length();
    std::uint32_t      value  = 0;
    if (payload.is_write()) copy(&value, payload.get_data_ptr(), length);
    if (payload.is_write() && space != Space::config) {
        engine_->post_write(space, offset, value, time_.now() + to_time(delay));
    } else {
        const Time arrival = time_.now() + to_time(delay);
        nic_time_->before_access(arrival);
        Answer answer{};
        if (payload.is_write()) {
            answer.time = engine_->config_write(offset, value, length, arrival);
        } else {
            answer = space == Space::config ? engine_->config_read(offset, length, arrival)
                                            : engine_->read(space, offset, arrival);
            copy(payload.get_data_ptr(), &answer.value, length);
        }
        delay = to_sc_time(when_sent(answer.time) - time_.now());
    }
    nic_time_->after_access();
}

/// When an answer leaves that the device has ready at `ready`: it passes no write that was posted before it.
Time Nic::when_sent(Time ready)
{
    if (!transports_) return ready;
    nic_time_->after_access();
    transport_.wait_for_writes();
    return std::max({ready, transport_.last_visible(), time_.now()});
}

// Registers as a read would return them, without its effect. Nothing is written.
unsigned int Nic::debug(tlm::tlm_generic_payload& payload)
{
    if (!payload.is_read() || space_of(payload) != Space::csr || payload.get_address() % 4 != 0) return 0;
    unsigned int done = 0;
    while (payload.get_data_length() - done >= 4 && payload.get_address() + done < octets_of(Space::csr)) {
        const std::uint32_t value = engine_->peek(static_cast<std::uint32_t>(payload.get_address()) + done);
        std::memcpy(payload.get_data_ptr() + done, &value, sizeof value);
        done += 4;
    }
    return done;
}

void Nic::serve()
{
    for (;;) {
        transport_.serve();
        line_.write_taken();
        nic_time_->after_access();
    }
}

/// A CPU that looks into memory by pointer would see what the platform says comes later.
void Nic::refuse_pointers() const
{
    if (transports_)
        SC_REPORT_ERROR(
            name(),
            "the memory behind `dma` lends no pointers (DMI), or `pcie` is not bound: such a platform needs "
            "a CPU of its own, which reaches memory and registers by transactions");
}

void Nic::decouple(InterruptSink& cpu)
{
    refuse_pointers();
    line_.tell(cpu);
    lazy_.begin(dynamic_cast<const InterruptLine*>(irq.get_interface()));
    nic_time_ = &lazy_;
}

void Nic::attach(InterruptSink& cpu, sc_core::sc_event& wake)
{
    refuse_pointers();
    line_.tell(cpu);
    step_.attach(wake);
}

}  // namespace overrun
