// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/poisson_source.hpp"

#include <stdexcept>

#include "testbench/traffic/source_spacing.hpp"

namespace overrun {

PoissonSource::PoissonSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch,
                             std::uint64_t seed)
    : frames_{spec, station, seed}, gaps_{seed, RandomUse::gap}, first_{epoch + spec.start}
{
    const SourceSpacing spacing = spacing_of(spec, rate);
    if (spacing.numerator == 0) throw std::invalid_argument("a Poisson source needs a rate or a load");
    mean_ = (Wide{spacing.numerator} << time_bits) / spacing.denominator;
}

Offer PoissonSource::next()
{
    const std::uint64_t index = frames_.given();
    Offer               offer = frames_.next();
    offer.frame.start         = first_ + static_cast<Time>(elapsed_ >> time_bits);
    elapsed_ += mean_ * exponential(gaps_.uniform(index)) >> exponential_bits;
    return offer;
}

}  // namespace overrun
