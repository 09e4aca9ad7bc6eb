// SPDX-License-Identifier: Apache-2.0
// Several sources as one, by start time; the first named wins a tie.
// It holds back one frame of each source.
#pragma once

#include <memory>
#include <vector>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/frame_source.hpp"

namespace overrun {

class MergedSource final : public FrameSource {
public:
    explicit MergedSource(std::vector<std::unique_ptr<FrameSource>> sources);

    /// What gives the frames of all: the source itself when there is but one.
    [[nodiscard]] FrameSource& all() noexcept
    {
        return inputs_.size() == 1 ? *inputs_.front().source : static_cast<FrameSource&>(*this);
    }

    [[nodiscard]] Offer next() override;
    /// Ids are those of the one receiver, which counts from 1 in the order of next().
    void release(FrameId last) noexcept override;

private:
    struct Input {
        std::unique_ptr<FrameSource> source;
        Offer                        offer{};
        bool                         asked    = false;
        FrameId                      given    = 0;  // frames handed out
        FrameId                      released = 0;
    };

    std::vector<Input>       inputs_;
    RingQueue<std::uint32_t> order_;  // input of each frame that is not released, oldest first
    FrameId                  released_ = 0;
};

}  // namespace overrun
