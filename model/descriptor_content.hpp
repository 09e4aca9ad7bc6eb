// SPDX-License-Identifier: Apache-2.0
// What written-back descriptors report of the frame that is being written, in either format (contract C.1, C.2, D11).
#pragma once

#include <cstdint>

#include "hw/engine/descriptors.hpp"
#include "model/rx_checksum.hpp"
#include "model/rx_control.hpp"
#include "model/rx_frames.hpp"

namespace overrun {

class DescriptorContent {
public:
    explicit DescriptorContent(const RxControl& control) noexcept : control_{control} {}

    /// The control bits may have changed: valid from the next frame on.
    void control_changed() noexcept { verdict_may_differ_ = custom_verdict_ || control_.examines(); }

    /// A frame begins.
    void begin(const StoredFrame& stored)
    {
        status_ = stored.status;
        if (verdict_may_differ_ && (custom_verdict_ || !nothing_to_say(stored.frame, stored.octets, control_)))
            set_verdict(stored);
    }

    /// Its VLAN tag is not stored.
    [[nodiscard]] bool stripped() const noexcept { return verdict_.stripped; }
    /// The causes that it raises when it is written back: ICR.SRPD and ICR.ACK.
    [[nodiscard]] std::uint32_t causes() const noexcept { return verdict_.causes; }

    /// One of its descriptors.
    /// @param buffer address that the driver gave
    /// @param length octets stored there
    [[nodiscard]] RxDescriptorRead descriptor(std::uint64_t buffer, std::uint32_t length, bool first,
                                              bool last) const noexcept
    {
        // As the extended format has it: errors from bit 24 on.
        const std::uint64_t status = last ? last_.reserved | status_ : rx_status::dd;
        const std::uint64_t stored = length & 0xffffU;
        if (control_.extended) return {last ? last_.buffer : 0, status | stored << 32U};
        // The checksum stands in the frame's first descriptor (C.1).
        const std::uint64_t checksum = first ? verdict_.checksum : 0;
        const std::uint64_t errors   = status >> rx_error::extended_shift & 0xffU;
        const std::uint64_t vlan     = status >> 48U;
        return {buffer, stored | checksum << 16U | (status & 0xffU) << 32U | errors << 40U | vlan << 48U};
    }

private:
    [[gnu::noinline]] void                set_verdict(const StoredFrame& stored);
    [[nodiscard]] static RxDescriptorRead end_of_frame(const RxVerdict& verdict) noexcept;

    const RxControl& control_;
    std::uint32_t    status_             = 0;      // StoredFrame::status
    bool             verdict_may_differ_ = false;  // that of the next frame may not be the default
    bool             custom_verdict_     = false;  // verdict_ is not the default
    RxVerdict        verdict_{};
    RxDescriptorRead last_ = end_of_frame({});  // extended format, for verdict_, without status_
};

}  // namespace overrun
