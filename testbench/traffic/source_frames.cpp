// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/source_frames.hpp"

#include <algorithm>

#include "hw/ethernet/fcs.hpp"

namespace overrun {

namespace {

constexpr MacAddress    sender{{0x02, 0, 0, 0, 0, 0x02}};
constexpr std::uint16_t local_experimental = 0x88b5;  // IEEE 802: local experimental EtherType 1

/// A frame with its FCS and one flipped bit in the middle of what follows the header, so that addresses and type stay.
std::vector<std::byte> with_flipped_bit(const Frame& right)
{
    const auto             octets = right.stored_octets();
    const auto             fcs    = fcs_on_wire(right);
    std::vector<std::byte> wrong{octets.begin(), octets.end()};
    wrong.insert(wrong.end(), fcs.begin(), fcs.end());
    wrong[header_octets + (octets.size() - header_octets) / 2] ^= std::byte{1};
    return wrong;
}

}  // namespace

SourceFrames::SourceFrames(const TrafficSpec& spec, const MacAddress& station, std::uint64_t seed, Time start)
    : lengths_{spec.length, runt_length, oversize_length}, errors_{spec.errors, seed}, count_{spec.count}
{
    const std::uint32_t longest = errors_.none() ? spec.length : *std::max_element(lengths_.begin(), lengths_.end());
    body_.resize(longest - fcs_octets);
    const MacAddress destination = spec.destination.value_or(station);
    for (std::size_t i = 0; i < address_octets; ++i) {
        body_[i]                  = static_cast<std::byte>(destination.octets[i]);
        body_[address_octets + i] = static_cast<std::byte>(sender.octets[i]);
    }
    body_[12] = static_cast<std::byte>(local_experimental >> 8U);
    body_[13] = static_cast<std::byte>(local_experimental & 0xffU);
    for (std::size_t i = header_octets; i < body_.size(); ++i) body_[i] = static_cast<std::byte>(i & 0xffU);

    plain_.kind         = Offer::Kind::frame;
    plain_.frame.octets = body_.data();
    plain_.frame.stored = spec.length - fcs_octets;
    plain_.frame.length = spec.length;
    plain_.frame.start  = start;
    if (spec.errors.crc.none()) return;
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
        Frame right  = plain_.frame;
        right.stored = lengths_[i] - fcs_octets;
        right.length = lengths_[i];
        wrong_[i]    = with_flipped_bit(right);
    }
}

Offer SourceFrames::broken(const FrameErrors& errors) const
{
    const auto which    = static_cast<std::size_t>(errors.length);
    Offer      offer    = plain_;
    offer.frame.length  = lengths_[which];
    offer.frame.stored  = lengths_[which] - fcs_octets;
    offer.frame.rx_er   = errors.rx_er;
    offer.frame.dribble = errors.dribble;
    if (errors.crc) {
        offer.frame.octets = wrong_[which].data();
        offer.frame.stored = lengths_[which];
        offer.frame.fcs    = Fcs::stored;
    }
    return offer;
}

}  // namespace overrun
