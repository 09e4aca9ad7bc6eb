// SPDX-License-Identifier: Apache-2.0
#include "model/descriptor_content.hpp"

namespace overrun {

void DescriptorContent::set_verdict(const StoredFrame& stored)
{
    custom_verdict_ = control_.examines() && !nothing_to_say(stored.frame, stored.octets, control_);
    verdict_        = custom_verdict_ ? examine(stored.frame, stored.octets, control_) : RxVerdict{};
    last_           = end_of_frame(verdict_);
    control_changed();
}

/// What the last descriptor of each frame with this verdict reports.
RxDescriptorRead DescriptorContent::end_of_frame(const RxVerdict& verdict) noexcept
{
    const std::uint64_t status =
        rx_status::dd | rx_status::eop | verdict.status | verdict.errors << rx_error::extended_shift;
    return {std::uint64_t{verdict.ip_id} << 32U | std::uint64_t{verdict.checksum} << 48U,
            status | std::uint64_t{verdict.vlan} << 48U};
}

}  // namespace overrun
