// SPDX-License-Identifier: Apache-2.0
// The comparison of descriptors.
#include "testbench/differential/descriptor_comparison.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <string>
#include <string_view>

#include "testbench/differential/difference.hpp"

namespace overrun::differential {

WrittenBack written_back(const RxDescriptorRead& descriptor, bool extended) noexcept
{
    if (extended) {
        const auto d = std::bit_cast<RxDescriptorExtended>(descriptor);
        return {0, d.mrq, d.ip_id, d.status_error, d.length, d.checksum, d.vlan};
    }
    const auto d = std::bit_cast<RxDescriptorLegacy>(descriptor);
    return {d.buffer, 0,          0,     d.status | std::uint32_t{d.errors} << rx_error::extended_shift,
            d.length, d.checksum, d.vlan};
}

namespace {

/// The names of bits that differ.
std::string names_of(std::uint32_t bits)
{
    struct Name {
        std::uint32_t    bits;
        std::string_view name;
    };
    constexpr std::array names{Name{rx_status::dd, "DD"},
                               Name{rx_status::eop, "EOP"},
                               Name{rx_status::ixsm, "IXSM"},
                               Name{rx_status::vp, "VP"},
                               Name{rx_status::udpcs, "UDPCS"},
                               Name{rx_status::tcpcs, "TCPCS"},
                               Name{rx_status::ipcs, "IPCS"},
                               Name{rx_status::pif, "PIF"},
                               Name{rx_status::ipidv, "IPIDV"},
                               Name{1U << 15U, "ACK"},
                               Name{0xf0000, "type"},
                               Name{rx_error::ce << 24U, "CE"},
                               Name{rx_error::tcpe << 24U, "TCPE"},
                               Name{rx_error::ipe << 24U, "IPE"},
                               Name{rx_error::rxe << 24U, "RXE"}};
    std::string          text;
    for (const Name& one : names)
        if ((bits & one.bits) != 0) text += fmt::format(" {}", one.name);
    return text.empty() ? " reserved" : text;
}

}  // namespace

void compare(const WrittenBack& ours, const WrittenBack& theirs, const FrameContext& frame, Forgiveness& forgiveness)
{
    const auto same = [](std::string_view field, std::uint64_t a, std::uint64_t b) {
        if (a != b) throw Difference(fmt::format("{}: ours {:#x}, QEMU {:#x}", field, a, b));
    };
    constexpr std::uint32_t verdicts = rx_status::ipcs | rx_status::tcpcs | rx_status::udpcs;

    same("length", ours.length, theirs.length);
    std::uint32_t status = ours.status;
    if ((status & rx_status::ixsm) != 0 && (theirs.status & (rx_status::ixsm | verdicts)) == 0 &&
        forgiveness.forgive(Departure::ixsm))
        status &= ~rx_status::ixsm;
    if ((status & rx_status::pif) != 0 && frame.by_hash && (theirs.status & rx_status::pif) == 0 &&
        forgiveness.forgive(Departure::pif))
        status &= ~rx_status::pif;
    std::uint16_t           ip_id = ours.ip_id;
    constexpr std::uint32_t type  = 0xfU << rx_status::type_shift;
    constexpr std::uint32_t all   = verdicts | rx_status::ixsm | rx_status::ipidv | rx_status::ack | type |
                                  (rx_error::tcpe | rx_error::ipe) << rx_error::extended_shift;
    const std::uint32_t parsed = frame.parsing == Departure::ipv4_fragment ? type | rx_status::ack : all;
    if (frame.parsing && ((status ^ theirs.status) & parsed) != 0 && forgiveness.forgive(*frame.parsing)) {
        status = (status & ~parsed) | (theirs.status & parsed);
        ip_id  = theirs.ip_id;
    }
    if (status != theirs.status)
        same(fmt::format("status and errors,{}", names_of(status ^ theirs.status)), status, theirs.status);
    const bool vlan_left =
        frame.legacy && (theirs.status & rx_status::vp) == 0 && ours.vlan == 0 && theirs.vlan == left_over;
    if (!vlan_left || !forgiveness.forgive(Departure::vlan_left_over)) same("VLAN", ours.vlan, theirs.vlan);
    same("buffer address", ours.buffer, theirs.buffer);
    same("MRQ", ours.mrq, theirs.mrq);
    same("IP identification", ip_id, theirs.ip_id);
    const bool no_checksum = ours.checksum != theirs.checksum && theirs.checksum == 0;
    if (!no_checksum || !forgiveness.forgive(Departure::rx_checksum))
        same("packet checksum", ours.checksum, theirs.checksum);
}

}  // namespace overrun::differential
