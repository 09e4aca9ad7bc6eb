// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/fixed_source.hpp"

#include "testbench/traffic/source_spacing.hpp"

namespace overrun {

FixedSource::FixedSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch,
                         std::uint64_t seed)
    : frames_{spec, station, seed, epoch + spec.start}
{
    const SourceSpacing spacing = spacing_of(spec, rate);
    back_to_back_               = spacing.numerator == 0;
    denominator_                = spacing.denominator;
    whole_                      = static_cast<Time>(spacing.numerator / spacing.denominator);
    rest_                       = spacing.numerator % spacing.denominator;
}

Offer FixedSource::next()
{
    Offer offer = frames_.next();
    if (back_to_back_) return offer;
    offer.frame.start += after_;
    after_ += whole_;
    fraction_ += rest_;
    if (fraction_ >= denominator_) {
        fraction_ -= denominator_;
        ++after_;
    }
    return offer;
}

}  // namespace overrun
