// SPDX-License-Identifier: Apache-2.0
// Where the reference driver delivers frames.
#pragma once

#include <cstddef>
#include <span>

#include "hw/base/time.hpp"

namespace overrun {

/// Receives every frame the driver delivers; the octets are valid during the call.
class FrameConsumer {
public:
    virtual ~FrameConsumer()                                              = default;
    virtual void frame(std::span<const std::byte> octets, Time delivered) = 0;
};

}  // namespace overrun
