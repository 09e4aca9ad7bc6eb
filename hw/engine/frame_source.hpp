// SPDX-License-Identifier: Apache-2.0
// The wire seam: whoever receives pulls the next frame, the source never pushes.
// Never returns frames out of order: start times do not fall.
#pragma once

#include "hw/ethernet/frame.hpp"

namespace overrun {

/// What a source has to offer next.
struct Offer {
    enum class Kind : std::uint8_t { frame, none_before };

    Kind  kind = Kind::none_before;
    Frame frame{};              ///< valid when kind is frame
    Time  none_before = never;  ///< no frame starts before this; `never` means exhausted

    [[nodiscard]] static Offer none(Time before = never) noexcept { return {Kind::none_before, {}, before}; }
};

class FrameSource {
public:
    virtual ~FrameSource() = default;

    /// The next frame in start order, or "none before t". A frame is offered once. Start times are absolute.
    [[nodiscard]] virtual Offer next() = 0;

    /// The receiver no longer needs the octets of the frames up to and including `last`.
    /// Called with rising ids, not for every frame. Octets handed out stay valid until then.
    virtual void release(FrameId last) noexcept = 0;
};

}  // namespace overrun
