// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/burst_source.hpp"

namespace overrun {

BurstSource::BurstSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch,
                         std::uint64_t seed)
    : frames_{spec, station, seed}, rate_{rate}, burst_{spec.burst}, gap_{spec.gap}, next_{epoch + spec.start}
{
}

Offer BurstSource::next()
{
    Offer offer = frames_.next();
    if (offer.kind == Offer::Kind::none_before) return offer;
    if (in_burst_ == burst_) {
        next_ += gap_;
        in_burst_ = 0;
    }
    offer.frame.start = next_;
    next_ += rate_.slot(offer.frame.length);
    ++in_burst_;
    return offer;
}

}  // namespace overrun
