// SPDX-License-Identifier: Apache-2.0
#include "model/rx_control.hpp"

#include <algorithm>

#include "hw/ethernet/frame.hpp"

namespace overrun {

RxControl RxControl::decode(const Csr& csr, const NicParameters& parameters) noexcept
{
    RxControl control;

    const std::uint32_t rctl = csr[reg::RCTL::offset];
    control.enabled          = reg::RCTL::EN.in(rctl);
    control.store_bad        = reg::RCTL::SBP.in(rctl);
    control.longest          = reg::RCTL::LPE.in(rctl) ? parameters.max_long_frame : parameters.max_standard_frame;
    control.fcs_cut          = reg::RCTL::SECRC.in(rctl) ? fcs_octets : 0;
    control.pass_control     = reg::RCTL::PMCF.in(rctl);
    control.discard_pause    = reg::RCTL::DPF.in(rctl);
    control.extended         = reg::RFCTL::EXTEN.in(csr[reg::RFCTL::offset]);
    control.buffer_octets    = rx_buffer_octets(rctl);
    control.low_shift        = std::min(reg::RCTL::RDMTS.get(rctl), 2U) + 1;
    control.control_address  = std::uint64_t{csr[reg::FCAH::offset]} << 32U | csr[reg::FCAL::offset];
    control.control_type     = static_cast<std::uint16_t>(csr[reg::FCT::offset]);
    control.station_address  = std::uint64_t{csr[reg::RAH::at(0)] & 0xffffU} << 32U | csr[reg::RAL::at(0)];
    control.strip_tags       = reg::CTRL::VME.in(csr[reg::CTRL::offset]);
    control.whole_in_one     = control.strip_tags ? 0 : control.buffer_octets + control.fcs_cut;
    control.vlan_type        = static_cast<std::uint16_t>(csr[reg::VET::offset]);

    const std::uint32_t rxcsum = csr[reg::RXCSUM::offset];
    const std::uint32_t rfctl  = csr[reg::RFCTL::offset];
    control.check_ip           = reg::RXCSUM::IPOFL.in(rxcsum);
    control.check_l4           = reg::RXCSUM::TUOFL.in(rxcsum);
    control.sum_frame          = !reg::RXCSUM::PCSD.in(rxcsum);
    control.sum_from           = reg::RXCSUM::PCSS.get(rxcsum);
    control.sum_ip_payload     = reg::RXCSUM::IPPCSE.in(rxcsum);
    control.find_acks          = !reg::RFCTL::ACK_DIS.in(rfctl);
    control.bare_acks          = reg::RFCTL::ACKD_DIS.in(rfctl);
    control.small_below        = reg::RSRPD::SIZE.get(csr[reg::RSRPD::offset]);
    control.ipv6               = !reg::RFCTL::IPV6_DIS.in(rfctl);
    control.ipv6_checksums     = !reg::RFCTL::IPV6_XSUM_DIS.in(rfctl);
    control.ipv6_extensions    = !reg::RFCTL::IPV6_EX_DIS.in(rfctl);
    return control;
}

}  // namespace overrun
