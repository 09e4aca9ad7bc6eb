// SPDX-License-Identifier: Apache-2.0
// Serialisation of frames in the order in which their source gives them.
// Never looks at an octet.
#include "hw/platform/wire.hpp"

#include <algorithm>

namespace overrun {

Offer Wire::next()
{
    const bool stopped = stop_ != nullptr && stop_->load(std::memory_order_relaxed);
    Offer      offer   = stopped ? Offer::none() : source_.next();  // the only offer, so that none is copied
    if (offer.kind == Offer::Kind::none_before) return offer;

    Frame&     frame = offer.frame;
    const Time late  = free_at_ - frame.start;
    if (late > 0) {
        ++moved_;
        moved_at_most_ = std::max(moved_at_most_, late);
        frame.start    = free_at_;
    }
    frame.id = ++frames_;
    octets_ += frame.length;
    free_at_     = frame.start + rate_.slot(frame.length);
    last_start_  = frame.start;
    last_length_ = frame.length;
    return offer;
}

}  // namespace overrun
