// SPDX-License-Identifier: Apache-2.0
// Start times of fixed traffic as exact fractions.
// Never accumulates: each start is computed from the frame's index.
#include "testbench/fixed_source.hpp"

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
    : frames_{spec, station, seed, epoch + spec.start}, spacing_{spacing_of(spec, rate)}
{
}

Time FixedSource::after(std::uint64_t index) const noexcept
{
    __extension__ using Wide = unsigned __int128;
    return static_cast<Time>(Wide{index} * spacing_.numerator / spacing_.denominator);
}

Offer FixedSource::next()
{
    return spacing_.numerator == 0 ? frames_.next() : spaced();
}

Offer FixedSource::spaced()
{
    const std::uint64_t index = frames_.given();
    Offer               offer = frames_.next();
    offer.frame.start += after(index);
    return offer;
}

}  // namespace overrun
