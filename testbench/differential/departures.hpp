// SPDX-License-Identifier: Apache-2.0
// Where QEMU's e1000e is known to depart from the datasheet: the only differences that are forgiven, each by name.
// Only a difference of the shape given here is forgiven; any other one is a mismatch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "driver_sim/qtest/version.hpp"

namespace overrun::differential {

enum class Departure : std::uint8_t {
    // Differences that are looked at and explained.
    rx_checksum,
    vlan_left_over,
    ixsm,
    pif,
    tag_parsing,
    malformed_ip,
    ipv4_fragment,
    ipv6_settings,
    ipv6_fragment,
    ipv6_routing,
    int_asserted,
    rxdmt0_inside_frame,
    no_descriptors,
    total_counts,
    size_buckets,
    vlan_octets,
    multicast_count,
    oversize_count,
    length_errors,
    cause_counters,
    interrupt_count,
    // Frames that the programs do not put on the wire.
    hash_any_address,
    mac_control,
    cfi_filter,
    runts,
    standard_limit,
    count,
};

inline constexpr std::size_t departure_count = static_cast<std::size_t>(Departure::count);

/// For a departure that every known version has.
inline constexpr qtest::Version not_mended{std::numeric_limits<unsigned>::max()};

struct DepartureInfo {
    Departure        departure;
    std::string_view name;
    std::string_view reason;
    qtest::Version   mended_in = not_mended;  ///< the first known version without it

    [[nodiscard]] constexpr bool exists_in(const qtest::Version& qemu) const noexcept { return qemu < mended_in; }
};

inline constexpr std::array<DepartureInfo, departure_count> departure_table{{
    {Departure::rx_checksum, "rx_checksum", "QEMU writes 0 as packet checksum"},
    {Departure::vlan_left_over, "vlan_left_over",
     "QEMU leaves the VLAN field of a legacy descriptor as the driver prepared it when no tag was stripped"},
    {Departure::ixsm, "ixsm",
     "QEMU never sets IXSM, and shows by the absent verdict bits alone that nothing was summed"},
    {Departure::pif, "pif", "QEMU never sets PIF for a frame that only the multicast table lets through"},
    {Departure::tag_parsing, "tag_parsing",
     "QEMU looks behind tags of the types 8100 and 88A8, two at most, whatever VET says"},
    {Departure::malformed_ip, "malformed_ip",
     "QEMU has signs of its own for a frame of IP and sums what is there; ours has no verdict on a broken header"},
    {Departure::ipv4_fragment,
     "ipv4_fragment",
     "QEMU gives a fragment of TCP or UDP the packet type of a whole datagram",
     {10, 0, 13}},
    {Departure::ipv6_settings, "ipv6_settings",
     "QEMU ignores RFCTL.IPV6_EX_DIS, and with IPV6_DIS it leaves out the packet type alone"},
    {Departure::ipv6_fragment,
     "ipv6_fragment",
     "QEMU checks TCP and UDP in a fragment of an IPv6 datagram as if it were whole",
     {10, 0, 13}},
    {Departure::ipv6_routing, "ipv6_routing",
     "QEMU sums over the header's destination when a routing header says that it is not the last one"},
    {Departure::int_asserted, "int_asserted", "QEMU sets ICR.INT_ASSERTED for masked causes too"},
    {Departure::rxdmt0_inside_frame, "rxdmt0_inside_frame",
     "QEMU looks at the number of free descriptors at the end of each frame only, not after each descriptor"},
    {Departure::no_descriptors, "no_descriptors",
     "QEMU holds frames back in the host when the ring is empty: no RNBC, and RXO only when it tries again"},
    {Departure::total_counts, "total_counts",
     "QEMU's TPR and TOR are GPRC and GORC: frames that were not stored are missing"},
    {Departure::size_buckets, "size_buckets",
     "QEMU sorts PRCx by the length stored in memory, without FCS and stripped tag"},
    {Departure::vlan_octets, "vlan_octets", "QEMU counts GORC after a tag was stripped"},
    {Departure::multicast_count,
     "multicast_count",
     "QEMU counts MPRC twice for a frame that the multicast table lets through",
     {10, 0, 13}},
    {Departure::oversize_count, "oversize_count",
     "QEMU counts ROC before the filters, and with SBP counts frames over the limit as good and not in ROC"},
    {Departure::length_errors, "length_errors", "QEMU has no RLEC"},
    {Departure::cause_counters, "cause_counters", "QEMU has none of the counters of interrupt causes (ICRX*)"},
    {Departure::interrupt_count, "interrupt_count", "QEMU counts IAC at every change of an interrupt register"},
    {Departure::hash_any_address, "hash_any_address",
     "QEMU looks unicast and broadcast addresses up in the multicast table too"},
    {Departure::mac_control, "mac_control", "QEMU has no MAC control: PAUSE is an ordinary multicast frame"},
    {Departure::cfi_filter, "cfi_filter", "QEMU ignores RCTL.CFIEN"},
    {Departure::runts, "runts", "QEMU pads frames under 60 octets and accepts them"},
    {Departure::standard_limit, "standard_limit", "QEMU's limit of 1522 octets does not count the FCS", {10, 0, 13}},
}};

[[nodiscard]] constexpr const DepartureInfo& info_of(Departure departure) noexcept
{
    return departure_table[static_cast<std::size_t>(departure)];
}

static_assert([] {
    for (std::size_t i = 0; i < departure_count; ++i)
        if (static_cast<std::size_t>(departure_table[i].departure) != i) return false;
    return true;
}());

}  // namespace overrun::differential
