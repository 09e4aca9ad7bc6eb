// SPDX-License-Identifier: Apache-2.0
// Interface of those that want to know how each frame ended.
#pragma once

#include "hw/engine/fate.hpp"
#include "hw/ethernet/frame.hpp"

namespace overrun {

class FateSink {
public:
    virtual ~FateSink() = default;

    /// The frame has its fate. Called once for each frame, when the ledger enters it.
    /// @param start when the frame's first preamble octet was on the wire
    /// @param time  when the fate was certain; from call to call it may go back, as the times of probe events may
    virtual void over(FrameId id, Fate fate, Time start, Time time) = 0;
};

}  // namespace overrun
