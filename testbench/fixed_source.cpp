// SPDX-License-Identifier: Apache-2.0
// Start times of fixed traffic as exact fractions.
// Never accumulates: each start is computed from the frame's index.
#include "testbench/fixed_source.hpp"

#include <algorithm>
#include <cmath>

namespace overrun {

namespace {

constexpr MacAddress    sender{{0x02, 0, 0, 0, 0, 0x02}};
constexpr std::uint16_t local_experimental = 0x88b5;  // IEEE 802: local experimental EtherType 1

}  // namespace

FixedSource::FixedSource(const TrafficSpec& spec, const MacAddress& station, WireRate rate, Time epoch)
    : body_(spec.length - fcs_octets), count_{spec.count}, first_{epoch + spec.start}
{
    const MacAddress destination = spec.destination.value_or(station);
    for (std::size_t i = 0; i < address_octets; ++i) {
        body_[i]                  = static_cast<std::byte>(destination.octets[i]);
        body_[address_octets + i] = static_cast<std::byte>(sender.octets[i]);
    }
    body_[12] = static_cast<std::byte>(local_experimental >> 8U);
    body_[13] = static_cast<std::byte>(local_experimental & 0xffU);
    for (std::size_t i = header_octets; i < body_.size(); ++i) body_[i] = static_cast<std::byte>(i & 0xffU);

    offer_.kind         = Offer::Kind::frame;
    offer_.frame.octets = body_.data();
    offer_.frame.stored = static_cast<std::uint32_t>(body_.size());
    offer_.frame.length = spec.length;

    if (spec.rate) {
        numerator_   = static_cast<std::uint64_t>(second);
        denominator_ = *spec.rate;
    } else if (spec.load) {
        constexpr std::uint64_t million = 1'000'000;
        numerator_                      = static_cast<std::uint64_t>(rate.slot(spec.length)) * million;
        denominator_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(*spec.load * million)));
    }
}

Time FixedSource::after(std::uint64_t index) const noexcept
{
    __extension__ using Wide = unsigned __int128;
    return static_cast<Time>(Wide{index} * numerator_ / denominator_);
}

Offer FixedSource::next()
{
    if (given_ == count_) return Offer::none();
    Offer offer       = offer_;
    offer.frame.start = first_ + (numerator_ == 0 ? 0 : after(given_));
    ++given_;
    return offer;
}

}  // namespace overrun
