// SPDX-License-Identifier: Apache-2.0
// The filter once more, in its plainest form, to know which frames the two sides judge by different rules.
// Frames that both sides judge by the same rule are all compared.
#include "testbench/differential/frame_rules.hpp"

#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/multicast_hash.hpp"

namespace overrun::differential {

namespace {

std::uint64_t destination_of(std::span<const std::byte> frame)
{
    std::uint64_t value = 0;
    for (std::size_t i = address_octets; i-- > 0;) value = value << 8U | std::to_integer<std::uint64_t>(frame[i]);
    return value;
}

std::uint32_t word_at(std::span<const std::byte> frame, std::size_t at)
{
    return std::to_integer<std::uint32_t>(frame[at]) << 8U | std::to_integer<std::uint32_t>(frame[at + 1]);
}

constexpr std::size_t least_body     = minimum_frame - fcs_octets;
constexpr std::size_t standard_limit = 1522;  // ours with the FCS

}  // namespace

void FrameRules::reset()
{
    for (const reg::RegisterInfo& row : reg::register_table)
        for (std::uint32_t i = 0; i < row.count; ++i) words_[(row.offset + i * row.stride) / 4] = row.reset;
}

std::optional<Departure> FrameRules::left_out(std::span<const std::byte> frame) const
{
    if (exists(Departure::runts) && frame.size() < least_body) return Departure::runts;
    const std::uint32_t rctl = words_[reg::RCTL::offset / 4];
    if (exists(Departure::standard_limit) && !reg::RCTL::LPE.in(rctl) && frame.size() <= standard_limit &&
        frame.size() + fcs_octets > standard_limit)
        return Departure::standard_limit;

    const std::uint64_t destination = destination_of(frame);
    const std::uint32_t type        = word_at(frame, 12);
    const std::uint64_t control =
        std::uint64_t{words_[reg::FCAH::offset / 4] & 0xffffU} << 32U | words_[reg::FCAL::offset / 4];
    const std::uint64_t station =
        std::uint64_t{words_[reg::RAH::at(0) / 4] & 0xffffU} << 32U | words_[reg::RAL::at(0) / 4];
    if (exists(Departure::mac_control) && type == (words_[reg::FCT::offset / 4] & 0xffffU) &&
        (destination == control || destination == station))
        return Departure::mac_control;

    const bool tagged = type == (words_[reg::VET::offset / 4] & 0xffffU);
    if (exists(Departure::cfi_filter) && tagged && reg::RCTL::VFE.in(rctl) && reg::RCTL::CFIEN.in(rctl) &&
        (word_at(frame, 14) >> 12U & 1U) != reg::RCTL::CFI.get(rctl))
        return Departure::cfi_filter;

    const bool multicast = (destination & 1U) != 0 && destination != broadcast_address;
    if (exists(Departure::hash_any_address) && !multicast && !promiscuous(destination) && !exact(destination) &&
        hashed(destination))
        return Departure::hash_any_address;
    return std::nullopt;
}

bool FrameRules::oversize(std::size_t octets) const
{
    return octets + fcs_octets > standard_limit && !reg::RCTL::LPE.in(words_[reg::RCTL::offset / 4]);
}

bool FrameRules::by_hash_alone(std::span<const std::byte> frame) const
{
    const std::uint64_t destination = destination_of(frame);
    const bool          multicast   = (destination & 1U) != 0 && destination != broadcast_address;
    return multicast && !promiscuous(destination) && !exact(destination) && hashed(destination);
}

std::uint32_t FrameRules::buffer_octets() const
{
    constexpr std::array<std::uint32_t, 8> sizes{2048, 1024, 512, 256, 2048, 16384, 8192, 4096};
    const std::uint32_t                    rctl = words_[reg::RCTL::offset / 4];
    if (const std::uint32_t kib = reg::RCTL::FLXBUF.get(rctl); kib != 0) return kib * 1024;
    return sizes[reg::RCTL::BSEX.get(rctl) * 4 + reg::RCTL::BSIZE.get(rctl)];
}

bool FrameRules::extended() const
{
    return reg::RFCTL::EXTEN.in(words_[reg::RFCTL::offset / 4]);
}

bool FrameRules::promiscuous(std::uint64_t destination) const
{
    const std::uint32_t rctl = words_[reg::RCTL::offset / 4];
    if (destination == broadcast_address) return reg::RCTL::BAM.in(rctl);
    return (destination & 1U) != 0 ? reg::RCTL::MPE.in(rctl) : reg::RCTL::UPE.in(rctl);
}

bool FrameRules::exact(std::uint64_t destination) const
{
    for (std::uint32_t i = 0; i < reg::RAL::count; ++i) {
        const std::uint32_t high = words_[reg::RAH::at(i) / 4];
        if (reg::RAH::AV.in(high) &&
            (std::uint64_t{high & 0xffffU} << 32U | words_[reg::RAL::at(i) / 4]) == destination)
            return true;
    }
    return false;
}

bool FrameRules::hashed(std::uint64_t destination) const
{
    const MulticastHash at =
        multicast_hash(static_cast<std::uint8_t>(destination >> 32U), static_cast<std::uint8_t>(destination >> 40U),
                       reg::RCTL::MO.get(words_[reg::RCTL::offset / 4]));
    return (words_[reg::MTA::at(at.word) / 4] >> at.bit & 1U) != 0;
}

}  // namespace overrun::differential
