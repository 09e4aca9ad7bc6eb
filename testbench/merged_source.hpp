// SPDX-License-Identifier: Apache-2.0
// Several sources as one, by start time; the first named wins a tie. It ends early when it is told to.
// Never holds more than one frame of each source back.
#pragma once

#include <memory>
#include <vector>

#include "hw/frame_source.hpp"
#include "hw/ring_queue.hpp"
#include "testbench/capture_interrupt.hpp"

namespace overrun {

class MergedSource final : public FrameSource {
public:
    /// @param stop when it becomes true no further frame is given; may be null
    MergedSource(std::vector<std::unique_ptr<FrameSource>> sources, StopFlag stop);

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

    [[nodiscard, gnu::noinline]] Offer merge();

    std::vector<Input>       inputs_;
    FrameSource*             only_ = nullptr;  // the source when there is but one
    StopFlag                 stop_;
    RingQueue<std::uint32_t> order_;  // input of each frame that is not released, oldest first; unused with one input
    FrameId                  released_ = 0;
};

}  // namespace overrun
