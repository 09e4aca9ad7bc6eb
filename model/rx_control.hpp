// SPDX-License-Identifier: Apache-2.0
// Receive control as the blocks use it: a copy of RCTL, RFCTL, RXCSUM and others, decoded once at each write.
#pragma once

#include <array>
#include <cstdint>

#include "hw/engine/nic_parameters.hpp"
#include "hw/registers/82574l.hpp"
#include "model/csr.hpp"

namespace overrun {

struct RxControl {
    /// As the registers are now.
    [[nodiscard]] static RxControl decode(const Csr& csr, const NicParameters& parameters) noexcept;

    bool          enabled       = false;   ///< RCTL.EN
    bool          store_bad     = false;   ///< SBP
    std::uint32_t longest       = 0;       ///< octets of a legal frame, by LPE
    std::uint32_t fcs_cut       = 0;       ///< octets of the FCS that are not stored: all four with SECRC
    bool          pass_control  = false;   ///< PMCF
    bool          discard_pause = false;   ///< DPF
    bool          extended      = false;   ///< RFCTL.EXTEN
    bool          strip_tags    = false;   ///< CTRL.VME
    std::uint16_t vlan_type     = 0x8100;  ///< VET
    std::uint32_t buffer_octets = 2048;
    std::uint32_t whole_in_one  = 0;  ///< octets of the longest frame that surely needs one descriptor
    std::uint32_t low_shift     = 1;  ///< RXDMT0 when ring size >> low_shift descriptors are free

    // What makes a frame a MAC control frame (contract D3).
    std::uint64_t control_address = 0;  ///< FCAH:FCAL
    std::uint16_t control_type    = 0;  ///< FCT
    std::uint64_t station_address = 0;  ///< RAH0:RAL0

    // Checksums (contract D11).
    bool          check_ip        = false;  ///< RXCSUM.IPOFL
    bool          check_l4        = false;  ///< RXCSUM.TUOFL
    bool          sum_frame       = false;  ///< RXCSUM.PCSD = 0: packet checksum and IP identification are reported
    std::uint32_t sum_from        = 0;      ///< RXCSUM.PCSS
    bool          sum_ip_payload  = false;  ///< RXCSUM.IPPCSE: of what IP carries, in place of the packet checksum
    bool          ipv6            = true;   ///< RFCTL.IPV6_DIS = 0
    bool          ipv6_checksums  = true;   ///< RFCTL.IPV6_XSUM_DIS = 0
    bool          ipv6_extensions = true;   ///< RFCTL.IPV6_EX_DIS = 0

    // Frames that the host shall hear of at once (contract D13).
    std::uint32_t small_below = 0;      ///< RSRPD
    bool          find_acks   = false;  ///< RFCTL.ACK_DIS = 0
    bool          bare_acks   = false;  ///< RFCTL.ACKD_DIS: an acknowledgement carries no data

    /// A frame's protocols matter: for a checksum, or for the packet type, which extended descriptors always hold
    /// (C.2).
    [[nodiscard]] bool parses_headers() const noexcept { return check_ip || check_l4 || sum_frame || extended; }
    /// A frame may have causes of its own.
    [[nodiscard]] bool finds_causes() const noexcept { return find_acks || small_below != 0; }
    /// A frame's descriptors or causes depend on more than its length and errors.
    [[nodiscard]] bool examines() const noexcept { return strip_tags || parses_headers() || finds_causes(); }
};

/// Octets of a receive buffer (B.5). The reserved setting, BSEX = 1 with BSIZE = 00, counts as 2048 [C].
[[nodiscard]] constexpr std::uint32_t rx_buffer_octets(std::uint32_t rctl) noexcept
{
    constexpr std::array<std::uint32_t, 8> sizes{2048, 1024, 512, 256, 2048, 16384, 8192, 4096};
    const std::uint32_t                    kib = reg::RCTL::FLXBUF.get(rctl);
    if (kib != 0) return kib * 1024;
    return sizes[reg::RCTL::BSEX.get(rctl) * 4 + reg::RCTL::BSIZE.get(rctl)];
}

[[nodiscard]] constexpr bool reserved_buffer_size(std::uint32_t rctl) noexcept
{
    return reg::RCTL::FLXBUF.get(rctl) == 0 && reg::RCTL::BSEX.in(rctl) && reg::RCTL::BSIZE.get(rctl) == 0;
}

}  // namespace overrun
