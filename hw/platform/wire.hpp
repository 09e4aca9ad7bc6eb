// SPDX-License-Identifier: Apache-2.0
// The wire: gives every frame its id and a start at which the wire is free, whatever the source's timestamps say.
// Never lets two frames overlap: preamble, SFD, frame and inter-frame gap each take their time.
#pragma once

#include <atomic>
#include <cstdint>

#include "hw/engine/frame_source.hpp"
#include "hw/ethernet/wire_rate.hpp"

namespace overrun {

class Wire final : public FrameSource {
public:
    /// @param stop when it becomes true no further frame is given; may be null
    Wire(FrameSource& source, WireRate rate, const std::atomic<bool>* stop = nullptr)
        : source_{source}, rate_{rate}, stop_{stop}
    {
    }

    [[nodiscard]] Offer next() override;
    void                release(FrameId last) noexcept override { source_.release(last); }

    [[nodiscard]] WireRate      rate() const noexcept { return rate_; }
    [[nodiscard]] FrameId       frames() const noexcept { return frames_; }
    [[nodiscard]] std::uint64_t octets() const noexcept { return octets_; }  ///< DA to FCS of all frames given out
    /// Frames that started later than their source asked, and by how much at most.
    [[nodiscard]] std::uint64_t moved() const noexcept { return moved_; }
    [[nodiscard]] Time          moved_at_most() const noexcept { return moved_at_most_; }
    /// When the last frame's last octet ends.
    [[nodiscard]] Time end_of_last() const noexcept
    {
        return frames_ == 0 ? 0 : last_start_ + rate_.of(std::int64_t{preamble_octets} + last_length_);
    }

private:
    FrameSource&             source_;
    WireRate                 rate_;
    const std::atomic<bool>* stop_;
    Time                     free_at_       = 0;
    Time                     last_start_    = 0;
    std::uint32_t            last_length_   = 0;
    FrameId                  frames_        = 0;
    std::uint64_t            octets_        = 0;
    std::uint64_t            moved_         = 0;
    Time                     moved_at_most_ = 0;
};

}  // namespace overrun
