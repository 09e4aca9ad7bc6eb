// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/merged_source.hpp"

namespace overrun {

MergedSource::MergedSource(std::vector<std::unique_ptr<FrameSource>> sources)
{
    for (auto& source : sources) inputs_.push_back({.source = std::move(source)});
}

Offer MergedSource::next()
{
    Input* best       = nullptr;
    Time   none_until = never;
    for (Input& input : inputs_) {
        if (!input.asked) {
            input.offer = input.source->next();
            input.asked = true;
        }
        if (input.offer.kind == Offer::Kind::none_before) {
            none_until = std::min(none_until, input.offer.none_before);
            // A source that may have more later is asked again next time.
            input.asked = input.offer.none_before == never;
        } else if (best == nullptr || input.offer.frame.start < best->offer.frame.start) {
            best = &input;
        }
    }
    if (best == nullptr || best->offer.frame.start >= none_until) return Offer::none(none_until);
    best->asked = false;
    ++best->given;
    order_.push(static_cast<std::uint32_t>(best - inputs_.data()));
    return best->offer;
}

void MergedSource::release(FrameId last) noexcept
{
    for (; released_ < last && !order_.empty(); ++released_) {
        ++inputs_[order_.front()].released;
        order_.pop();
    }
    for (Input& input : inputs_) input.source->release(input.released);
}

}  // namespace overrun
