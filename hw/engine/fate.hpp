// SPDX-License-Identifier: Apache-2.0
// Where a frame can end: the list of fates, one word each, the same in results, scenarios and waveforms.
// Contract: a frame has one fate, though the device's registers may count it twice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hw/base/enum_names.hpp"

namespace overrun {

enum class Fate : std::uint8_t {
    link_down,
    rx_disabled,
    no_sfd,
    too_short,
    crc_error,
    align_error,
    rx_error,
    runt,
    fragment,
    oversize,
    jabber,
    mac_control,
    filtered_address,
    filtered_vlan,
    fifo_overrun,
    dma_fault,
    reset_discard,
    driver_error_frame,
    alloc_failed,
    delivered,
};

/// Errors of the link layer, as the bits of `epb_flags` in pcapng (draft-ietf-opsawg-pcapng, section 4.3.1).
namespace link_error {
inline constexpr std::uint32_t none      = 0;
inline constexpr std::uint32_t crc       = 1U << 24U;
inline constexpr std::uint32_t too_long  = 1U << 25U;
inline constexpr std::uint32_t too_short = 1U << 26U;
inline constexpr std::uint32_t unaligned = 1U << 28U;
inline constexpr std::uint32_t no_sfd    = 1U << 29U;
inline constexpr std::uint32_t symbol    = 1U << 31U;
}  // namespace link_error

/// Whether the host misses the frame: a frame that was not meant for it is no loss.
enum class Loss : bool { no, yes };

struct FateInfo {
    Fate             fate;
    std::string_view name;
    std::string_view stage;
    Loss             loss;
    std::uint32_t    link_errors;  ///< bits of link_error that such a frame has
    std::string_view text;
};

inline constexpr std::array fate_table{
    FateInfo{Fate::link_down, "link_down", "wire", Loss::yes, link_error::none, "The link was down at the SFD."},
    FateInfo{Fate::rx_disabled, "rx_disabled", "wire", Loss::yes, link_error::none, "RCTL.EN was 0 at the SFD."},
    FateInfo{Fate::no_sfd, "no_sfd", "wire", Loss::yes, link_error::no_sfd,
             "The carrier ended before an SFD: not a frame."},
    FateInfo{Fate::too_short, "too_short", "wire", Loss::yes, link_error::too_short,
             "Fewer than 6 octets: no destination address."},
    FateInfo{Fate::crc_error, "crc_error", "mac", Loss::yes, link_error::crc, "The FCS was wrong."},
    FateInfo{Fate::align_error, "align_error", "mac", Loss::yes, link_error::crc | link_error::unaligned,
             "The FCS was wrong and half an octet followed."},
    FateInfo{Fate::rx_error, "rx_error", "mac", Loss::yes, link_error::symbol,
             "The PHY signalled an error inside the frame."},
    FateInfo{Fate::runt, "runt", "mac", Loss::yes, link_error::too_short, "Under 64 octets with a right FCS."},
    FateInfo{Fate::fragment, "fragment", "mac", Loss::yes, link_error::too_short | link_error::crc,
             "Under 64 octets with a wrong FCS."},
    FateInfo{Fate::oversize, "oversize", "mac", Loss::yes, link_error::too_long,
             "Over the longest frame allowed, with a right FCS."},
    FateInfo{Fate::jabber, "jabber", "mac", Loss::yes, link_error::too_long | link_error::crc,
             "Over the longest frame allowed, with a wrong FCS."},
    FateInfo{Fate::mac_control, "mac_control", "mac", Loss::no, link_error::none,
             "A MAC control frame, consumed by the MAC."},
    FateInfo{Fate::filtered_address, "filtered_address", "filter", Loss::no, link_error::none,
             "No address filter matched."},
    FateInfo{Fate::filtered_vlan, "filtered_vlan", "filter", Loss::no, link_error::none,
             "The VLAN filter did not match."},
    FateInfo{Fate::fifo_overrun, "fifo_overrun", "fifo", Loss::yes, link_error::none, "The receive FIFO had no room."},
    FateInfo{Fate::dma_fault, "dma_fault", "dma", Loss::yes, link_error::none, "Host memory refused the write."},
    FateInfo{Fate::reset_discard, "reset_discard", "dma", Loss::yes, link_error::none,
             "A reset or a bring-down discarded the frame."},
    FateInfo{Fate::driver_error_frame, "driver_error_frame", "driver", Loss::yes, link_error::none,
             "The driver dropped a frame marked bad."},
    FateInfo{Fate::alloc_failed, "alloc_failed", "driver", Loss::yes, link_error::none,
             "The driver had no buffer to replace this one."},
    FateInfo{Fate::delivered, "delivered", "end", Loss::no, link_error::none, "The frame reached its end."},
};

static_assert(is_table_of_enum(fate_table, &FateInfo::fate));

inline constexpr std::size_t fate_count = fate_table.size();

static_assert(
    [] {
        for (std::size_t i = 0; i < fate_count; ++i)
            if (static_cast<std::size_t>(fate_table[i].fate) != i) return false;
        return true;
    }(),
    "fate_table has a row for each Fate, in the order of the enumeration");

[[nodiscard]] constexpr const FateInfo& info_of(Fate fate) noexcept
{
    return fate_table[static_cast<std::size_t>(fate)];
}

[[nodiscard]] constexpr std::string_view name_of(Fate fate) noexcept
{
    return info_of(fate).name;
}

[[nodiscard]] constexpr bool is_loss(Fate fate) noexcept
{
    return info_of(fate).loss == Loss::yes;
}

[[nodiscard]] constexpr std::optional<Fate> fate_named(std::string_view name) noexcept
{
    for (const FateInfo& info : fate_table)
        if (info.name == name) return info.fate;
    return std::nullopt;
}

}  // namespace overrun
