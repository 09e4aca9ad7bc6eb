// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/destination_count.hpp"

#include <algorithm>

namespace overrun {

namespace {

MacAddress destination_of(const Frame& frame)
{
    if (frame.stored >= address_octets) return MacAddress::from(frame.octets);
    MacAddress address;
    for (std::uint32_t i = 0; i < address_octets; ++i)
        address.octets[i] = std::to_integer<std::uint8_t>(frame.octet(i));
    return address;
}

}  // namespace

void DestinationCount::count(const Frame& frame)
{
    if (frame.body() < address_octets) return;
    const MacAddress address = destination_of(frame);
    if (address.is_group()) return;
    const std::uint64_t value = address.value();
    if (value != last_value_) {  // frames come in trains to one station
        if (entries_.size() == most_ && !index_.contains(value)) forget_rare_ones();
        const auto [place, is_new] = index_.try_emplace(value, entries_.size());
        if (is_new) entries_.push_back({{address, 0}, 0});
        last_value_ = value;
        last_index_ = place->second;
    }
    ++entries_[last_index_].entry.frames;
    ++entries_[last_index_].weight;
}

void DestinationCount::forget_rare_ones()
{
    std::vector<std::uint64_t> weights;
    weights.reserve(entries_.size());
    for (const Kept& one : entries_) weights.push_back(one.weight);
    const auto middle = weights.begin() + static_cast<std::ptrdiff_t>((weights.size() - 1) / 2);
    std::nth_element(weights.begin(), middle, weights.end());
    const std::uint64_t taken = *middle;

    std::erase_if(entries_, [taken](const Kept& one) { return one.weight <= taken; });
    missing_ += taken;
    index_.clear();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        entries_[i].weight -= taken;
        index_.emplace(entries_[i].entry.address.value(), i);
    }
}

DestinationCount::Entry DestinationCount::most_frequent() const noexcept
{
    const auto fewer = [](const Kept& a, const Kept& b) { return a.entry.frames < b.entry.frames; };
    const auto most  = std::max_element(entries_.begin(), entries_.end(), fewer);  // the first of equals
    return most == entries_.end() ? Entry{} : most->entry;
}

}  // namespace overrun
