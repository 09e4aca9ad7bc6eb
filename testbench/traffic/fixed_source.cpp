// SPDX-License-Identifier: Apache-2.0
// Start times of fixed traffic as exact fractions.
// What a start is rounded down by goes into the next one.
#include "testbench/traffic/fixed_source.hpp"

#include <algorithm>
#include <cmath>

namespace overrun {

SourceSpacing spacing_of(const TrafficSpec& spec, WireRate rate) noexcept
{
    if (spec.rate) return {static_cast<std::uint64_t>(second), *spec.rate};
    if (!spec.load) return {};
    constexpr std::uint64_t million = 1'000'000;
    return {static_cast<std::uint64_t>(rate.slot(spec.length)) * million,
            std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(*spec.load * million)))};
}

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
