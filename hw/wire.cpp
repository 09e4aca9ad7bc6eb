// SPDX-License-Identifier: Apache-2.0
// Serialisation of frames in the order in which their source gives them.
// Never looks at an octet.
#include "hw/wire.hpp"

#include <algorithm>

namespace overrun {

Offer Wire::next()
{
    Offer offer = source_.next();
    if (offer.kind == Offer::Kind::none_before) return offer;

    Frame&     frame = offer.frame;
    const Time start = std::max(frame.start, free_at_);
    if (start > frame.start) {
        ++moved_;
        moved_at_most_ = std::max(moved_at_most_, start - frame.start);
    }
    frame.start = start;
    frame.id    = ++frames_;
    octets_ += frame.length;
    free_at_     = start + rate_.slot(frame.length);
    last_start_  = start;
    last_length_ = frame.length;
    return offer;
}

}  // namespace overrun
