// SPDX-License-Identifier: Apache-2.0
// Turns transactions into calls of the engine, and the engine's edges into changes of a line.
// Never more than one writer of the line and one pending event for it.
#include "hw/systemc/nic.hpp"

#include <algorithm>
#include <cstring>

#include "hw/systemc/pcie_extensions.hpp"
#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

namespace {

/// Octets of each space (contract A.1; configuration space of a PCIe function).
constexpr std::uint64_t octets_in(PcieSpace space)
{
    switch (space) {
        case PcieSpace::csr:
        case PcieSpace::flash: return 128 * 1024;
        case PcieSpace::io: return 32;
        case PcieSpace::msix: return 16 * 1024;
        case PcieSpace::config: return 4096;
    }
    return 0;
}

tlm::tlm_response_status check(const tlm::tlm_generic_payload& payload, PcieSpace space)
{
    const std::uint64_t address = payload.get_address();
    const unsigned int  length  = payload.get_data_length();
    const bool          config  = space == PcieSpace::config;
    if (!payload.is_read() && !payload.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (payload.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length != 4 && !(config && (length == 1 || length == 2))) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (payload.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (address % length != 0 || address >= octets_in(space)) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    return tlm::TLM_OK_RESPONSE;
}

constexpr Bar bar_of(PcieSpace space)
{
    return static_cast<Bar>(space);
}
static_assert(bar_of(PcieSpace::csr) == Bar::csr && bar_of(PcieSpace::flash) == Bar::flash &&
              bar_of(PcieSpace::io) == Bar::io && bar_of(PcieSpace::msix) == Bar::msix);

}  // namespace

Nic::Nic(const sc_core::sc_module_name& module_name, const NicParameters& parameters, EngineFactory make, Probe probe)
    : sc_core::sc_module{module_name},
      registers{"registers"},
      dma{"dma"},
      wire{"wire"},
      pcie{"pcie"},
      irq{"irq"},
      clock_{parameters.clock()},
      csr_read_{clock_.cycles(parameters.csr_read_cycles)},
      make_{std::move(make)},
      probe_{probe},
      port_{name()},
      edges_{*this},
      due_{"due"}
{
    registers.register_b_transport(this, &Nic::transport);
    registers.register_transport_dbg(this, &Nic::debug);
    dma.register_invalidate_direct_mem_ptr(this, &Nic::take_back);
    SC_METHOD(wake);
    sensitive << due_;
    dont_initialize();
}

void Nic::end_of_elaboration()
{
    require_picoseconds(name());
    port_.connect(*dma.operator->(), pcie->link());
    if (!port_.lends())
        SC_REPORT_ERROR(name(),
                        "the bus at `dma` lends no pointers (DMI): that needs the detailed mode, "
                        "which this Nic does not have yet");
    engine_ = make_({port_, wire->frames(), edges_, probe_});
}

void Nic::start_of_simulation()
{
    arm();
}

void Nic::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    const PcieSpace space = space_of(payload);
    const auto      fault = check(payload, space);
    payload.set_response_status(fault);
    if (fault != tlm::TLM_OK_RESPONSE) return;

    const Time         now    = systemc_now();
    const Time         at     = now + to_time(delay);
    const auto         offset = static_cast<std::uint32_t>(payload.get_address());
    const unsigned int length = payload.get_data_length();
    const bool         config = space == PcieSpace::config;
    unsigned char*     octets = payload.get_data_ptr();
    std::uint32_t      value  = 0;
    if (payload.is_write()) {
        std::memcpy(&value, octets, length);
        if (config) {
            engine_->config_write(offset, value, length, at);
        } else {
            engine_->post_write(bar_of(space), offset, value, at);
        }
    } else {
        value = config ? engine_->config_read(offset, length, at) : engine_->read(bar_of(space), offset, at);
        std::memcpy(octets, &value, length);
    }
    // Only a write to a BAR is posted; the others are answered after the CSR access.
    if (config || payload.is_read()) delay = to_sc_time(clock_.edge(at) + csr_read_ - now);
    // While the leader waits for SystemC's time, others act; otherwise it says when the line may change.
    if (leader_ == nullptr || now < shown_) arm();
}

// Registers as a read would return them, without its effect. Nothing is written.
unsigned int Nic::debug(tlm::tlm_generic_payload& payload)
{
    if (!payload.is_read() || space_of(payload) != PcieSpace::csr || payload.get_address() % 4 != 0) return 0;
    unsigned int done = 0;
    while (payload.get_data_length() - done >= 4 && payload.get_address() + done < octets_in(PcieSpace::csr)) {
        const std::uint32_t value = engine_->peek(static_cast<std::uint32_t>(payload.get_address()) + done);
        std::memcpy(payload.get_data_ptr() + done, &value, sizeof value);
        done += 4;
    }
    return done;
}

void Nic::Edges::interrupt(const InterruptEdge& edge)
{
    if (edge.level) ++rises;
    waiting.push(edge);
    if (owner.leader_ != nullptr) owner.leader_->interrupt(edge);
}

void Nic::show_line(Time t)
{
    shown_ = t;
    if (!edges_.waiting.empty()) arm();
}

void Nic::wake()
{
    const Time now = systemc_now();
    if (leader_ == nullptr && engine_->now() < now) engine_->advance(now);
    // One edge in a delta cycle, so that none is hidden by another of the same time.
    if (!edges_.waiting.empty() && edges_.waiting.front().time <= now) {
        irq.write(edges_.waiting.front().level);
        edges_.waiting.pop();
    }
    arm();
}

void Nic::arm()
{
    Time next = never;
    if (!edges_.waiting.empty()) next = edges_.waiting.front().time;
    if (leader_ == nullptr) {
        next = std::min(next, engine_->next_internal());
    } else if (next > shown_) {
        return;
    }
    if (next == never) return;
    const Time now = systemc_now();
    // An earlier pending notification stays; a later one gives way (IEEE 1666, sc_event::notify).
    if (next > now) {
        due_.notify(to_sc_time(next - now));
    } else {
        due_.notify(sc_core::SC_ZERO_TIME);
    }
}

}  // namespace overrun
