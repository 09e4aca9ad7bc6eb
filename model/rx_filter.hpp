// SPDX-License-Identifier: Apache-2.0
// Address and VLAN filter: which frames pass, and by which rule (contract D4 and D5).
// Never counts anything: a frame that fails here vanishes without a statistic.
#pragma once

#include <array>
#include <cstdint>

#include "hw/engine/filter_reason.hpp"
#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/multicast_hash.hpp"

namespace overrun {

struct FilterVerdict {
    bool         accepted;
    FilterReason reason;
};

class RxFilter {
public:
    struct Modes {
        bool          unicast_promiscuous   = false;   ///< RCTL.UPE
        bool          multicast_promiscuous = false;   ///< RCTL.MPE
        bool          accept_broadcast      = false;   ///< RCTL.BAM
        bool          vlan_filter           = false;   ///< RCTL.VFE
        bool          cfi_filter            = false;   ///< RCTL.CFIEN
        bool          cfi                   = false;   ///< RCTL.CFI
        std::uint32_t multicast_offset      = 0;       ///< RCTL.MO
        std::uint16_t vlan_type             = 0x8100;  ///< VET
    };

    void set_modes(const Modes& modes) noexcept { modes_ = modes; }

    /// RAL/RAH of entry 0..15.
    void set_exact(unsigned entry, std::uint32_t low, std::uint32_t high) noexcept
    {
        constexpr std::uint32_t address_valid = 1U << 31U;
        constexpr std::uint32_t source_select = 3U << 16U;
        values_[entry]                        = (high & address_valid) != 0 && (high & source_select) == 0
                                                    ? std::uint64_t{high & 0xffffU} << 32U | low
                                                    : no_address;
        entries_                              = static_cast<unsigned>(values_.size());
        while (entries_ > 0 && values_[entries_ - 1] == no_address) --entries_;
    }
    void set_multicast(unsigned word, std::uint32_t bits) noexcept { multicast_[word] = bits; }
    void set_vlan(unsigned word, std::uint32_t bits) noexcept { vlans_[word] = bits; }

    [[nodiscard]] FilterVerdict operator()(const Frame& frame) const noexcept
    {
        FilterVerdict verdict = address(frame);
        if (verdict.accepted && modes_.vlan_filter && !vlan(frame)) verdict = {false, FilterReason::vlan};
        return verdict;
    }

private:
    static constexpr std::uint64_t no_address = ~std::uint64_t{0};

    [[nodiscard]] FilterVerdict address(const Frame& frame) const noexcept
    {
        const std::uint64_t destination = frame.destination();
        const bool          broadcast   = destination == broadcast_address;
        const bool          multicast   = (destination & 1U) != 0 && !broadcast;

        // Too short for a header: nothing but promiscuous mode takes it (D2).
        if (frame.length >= header_octets) {
            for (unsigned i = 0; i < entries_; ++i)
                if (values_[i] == destination) return {true, FilterReason::exact};
            if (broadcast && modes_.accept_broadcast) return {true, FilterReason::broadcast};
        }
        if (multicast ? modes_.multicast_promiscuous : !broadcast && modes_.unicast_promiscuous)
            return {true, FilterReason::promiscuous};
        if (multicast && frame.length >= header_octets) {
            const MulticastHash at =
                multicast_hash(static_cast<std::uint8_t>(destination >> 32U),
                               static_cast<std::uint8_t>(destination >> 40U), modes_.multicast_offset);
            if ((multicast_[at.word] >> at.bit & 1U) != 0) return {true, FilterReason::hash};
        }
        return {false, FilterReason::none};
    }

    [[nodiscard]] bool vlan(const Frame& frame) const noexcept
    {
        if (frame.length < header_octets + 2 || frame.type() != modes_.vlan_type) return true;
        const std::uint16_t tci = frame.field16(type_at + 2);
        const std::uint32_t id  = tci & 0xfffU;
        if ((vlans_[id >> 5U] >> (id & 31U) & 1U) == 0) return false;
        return !modes_.cfi_filter || ((tci >> 12U & 1U) != 0) == modes_.cfi;
    }

    Modes                         modes_;
    unsigned                      entries_ = 0;  // up to the last valid one
    std::array<std::uint64_t, 16> values_  = [] {
        std::array<std::uint64_t, 16> none;
        none.fill(no_address);
        return none;
    }();
    std::array<std::uint32_t, 128> multicast_{};
    std::array<std::uint32_t, 128> vlans_{};
};

}  // namespace overrun
