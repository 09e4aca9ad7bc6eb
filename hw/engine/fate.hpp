// SPDX-License-Identifier: Apache-2.0
// Where a frame can end: the list of fates, one word each, the same in results, scenarios and waveforms.
// Never two for one frame, though the device's registers may count a frame twice.
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

struct FateInfo {
    Fate             fate;
    std::string_view name;
    std::string_view stage;
    std::string_view text;
};

inline constexpr std::array fate_table{
    FateInfo{Fate::link_down, "link_down", "wire", "The link was down at the SFD."},
    FateInfo{Fate::rx_disabled, "rx_disabled", "wire", "RCTL.EN was 0 at the SFD."},
    FateInfo{Fate::no_sfd, "no_sfd", "wire", "The carrier ended before an SFD: not a frame."},
    FateInfo{Fate::too_short, "too_short", "wire", "Fewer than 6 octets: no destination address."},
    FateInfo{Fate::crc_error, "crc_error", "mac", "The FCS was wrong."},
    FateInfo{Fate::align_error, "align_error", "mac", "The FCS was wrong and half an octet followed."},
    FateInfo{Fate::rx_error, "rx_error", "mac", "The PHY signalled an error inside the frame."},
    FateInfo{Fate::runt, "runt", "mac", "Under 64 octets with a right FCS."},
    FateInfo{Fate::fragment, "fragment", "mac", "Under 64 octets with a wrong FCS."},
    FateInfo{Fate::oversize, "oversize", "mac", "Over the longest frame allowed, with a right FCS."},
    FateInfo{Fate::jabber, "jabber", "mac", "Over the longest frame allowed, with a wrong FCS."},
    FateInfo{Fate::mac_control, "mac_control", "mac", "A MAC control frame, consumed by the MAC."},
    FateInfo{Fate::filtered_address, "filtered_address", "filter", "No address filter matched."},
    FateInfo{Fate::filtered_vlan, "filtered_vlan", "filter", "The VLAN filter did not match."},
    FateInfo{Fate::fifo_overrun, "fifo_overrun", "fifo", "The receive FIFO had no room."},
    FateInfo{Fate::dma_fault, "dma_fault", "dma", "Host memory refused the write."},
    FateInfo{Fate::reset_discard, "reset_discard", "dma", "A reset or a bring-down discarded the frame."},
    FateInfo{Fate::driver_error_frame, "driver_error_frame", "driver", "The driver dropped a frame marked bad."},
    FateInfo{Fate::alloc_failed, "alloc_failed", "driver", "The driver had no buffer to replace this one."},
    FateInfo{Fate::delivered, "delivered", "end", "The frame reached its end."},
};

static_assert(is_table_of_enum(fate_table, &FateInfo::fate));

inline constexpr std::size_t fate_count = fate_table.size();

[[nodiscard]] constexpr std::string_view name_of(Fate fate) noexcept
{
    return fate_table[static_cast<std::size_t>(fate)].name;
}

[[nodiscard]] constexpr std::optional<Fate> fate_named(std::string_view name) noexcept
{
    for (const FateInfo& info : fate_table)
        if (info.name == name) return info.fate;
    return std::nullopt;
}

}  // namespace overrun
