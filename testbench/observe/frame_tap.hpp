// SPDX-License-Identifier: Apache-2.0
// Keeps the frames on their way from the wire to the NIC at hand, until their end is known.
// Never copies an octet: it only holds their release back.
#pragma once

#include <algorithm>
#include <limits>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/frame_source.hpp"

namespace overrun {

class FrameTap final : public FrameSource {
public:
    /// @param source gives frames whose ids count from 1
    explicit FrameTap(FrameSource& source) : source_{source} {}

    [[nodiscard]] Offer next() override
    {
        const Offer offer = source_.next();
        if (offer.kind == Offer::Kind::frame && done_ != all) frames_.push(offer.frame);
        return offer;
    }
    void release(FrameId last) noexcept override
    {
        released_ = std::max(released_, last);
        pass_on();
    }

    /// The frame, whose octets are valid. Precondition: it was given out, and done() has not reached it.
    [[nodiscard]] const Frame& frame(FrameId id) const noexcept { return frames_[id - done_ - 1]; }

    /// Nobody asks for the frames up to and including `last` any more. Rises from call to call.
    void done(FrameId last) noexcept
    {
        for (; done_ < last && !frames_.empty(); ++done_) frames_.pop();
        pass_on();
    }

    /// Nobody asks for any frame any more, those to come included.
    void stop() noexcept
    {
        frames_.clear();
        done_ = all;
        pass_on();
    }

private:
    void pass_on() noexcept
    {
        const FrameId last = std::min(released_, done_);
        if (last < passed_ + group) return;
        passed_ = last;
        source_.release(last);
    }

    static constexpr FrameId group = 32;
    static constexpr FrameId all   = std::numeric_limits<FrameId>::max();

    FrameSource&     source_;
    RingQueue<Frame> frames_;
    FrameId          done_     = 0;
    FrameId          released_ = 0;
    FrameId          passed_   = 0;
};

}  // namespace overrun
