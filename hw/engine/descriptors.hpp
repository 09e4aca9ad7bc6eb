// SPDX-License-Identifier: Apache-2.0
// Receive descriptors as they lie in host memory, little endian (contract C.1 and C.2).
// Never interprets them: engines write them back, drivers read them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace overrun {

static_assert(std::endian::native == std::endian::little, "descriptors are little endian and are copied as they are");

/// What the driver prepares, in either format. The octets after the address are not looked at.
struct RxDescriptorRead {
    std::uint64_t buffer;
    std::uint64_t reserved;
};

/// Legacy write-back (RFCTL.EXTEN = 0).
struct RxDescriptorLegacy {
    std::uint64_t buffer;
    std::uint16_t length;
    std::uint16_t checksum;
    std::uint8_t  status;
    std::uint8_t  errors;
    std::uint16_t vlan;
};

/// Extended write-back (RFCTL.EXTEN = 1): overwrites the buffer address.
struct RxDescriptorExtended {
    std::uint32_t mrq;
    std::uint16_t ip_id;
    std::uint16_t checksum;
    std::uint32_t status_error;
    std::uint16_t length;
    std::uint16_t vlan;
};

inline constexpr std::uint32_t rx_descriptor_octets = 16;

static_assert(sizeof(RxDescriptorRead) == rx_descriptor_octets);
static_assert(sizeof(RxDescriptorLegacy) == rx_descriptor_octets);
static_assert(offsetof(RxDescriptorLegacy, length) == 8 && offsetof(RxDescriptorLegacy, checksum) == 10);
static_assert(offsetof(RxDescriptorLegacy, status) == 12 && offsetof(RxDescriptorLegacy, errors) == 13);
static_assert(offsetof(RxDescriptorLegacy, vlan) == 14);
static_assert(sizeof(RxDescriptorExtended) == rx_descriptor_octets);
static_assert(offsetof(RxDescriptorExtended, ip_id) == 4 && offsetof(RxDescriptorExtended, checksum) == 6);
static_assert(offsetof(RxDescriptorExtended, status_error) == 8 && offsetof(RxDescriptorExtended, length) == 12);
static_assert(offsetof(RxDescriptorExtended, vlan) == 14);

/// Status bits, at the same place in both formats (extended: bits 7:0 of status_error).
namespace rx_status {
inline constexpr std::uint32_t dd    = 1U << 0U;  ///< descriptor done
inline constexpr std::uint32_t eop   = 1U << 1U;  ///< end of the frame
inline constexpr std::uint32_t ixsm  = 1U << 2U;  ///< ignore the checksum verdicts: none was made
inline constexpr std::uint32_t vp    = 1U << 3U;  ///< a VLAN tag was stripped
inline constexpr std::uint32_t udpcs = 1U << 4U;
inline constexpr std::uint32_t tcpcs = 1U << 5U;
inline constexpr std::uint32_t ipcs  = 1U << 6U;
inline constexpr std::uint32_t pif   = 1U << 7U;  ///< passed only the inexact (hash) filter
// Extended format only.
inline constexpr std::uint32_t ipidv = 1U << 9U;   ///< the IP identification field is valid
inline constexpr std::uint32_t udpv  = 1U << 10U;  ///< a UDP datagram's first fragment that brings a checksum
inline constexpr std::uint32_t ack   = 1U << 15U;  ///< a TCP acknowledgement

inline constexpr unsigned      type_shift   = 16;  ///< of the packet type in status_error
inline constexpr std::uint32_t type_ipv4    = 1;
inline constexpr std::uint32_t type_ipv4_l4 = 2;  ///< with TCP or UDP
inline constexpr std::uint32_t type_ipv6    = 5;
inline constexpr std::uint32_t type_ipv6_l4 = 6;
}  // namespace rx_status

/// Error bits of the legacy errors byte; extended: the same shifted by 24.
namespace rx_error {
inline constexpr std::uint32_t ce             = 1U << 0U;  ///< wrong FCS
inline constexpr std::uint32_t se             = 1U << 1U;
inline constexpr std::uint32_t seq            = 1U << 2U;
inline constexpr std::uint32_t cxe            = 1U << 4U;
inline constexpr std::uint32_t tcpe           = 1U << 5U;
inline constexpr std::uint32_t ipe            = 1U << 6U;
inline constexpr std::uint32_t rxe            = 1U << 7U;  ///< RX_ER inside the frame
inline constexpr unsigned      extended_shift = 24;
/// What makes a driver drop a frame (contract E.1): all but the checksum verdicts.
inline constexpr std::uint32_t frame_errors = ce | se | seq | cxe | rxe;
}  // namespace rx_error

}  // namespace overrun
