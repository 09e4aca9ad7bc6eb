// SPDX-License-Identifier: Apache-2.0
// Registers and descriptor bits that tests write and expect, typed by hand from the contract.
// They are independent of the generated header on purpose: a wrong row in the register table must not agree with
// itself.
#pragma once

#include <cstdint>

namespace overrun::test::bits {

// Offsets (contract B.1).
inline constexpr std::uint32_t ctrl = 0x0000, status = 0x0008, ctrl_ext = 0x0018, vet = 0x0038;
inline constexpr std::uint32_t icr = 0x00c0, itr = 0x00c4, ics = 0x00c8, ims = 0x00d0, imc = 0x00d8, iam = 0x00e0;
inline constexpr std::uint32_t rctl = 0x0100, rxcsum = 0x5000, rfctl = 0x5008;
inline constexpr std::uint32_t rdbal = 0x2800, rdlen = 0x2808, rdh = 0x2810, rdt = 0x2818, rxdctl = 0x2828;
inline constexpr std::uint32_t rdtr = 0x2820, radv = 0x282c, rsrpd = 0x2c00, raid = 0x2c08;

// CTRL and CTRL_EXT.
inline constexpr std::uint32_t gio_master_disable = 1U << 2U, slu = 1U << 6U, vme = 1U << 30U;
inline constexpr std::uint32_t iame = 1U << 27U;

// RCTL.
inline constexpr std::uint32_t en = 1U << 1U, sbp = 1U << 2U, upe = 1U << 3U, mpe = 1U << 4U, lpe = 1U << 5U,
                               bam = 1U << 15U, buffers_of_256 = 3U << 16U, vfe = 1U << 18U, cfien = 1U << 19U,
                               cfi = 1U << 20U, dpf = 1U << 22U, pmcf = 1U << 23U, secrc = 1U << 26U,
                               flexible_1k = 1U << 27U;

// RXCSUM and RFCTL.
inline constexpr std::uint32_t ipofl = 1U << 8U, tuofl = 1U << 9U, ippcse = 1U << 12U, pcsd = 1U << 13U;
inline constexpr std::uint32_t ack_dis = 1U << 12U, ackd_dis = 1U << 13U, exten = 1U << 15U;

// Causes in ICR, ICS, IMS and IMC (contract B.4), and RDTR's flush.
inline constexpr std::uint32_t lsc = 1U << 2U, rxdmt0 = 1U << 4U, rxo = 1U << 6U, rxt0 = 1U << 7U, srpd = 1U << 16U,
                               ack = 1U << 17U, asserted = 1U << 31U;
inline constexpr std::uint32_t settable = 0x01f7ffff;  // 0 to 18 and 20 to 24
inline constexpr std::uint32_t fpd      = 1U << 31U;

// Status and errors of an extended descriptor as one word (contract C.2).
inline constexpr std::uint32_t ixsm = 1U << 2U, vp = 1U << 3U, udpcs = 1U << 4U, tcpcs = 1U << 5U, ipcs = 1U << 6U,
                               ipidv = 1U << 9U, udpv = 1U << 10U, ack_status = 1U << 15U;
inline constexpr std::uint32_t ce = 1U << 24U, tcpe = 1U << 29U, ipe = 1U << 30U, rxe = 1U << 31U;

}  // namespace overrun::test::bits
