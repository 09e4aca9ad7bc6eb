// SPDX-License-Identifier: Apache-2.0
// Reset domains, the link, configuration space, and registers decoded for the blocks (contract A and B.0).
// Never clears what the contract lets survive: PCI configuration, PBA, PBS and FLA at CTRL.RST.
#include <algorithm>

#include "model/model_engine.hpp"

namespace overrun {

std::uint32_t ModelEngine::config_read(std::uint32_t offset, unsigned octets, Time at)
{
    advance(not_late(at));
    return config_.read(offset, octets);
}

void ModelEngine::config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time at)
{
    const Time t = not_late(at);
    advance(t);
    const unsigned power_before = config_.power_state();
    config_.write(offset, value, octets);
    if (power_before == 3 && config_.power_state() == 0) {
        full_reset(t);
    } else {
        interrupts_.set_pin_disabled(config_.intx_disabled());
        interrupts_.evaluate(t);
        update_master(t);
    }
    look_again();
}

void ModelEngine::reset(Time at)
{
    const Time t = not_late(at);
    advance(t);
    full_reset(t);
    look_again();
}

void ModelEngine::full_reset(Time t)
{
    config_.reset();
    accesses_.clear();
    // The PHY is reset too: the link comes up anew (B.0).
    mac_.observe(t);
    link_.reset();
    mac_reset(true, t);
    csr_.set(reg::PBA::offset, reg::PBA::reset);
}

void ModelEngine::mac_reset(bool all, Time t)
{
    mac_.observe(t);
    csr_.reset(all);
    statistics_.reset();
    reset_until_ = all ? t : t + parameters_.reset_time;
    nvm_ready_   = all && t == 0 ? 0 : t + parameters_.nvm_load;

    const std::uint32_t kib = std::min(reg::PBA::RXA.get(csr_[reg::PBA::offset]), parameters_.fifo_build_kib);
    dma_.reset(kib * 1024, t);
    mac_.reset(t);
    for (unsigned i = 0; i < reg::RAL::count; ++i) filter_.set_exact(i, 0, 0);
    for (unsigned i = 0; i < reg::MTA::count; ++i) filter_.set_multicast(i, 0);
    for (unsigned i = 0; i < reg::VFTA::count; ++i) filter_.set_vlan(i, 0);
    load_nvm();

    interrupts_.reset(t);
    interrupts_.set_pin_disabled(config_.intx_disabled());
    update_link(t);
    interrupts_.evaluate(t);
    update_rx_control(t);
    update_filter();
    update_master(t);
    io_address_ = 0;
}

void ModelEngine::load_nvm()
{
    csr_.set(reg::RAL::at(0), nvm_.address_low());
    csr_.set(reg::RAH::at(0), nvm_.address_high());
    filter_.set_exact(0, nvm_.address_low(), nvm_.address_high());
    update_rx_control(now_);
}

void ModelEngine::update_link(Time t)
{
    const bool wanted = reg::CTRL::SLU.in(csr_[reg::CTRL::offset]);
    if (link_.request(wanted, t)) change_link(wanted, t);
    // STATUS shows the wire's speed as far as its two bits can; above 1 Gb/s it stays at 1 Gb/s.
    const std::uint32_t speed  = parameters_.wire_rate >= 1'000'000'000 ? 2
                                 : parameters_.wire_rate >= 100'000'000 ? 1
                                                                        : 0;
    const std::uint32_t status = reg::STATUS::SPEED.set(csr_[reg::STATUS::offset], speed);
    csr_.set(reg::STATUS::offset, reg::STATUS::ASDV.set(status, speed));
}

void ModelEngine::change_link(bool up, Time t)
{
    mac_.observe(t);
    link_.set(up);
    mac_.control_changed(t);
    interrupts_.raise(reg::ICR::LSC.mask());
    probe_(ProbeKind::csr, t, 0, live_value(reg::STATUS::offset), reg::STATUS::offset);
}

void ModelEngine::update_rx_control(Time t)
{
    control_ = RxControl::decode(csr_, parameters_);
    dma_.examination_changed();
    mac_.control_changed(t);
}

void ModelEngine::update_filter()
{
    const std::uint32_t rctl = csr_[reg::RCTL::offset];
    filter_.set_modes({.unicast_promiscuous   = reg::RCTL::UPE.in(rctl),
                       .multicast_promiscuous = reg::RCTL::MPE.in(rctl),
                       .accept_broadcast      = reg::RCTL::BAM.in(rctl),
                       .vlan_filter           = reg::RCTL::VFE.in(rctl),
                       .cfi_filter            = reg::RCTL::CFIEN.in(rctl),
                       .cfi                   = reg::RCTL::CFI.in(rctl),
                       .multicast_offset      = reg::RCTL::MO.get(rctl),
                       .vlan_type             = static_cast<std::uint16_t>(csr_[reg::VET::offset])});
}

void ModelEngine::update_ring(bool head_written, Time t)
{
    // Legal only while the receiver is off or the ring is empty (D10).
    const std::uint32_t tail = csr_[reg::RDT::at(0)];
    if (control_.enabled && dma_.head() != tail) count(Misuse::ring_changed_while_active);
    const std::uint32_t head = head_written ? csr_[reg::RDH::at(0)] : dma_.head();
    const std::uint64_t base = std::uint64_t{csr_[reg::RDBAH::at(0)]} << 32U | csr_[reg::RDBAL::at(0)];
    dma_.set_ring(base, ring_size(), head, tail, t);
}

void ModelEngine::update_thresholds(Time t)
{
    const std::uint32_t value = csr_[reg::RXDCTL::at(0)];
    // Without GRAN the thresholds count cache lines of four descriptors.
    const std::uint32_t unit = reg::RXDCTL::GRAN.in(value) ? 1 : 4;
    dma_.set_thresholds({.prefetch   = reg::RXDCTL::PTHRESH.get(value) * unit,
                         .host       = reg::RXDCTL::HTHRESH.get(value) * unit,
                         .write_back = std::max(1U, reg::RXDCTL::WTHRESH.get(value) * unit)},
                        t);
}

void ModelEngine::update_master(Time t)
{
    dma_.set_master(config_.bus_master(), reg::CTRL::GIO_MASTER_DISABLE.in(csr_[reg::CTRL::offset]), t);
}

}  // namespace overrun
