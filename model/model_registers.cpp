// SPDX-License-Identifier: Apache-2.0
// What accesses do: the register map decides what is kept, this file what the device makes of it.
// Never faults: what the device does not have reads 0, ignores writes and is counted.
#include <algorithm>

#include "model/model_engine.hpp"

namespace overrun {

std::uint32_t ModelEngine::read(Bar bar, std::uint32_t offset, Time at)
{
    const Time t = not_late(at);
    advance(t);
    if (!answers(bar)) return 0xffff'ffffU;  // nobody answers: the bus reads all ones

    std::uint32_t value = 0;
    if (bar == Bar::csr) {
        value = read_register(offset, t);
    } else if (bar == Bar::io && offset == 0) {
        value = io_address_;
    } else if (bar == Bar::io && offset == 4) {
        value = read_register(io_address_, t);
    } else {
        count(bar == Bar::msix ? Misuse::unimplemented_read : Misuse::unmapped_read);
    }
    dma_.react(t);
    look_again();
    return value;
}

void ModelEngine::apply(const HostAccess& write, Time t)
{
    if (!answers(write.bar)) return;
    if (write.is_tail()) {
        write_tail(write.value, t);
    } else if (write.bar == Bar::csr) {
        write_register(write.offset, write.value, t);
    } else if (write.bar == Bar::io && write.offset == 0) {
        io_address_ = write.value;
    } else if (write.bar == Bar::io && write.offset == 4) {
        write_register(io_address_, write.value, t);
    } else {
        count(write.bar == Bar::msix ? Misuse::unimplemented_write : Misuse::unmapped_write);
    }
}

std::uint32_t ModelEngine::live_value(std::uint32_t offset) const
{
    switch (offset) {
        case reg::CTRL::offset: return csr_[offset] | (now_ < reset_until_ ? reg::CTRL::RST.mask() : 0);
        case reg::STATUS::offset: {
            const bool    disabled = reg::CTRL::GIO_MASTER_DISABLE.in(csr_[reg::CTRL::offset]) && dma_.quiet(now_);
            std::uint32_t value    = csr_[offset] & ~(reg::STATUS::LU.mask() | reg::STATUS::GIO_MASTER_ENABLE.mask());
            value                  = reg::STATUS::LU.set(value, link_.up() ? 1 : 0);
            return reg::STATUS::GIO_MASTER_ENABLE.set(value, disabled ? 0 : 1);
        }
        case reg::EECD::offset: {
            const std::uint32_t value = reg::EECD::GNT.set(csr_[offset], reg::EECD::REQ.get(csr_[offset]));
            return reg::EECD::AUTO_RD.set(value, now_ < nvm_ready_ ? 0 : 1);
        }
        case reg::ICR::offset:
        case reg::ICS::offset: return interrupts_.causes();
        case reg::IMS::offset: return interrupts_.mask();
        case reg::RDH::at(0): return dma_.head();
        case reg::RDFH::offset:
        case reg::RDFHS::offset: return fifo_.head_pointer();
        case reg::RDFT::offset:
        case reg::RDFTS::offset: return fifo_.tail_pointer();
        case reg::RDFPC::offset: return static_cast<std::uint32_t>(fifo_.frames_waiting());
        default: return csr_[offset];
    }
}

std::uint32_t ModelEngine::peek(std::uint32_t offset) const
{
    const std::uint32_t      target = reg::resolve_alias(offset);
    const reg::RegisterInfo* row    = reg::find(target);
    if (row == nullptr || row->status == reg::Status::absent) return 0;
    if (row->is_counter()) return statistics_.peek(row->counter, row->kind == reg::Kind::counter_high);
    return live_value(target) & (row->readable | row->self_clearing);
}

std::uint32_t ModelEngine::read_register(std::uint32_t offset, Time t)
{
    if (offset % 4 != 0) {
        count(Misuse::unaligned_access);
        return 0;
    }
    const std::uint32_t      target = reg::resolve_alias(offset);
    const reg::RegisterInfo* row    = reg::find(target);
    if (row == nullptr) {
        count(Misuse::unmapped_read);
        return 0;
    }
    const reg::Status status = row->status_of(row->element(target));
    if (status != reg::Status::engine) count(Misuse::unimplemented_read);
    if (status == reg::Status::absent) return 0;
    if (row->is_counter()) return statistics_.read(row->counter, row->kind == reg::Kind::counter_high);
    if (target == reg::ICR::offset) {
        const std::uint32_t mask  = interrupts_.mask();
        const std::uint32_t value = interrupts_.read_causes();
        probe_(ProbeKind::csr, t, 0, interrupts_.causes(), target);
        if (interrupts_.mask() != mask) probe_(ProbeKind::csr, t, 0, interrupts_.mask(), reg::IMS::offset);
        return value;
    }
    const std::uint32_t value = live_value(target) & (row->readable | row->self_clearing);
    static_cast<void>(csr_.read(*row, target));
    return value;
}

void ModelEngine::write_register(std::uint32_t offset, std::uint32_t value, Time t)
{
    if (offset % 4 != 0) return count(Misuse::unaligned_access);
    const std::uint32_t      target = reg::resolve_alias(offset);
    const reg::RegisterInfo* row    = reg::find(target);
    if (row == nullptr) return count(Misuse::unmapped_write);
    const reg::Status status = row->status_of(row->element(target));
    if (status != reg::Status::engine) count(Misuse::unimplemented_write);
    if (status == reg::Status::absent || row->is_counter()) return;

    const std::uint32_t before = csr_[target];
    // Whether a frame on the wire is received was decided at its SFD, before this write.
    mac_.observe(t);
    csr_.write(*row, target, value);
    if (status == reg::Status::engine) act_on_write(target, value, before, t);
    if (probe_.wants(ProbeKind::csr)) report_write(target, t);
}

// The register that is written most needs no look into the map.
void ModelEngine::write_tail(std::uint32_t value, Time t)
{
    constexpr std::uint32_t            offset = reg::RDT::at(0);
    constexpr const reg::RegisterInfo* row    = reg::find(offset);
    static_assert(row->status_of(0) == reg::Status::engine && !row->is_counter());
    mac_.observe(t);
    csr_.write(*row, offset, value);
    set_tail(t);
    if (probe_.wants(ProbeKind::csr)) report_write(offset, t);
}

void ModelEngine::set_tail(Time t)
{
    const std::uint32_t tail = csr_[reg::RDT::at(0)];
    if (ring_size() != 0 && tail >= ring_size()) count(Misuse::tail_beyond_ring);
    dma_.set_tail(tail, t);
}

void ModelEngine::report_write(std::uint32_t target, Time t)
{
    probe_(ProbeKind::csr, t, 0, peek(target), target);
    if (target == reg::IMC::offset) probe_(ProbeKind::csr, t, 0, interrupts_.mask(), reg::IMS::offset);
}

void ModelEngine::act_on_write(std::uint32_t offset, std::uint32_t value, std::uint32_t before, Time t)
{
    switch (offset) {
        case reg::CTRL::offset:
            if (reg::CTRL::RST.in(value)) {
                mac_reset(false, t);
            } else {
                update_link(t);
                update_master(t);
                update_rx_control(t);
            }
            break;
        case reg::CTRL_EXT::offset:
            if (reg::CTRL_EXT::EE_RST.in(value)) {
                nvm_ready_ = t + parameters_.nvm_load;
                load_nvm();
            }
            interrupts_.set_auto_mask(reg::CTRL_EXT::IAME.in(value), csr_[reg::IAM::offset]);
            break;
        case reg::IAM::offset:
            interrupts_.set_auto_mask(reg::CTRL_EXT::IAME.in(csr_[reg::CTRL_EXT::offset]), value);
            break;
        case reg::EERD::offset: read_nvm_word(value); break;
        case reg::PBA::offset: {
            const std::uint32_t rxa = reg::PBA::RXA.get(csr_[offset]);
            csr_.set(offset, reg::PBA::TXA.set(csr_[offset], parameters_.packet_buffer_kib -
                                                                 std::min(parameters_.packet_buffer_kib, rxa)));
            break;
        }
        case reg::ICR::offset: interrupts_.write_causes(value); break;
        case reg::ICS::offset: interrupts_.set_causes(value); break;
        case reg::IMS::offset: interrupts_.set_mask(value); break;
        case reg::IMC::offset: interrupts_.clear_mask(value); break;
        case reg::ITR::offset: interrupts_.set_throttle(csr_[offset]); break;
        case reg::RDTR::offset:
            interrupts_.set_delays(reg::RDTR::DELAY.get(csr_[offset]), csr_[reg::RADV::offset]);
            if (reg::RDTR::FPD.in(value)) interrupts_.flush_delay();
            break;
        case reg::RADV::offset:
            interrupts_.set_delays(reg::RDTR::DELAY.get(csr_[reg::RDTR::offset]), csr_[offset]);
            break;
        case reg::RCTL::offset:
            if (reserved_buffer_size(value)) count(Misuse::reserved_buffer_size);
            update_rx_control(t);
            update_filter();
            dma_.control_changed(t);
            if (reg::RCTL::EN.in(value) && !reg::RCTL::EN.in(before) && ring_size() != 0 && dma_.head() >= ring_size())
                count(Misuse::head_beyond_ring);
            break;
        case reg::RAID::offset: interrupts_.set_acknowledge_delay(csr_[offset]); break;
        case reg::RSRPD::offset:
        case reg::RFCTL::offset:
        case reg::RXCSUM::offset:
        case reg::FCAL::offset:
        case reg::FCAH::offset:
        case reg::FCT::offset: update_rx_control(t); break;
        case reg::RDH::at(0):
            if (ring_size() != 0 && csr_[offset] >= ring_size()) count(Misuse::head_beyond_ring);
            [[fallthrough]];
        case reg::RDBAL::at(0):
        case reg::RDBAH::at(0):
        case reg::RDLEN::at(0): update_ring(offset == reg::RDH::at(0), t); break;
        case reg::RDT::at(0): set_tail(t); break;
        case reg::RXDCTL::at(0): update_thresholds(t); break;
        case reg::VET::offset:
            update_filter();
            update_rx_control(t);
            break;
        default: {
            const reg::RegisterInfo& row     = *reg::find(offset);
            const std::uint32_t      element = row.element(offset);
            if (row.offset == reg::MTA::offset) filter_.set_multicast(element, csr_[offset]);
            if (row.offset == reg::VFTA::offset) filter_.set_vlan(element, csr_[offset]);
            if (row.offset == reg::RAL::offset || row.offset == reg::RAH::offset) {
                filter_.set_exact(element, csr_[reg::RAL::at(element)], csr_[reg::RAH::at(element)]);
                if (element == 0) update_rx_control(t);
            }
            break;
        }
    }
}

void ModelEngine::read_nvm_word(std::uint32_t command)
{
    if (!reg::EERD::START.in(command)) return;
    const std::uint32_t address = reg::EERD::ADDR.get(command);
    const auto          word    = nvm_.word(address);
    const std::uint32_t answer  = reg::EERD::ADDR.set(reg::EERD::DONE.set(0, word ? 1 : 0), address);
    csr_.set(reg::EERD::offset, reg::EERD::DATA.set(answer, word.value_or(0)));
}

}  // namespace overrun
