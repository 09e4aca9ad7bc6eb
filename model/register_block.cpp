// SPDX-License-Identifier: Apache-2.0
#include "model/register_block.hpp"

#include <algorithm>

namespace overrun {

RegisterBlock::RegisterBlock(const NicParameters& parameters, Probe probe, const Peers& peers)
    : parameters_{parameters},
      probe_{probe},
      peers_{peers},
      config_{parameters.nvm_address},
      nvm_{parameters.nvm_address}
{
}

// Accesses.

std::uint32_t RegisterBlock::read(Space space, std::uint32_t offset, Time t)
{
    if (!answers(space)) return 0xffff'ffffU;
    if (space == Space::csr) return read_register(offset, t);
    if (space == Space::io && offset == 0) return io_address_;
    if (space == Space::io && offset == 4) return read_register(io_address_, t);
    count(space == Space::msix ? Misuse::unimplemented_read : Misuse::unmapped_read);
    return 0;
}

void RegisterBlock::write(const HostAccess& access, Time t)
{
    if (!answers(access.space)) return;
    if (access.is_tail()) {
        write_tail(access.value, t);
    } else if (access.space == Space::csr) {
        write_register(access.offset, access.value, t);
    } else if (access.space == Space::io && access.offset == 0) {
        io_address_ = access.value;
    } else if (access.space == Space::io && access.offset == 4) {
        write_register(io_address_, access.value, t);
    } else {
        count(access.space == Space::msix ? Misuse::unimplemented_write : Misuse::unmapped_write);
    }
}

std::uint32_t RegisterBlock::peek(std::uint32_t offset, Time t) const
{
    const auto [row, target, acts, misuse] = decode_read(offset);
    if (row == nullptr) return 0;
    if (row->is_counter()) return peers_.statistics.peek(row->counter, row->kind == reg::Kind::counter_high);
    return live_value(target, t) & (row->readable | row->self_clearing);
}

std::uint32_t RegisterBlock::read_register(std::uint32_t offset, Time t)
{
    const auto [row, target, acts, misuse] = decode_read(offset);
    if (misuse) count(*misuse);
    if (row == nullptr) return 0;
    if (row->is_counter()) return peers_.statistics.read(row->counter, row->kind == reg::Kind::counter_high);
    if (target == reg::ICR::offset) return read_causes(t);
    const std::uint32_t value = live_value(target, t) & (row->readable | row->self_clearing);
    static_cast<void>(csr_.read(*row, target));
    return value;
}

std::uint32_t RegisterBlock::read_causes(Time t)
{
    Interrupts&         interrupts = peers_.interrupts;
    const std::uint32_t mask       = interrupts.mask();
    const std::uint32_t value      = interrupts.read_causes();
    probe_(ProbeKind::csr, t, 0, interrupts.causes(), reg::ICR::offset);
    if (interrupts.mask() != mask) probe_(ProbeKind::csr, t, 0, interrupts.mask(), reg::IMS::offset);
    return value;
}

std::uint32_t RegisterBlock::live_value(std::uint32_t offset, Time t) const
{
    const std::uint32_t stored = csr_[offset];
    switch (offset) {
        case reg::CTRL::offset: return stored | (t < reset_until_ ? reg::CTRL::RST.mask() : 0);
        case reg::STATUS::offset: {
            const bool disabled = reg::CTRL::GIO_MASTER_DISABLE.in(csr_[reg::CTRL::offset]) && peers_.dma.quiet(t);
            const std::uint32_t value = reg::STATUS::LU.set(stored, peers_.link.up() ? 1 : 0);
            return reg::STATUS::GIO_MASTER_ENABLE.set(value, disabled ? 0 : 1);
        }
        case reg::EECD::offset: {
            const std::uint32_t value = reg::EECD::GNT.set(stored, reg::EECD::REQ.get(stored));
            return reg::EECD::AUTO_RD.set(value, t < nvm_ready_ ? 0 : 1);
        }
        case reg::ICR::offset:
        case reg::ICS::offset: return peers_.interrupts.causes();
        case reg::IMS::offset: return peers_.interrupts.mask();
        case reg::RDH::at(0): return peers_.dma.head();
        case reg::RDFH::offset:
        case reg::RDFHS::offset: return peers_.fifo.head_pointer();
        case reg::RDFT::offset:
        case reg::RDFTS::offset: return peers_.fifo.tail_pointer();
        case reg::RDFPC::offset: return static_cast<std::uint32_t>(peers_.fifo.frames_waiting());
        default: return stored;
    }
}

void RegisterBlock::write_register(std::uint32_t offset, std::uint32_t value, Time t)
{
    const auto [row, target, acts, misuse] = decode_write(offset);
    if (misuse) count(*misuse);
    if (row == nullptr || row->is_counter()) return;

    const std::uint32_t before = csr_[target];
    // Whether a frame on the wire is received was decided at its SFD, before this write.
    peers_.mac.observe(t);
    csr_.write(*row, target, value);
    if (acts) act(target, value, before, t);
    if (probe_.wants(ProbeKind::csr)) report_write(target, t);
}

// The register that is written most needs no look into the map.
void RegisterBlock::write_tail(std::uint32_t value, Time t)
{
    constexpr std::uint32_t            offset = reg::RDT::at(0);
    constexpr const reg::RegisterInfo* row    = reg::find(offset);
    static_assert(row->status_of(0) == reg::Status::engine && !row->is_counter());
    peers_.mac.observe(t);
    csr_.write(*row, offset, value);
    set_tail(t);
    if (probe_.wants(ProbeKind::csr)) report_write(offset, t);
}

void RegisterBlock::report_write(std::uint32_t target, Time t)
{
    probe_(ProbeKind::csr, t, 0, peek(target, t), target);
    if (target == reg::IMC::offset) probe_(ProbeKind::csr, t, 0, peers_.interrupts.mask(), reg::IMS::offset);
}

/// What a write makes the blocks do, once its bits are stored.
/// @param value, before as written, and as stored before
void RegisterBlock::act(std::uint32_t offset, std::uint32_t value, std::uint32_t before, Time t)
{
    Interrupts& interrupts = peers_.interrupts;
    switch (offset) {
        case reg::CTRL::offset: write_ctrl(value, t); break;
        case reg::CTRL_EXT::offset: write_ctrl_ext(value, t); break;
        case reg::RCTL::offset: write_rctl(value, before, t); break;
        case reg::EERD::offset: read_nvm_word(value); break;
        case reg::PBA::offset: share_buffer_memory(); break;

        case reg::ICR::offset: interrupts.write_causes(value); break;
        case reg::ICS::offset: interrupts.set_causes(value); break;
        case reg::IMS::offset: interrupts.set_mask(value); break;
        case reg::IMC::offset: interrupts.clear_mask(value); break;
        case reg::IAM::offset: update_auto_mask(); break;
        case reg::ITR::offset: interrupts.set_throttle(csr_[offset]); break;
        case reg::RAID::offset: interrupts.set_acknowledge_delay(csr_[offset]); break;
        case reg::RADV::offset: update_delays(); break;
        case reg::RDTR::offset:
            update_delays();
            if (reg::RDTR::FPD.in(value)) interrupts.flush_delay();
            break;

        case reg::RSRPD::offset:
        case reg::RFCTL::offset:
        case reg::RXCSUM::offset:
        case reg::FCAL::offset:
        case reg::FCAH::offset:
        case reg::FCT::offset: update_rx_control(t); break;
        case reg::VET::offset:
            update_filter();
            update_rx_control(t);
            break;

        case reg::RDBAL::at(0):
        case reg::RDBAH::at(0):
        case reg::RDLEN::at(0): update_ring(peers_.dma.head(), t); break;
        case reg::RDH::at(0): write_head(t); break;
        case reg::RDT::at(0): set_tail(t); break;
        case reg::RXDCTL::at(0): update_thresholds(t); break;
        default: act_on_filter_table(offset, t); break;
    }
}

void RegisterBlock::act_on_filter_table(std::uint32_t offset, Time t)
{
    const reg::RegisterInfo& row     = *reg::find(offset);
    const std::uint32_t      element = row.element(offset);
    if (row.offset == reg::MTA::offset) peers_.filter.set_multicast(element, csr_[offset]);
    if (row.offset == reg::VFTA::offset) peers_.filter.set_vlan(element, csr_[offset]);
    if (row.offset == reg::RAL::offset || row.offset == reg::RAH::offset) {
        peers_.filter.set_exact(element, csr_[reg::RAL::at(element)], csr_[reg::RAH::at(element)]);
        if (element == 0) update_rx_control(t);
    }
}

// One register each.

void RegisterBlock::write_ctrl(std::uint32_t value, Time t)
{
    if (reg::CTRL::RST.in(value)) return mac_reset(false, t);
    update_link(t);
    update_master(t);
    update_rx_control(t);
}

void RegisterBlock::write_ctrl_ext(std::uint32_t value, Time t)
{
    if (reg::CTRL_EXT::EE_RST.in(value)) {
        nvm_ready_ = t + parameters_.nvm_load;
        load_nvm(t);
    }
    update_auto_mask();
}

void RegisterBlock::write_rctl(std::uint32_t value, std::uint32_t before, Time t)
{
    if (reserved_buffer_size(value)) count(Misuse::reserved_buffer_size);
    update_rx_control(t);
    update_filter();
    peers_.dma.control_changed(t);
    const bool switched_on = reg::RCTL::EN.in(value) && !reg::RCTL::EN.in(before);
    if (switched_on && ring_size() != 0 && peers_.dma.head() >= ring_size()) count(Misuse::head_beyond_ring);
}

void RegisterBlock::write_head(Time t)
{
    const std::uint32_t head = csr_[reg::RDH::at(0)];
    if (ring_size() != 0 && head >= ring_size()) count(Misuse::head_beyond_ring);
    update_ring(head, t);
}

void RegisterBlock::read_nvm_word(std::uint32_t command)
{
    if (!reg::EERD::START.in(command)) return;
    const std::uint32_t address = reg::EERD::ADDR.get(command);
    const auto          word    = nvm_.word(address);
    const std::uint32_t answer  = reg::EERD::ADDR.set(reg::EERD::DONE.set(0, word ? 1 : 0), address);
    csr_.set(reg::EERD::offset, reg::EERD::DATA.set(answer, word.value_or(0)));
}

/// What PBA gives to receive, transmit does not have.
void RegisterBlock::share_buffer_memory()
{
    const std::uint32_t pba      = csr_[reg::PBA::offset];
    const std::uint32_t kib      = parameters_.packet_buffer_kib;
    const std::uint32_t transmit = kib - std::min(kib, reg::PBA::RXA.get(pba));
    csr_.set(reg::PBA::offset, reg::PBA::TXA.set(pba, transmit));
}

// Registers decoded for the blocks.

void RegisterBlock::set_tail(Time t)
{
    const std::uint32_t tail = csr_[reg::RDT::at(0)];
    if (ring_size() != 0 && tail >= ring_size()) count(Misuse::tail_beyond_ring);
    peers_.dma.set_tail(tail, t);
}

void RegisterBlock::update_link(Time t)
{
    const bool wanted = reg::CTRL::SLU.in(csr_[reg::CTRL::offset]);
    if (peers_.link.request(wanted, t)) change_link(wanted, t);
    // STATUS shows the wire's speed as far as its two bits can; above 1 Gb/s it stays at 1 Gb/s.
    const std::uint32_t speed  = parameters_.wire_rate >= 1'000'000'000 ? 2
                                 : parameters_.wire_rate >= 100'000'000 ? 1
                                                                        : 0;
    const std::uint32_t status = reg::STATUS::SPEED.set(csr_[reg::STATUS::offset], speed);
    csr_.set(reg::STATUS::offset, reg::STATUS::ASDV.set(status, speed));
}

void RegisterBlock::change_link(bool up, Time t)
{
    peers_.mac.observe(t);
    peers_.link.set(up);
    peers_.mac.control_changed(t);
    peers_.interrupts.raise(reg::ICR::LSC.mask());
    probe_(ProbeKind::csr, t, 0, live_value(reg::STATUS::offset, t), reg::STATUS::offset);
}

void RegisterBlock::update_rx_control(Time t)
{
    peers_.control = RxControl::decode(csr_, parameters_);
    peers_.dma.verdicts_changed();
    peers_.mac.control_changed(t);
}

void RegisterBlock::update_filter()
{
    const std::uint32_t rctl = csr_[reg::RCTL::offset];
    peers_.filter.set_modes({.unicast_promiscuous   = reg::RCTL::UPE.in(rctl),
                             .multicast_promiscuous = reg::RCTL::MPE.in(rctl),
                             .accept_broadcast      = reg::RCTL::BAM.in(rctl),
                             .vlan_filter           = reg::RCTL::VFE.in(rctl),
                             .cfi_filter            = reg::RCTL::CFIEN.in(rctl),
                             .cfi                   = reg::RCTL::CFI.in(rctl),
                             .multicast_offset      = reg::RCTL::MO.get(rctl),
                             .vlan_type             = static_cast<std::uint16_t>(csr_[reg::VET::offset])});
}

void RegisterBlock::update_auto_mask()
{
    peers_.interrupts.set_auto_mask(reg::CTRL_EXT::IAME.in(csr_[reg::CTRL_EXT::offset]), csr_[reg::IAM::offset]);
}

void RegisterBlock::update_delays()
{
    peers_.interrupts.set_delays(reg::RDTR::DELAY.get(csr_[reg::RDTR::offset]), csr_[reg::RADV::offset]);
}

void RegisterBlock::update_ring(std::uint32_t head, Time t)
{
    // Legal only while the receiver is off or the ring is empty (D10).
    const std::uint32_t tail = csr_[reg::RDT::at(0)];
    if (peers_.control.enabled && peers_.dma.head() != tail) count(Misuse::ring_changed_while_active);
    const std::uint64_t base = std::uint64_t{csr_[reg::RDBAH::at(0)]} << 32U | csr_[reg::RDBAL::at(0)];
    peers_.dma.set_ring(base, ring_size(), head, tail, t);
}

void RegisterBlock::update_thresholds(Time t)
{
    const std::uint32_t value = csr_[reg::RXDCTL::at(0)];
    // Without GRAN the thresholds count cache lines of four descriptors.
    const std::uint32_t unit = reg::RXDCTL::GRAN.in(value) ? 1 : 4;
    peers_.dma.set_thresholds({.prefetch   = reg::RXDCTL::PTHRESH.get(value) * unit,
                               .host       = reg::RXDCTL::HTHRESH.get(value) * unit,
                               .write_back = std::max(1U, reg::RXDCTL::WTHRESH.get(value) * unit)},
                              t);
}

void RegisterBlock::update_master(Time t)
{
    peers_.dma.set_master(config_.bus_master(), reg::CTRL::GIO_MASTER_DISABLE.in(csr_[reg::CTRL::offset]), t);
}

// Resets and configuration space.

void RegisterBlock::write_config(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t)
{
    constexpr unsigned d0 = 0, d3 = 3;
    const unsigned     power_before = config_.power_state();
    config_.write(offset, value, octets);
    if (power_before == d3 && config_.power_state() == d0) return reset(t);
    peers_.interrupts.set_pin_disabled(config_.intx_disabled());
    peers_.interrupts.evaluate(t);
    update_master(t);
}

void RegisterBlock::reset(Time t)
{
    config_.reset();
    peers_.accesses.clear();
    // The PHY is reset too: the link comes up anew (B.0).
    peers_.mac.observe(t);
    peers_.link.reset();
    mac_reset(true, t);
    csr_.set(reg::PBA::offset, reg::PBA::reset);
}

void RegisterBlock::mac_reset(bool all, Time t)
{
    peers_.mac.observe(t);
    csr_.reset(all);
    peers_.statistics.reset();
    reset_until_ = all ? t : t + parameters_.reset_time;
    nvm_ready_   = all && t == 0 ? 0 : t + parameters_.nvm_load;

    const std::uint32_t kib = std::min(reg::PBA::RXA.get(csr_[reg::PBA::offset]), parameters_.fifo_build_kib);
    peers_.dma.reset(kib * 1024, t);
    peers_.mac.reset(t);
    for (unsigned i = 0; i < reg::RAL::count; ++i) peers_.filter.set_exact(i, 0, 0);
    for (unsigned i = 0; i < reg::MTA::count; ++i) peers_.filter.set_multicast(i, 0);
    for (unsigned i = 0; i < reg::VFTA::count; ++i) peers_.filter.set_vlan(i, 0);
    load_nvm(t);

    peers_.interrupts.reset(t);
    peers_.interrupts.set_pin_disabled(config_.intx_disabled());
    update_link(t);
    peers_.interrupts.evaluate(t);
    update_rx_control(t);
    update_filter();
    update_master(t);
    io_address_ = 0;
}

void RegisterBlock::load_nvm(Time t)
{
    csr_.set(reg::RAL::at(0), nvm_.address_low());
    csr_.set(reg::RAH::at(0), nvm_.address_high());
    peers_.filter.set_exact(0, nvm_.address_low(), nvm_.address_high());
    update_rx_control(t);
}

}  // namespace overrun
