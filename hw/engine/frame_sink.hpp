// SPDX-License-Identifier: Apache-2.0
// The transmit end of the wire seam: where the frames go that a device sends.
#pragma once

#include "hw/ethernet/frame.hpp"

namespace overrun {

class FrameSink {
public:
    virtual ~FrameSink() = default;

    /// A frame leaves the device. Called in the order of `frame.start`, the time of its first octet on the wire.
    /// @param frame its octets stay valid during the call
    virtual void transmitted(const Frame& frame) = 0;
};

}  // namespace overrun
