// SPDX-License-Identifier: Apache-2.0
// Receive DMA on a port that tells later how long an access takes, because the platform decides.
// Never needed, and never called, where the port tells times when it books.
#include <algorithm>

#include "model/rx_dma.hpp"

namespace overrun {

void RxDma::done(const DmaDone& access)
{
    const Time soon = now_ + 1;  // on an edge that has not been
    if (access.operation == DmaOperation::read) {
        if (forgotten_ != 0) {
            --forgotten_;
        } else {
            ring_.told(clock_.edge(std::max(access.times.completed, soon)));
        }
        return;
    }
    Time visible = access.times.completed;
    // After a reset, a write may still be under way that no command waits for.
    if (accepted_ != never && accepted_ >= untold && writes_.untold_writes() == 1) {
        const std::uint32_t octets = command_ == Command::payload ? piece_ : written_together_ * rx_descriptor_octets;
        accepted_ = clock_.edge(std::max({access.issued + beat_time(octets), access.times.accepted, soon}));
        visible   = std::max(visible, accepted_);
    }
    writes_.told(visible);
}

}  // namespace overrun
