// SPDX-License-Identifier: Apache-2.0
// Decides which frames of a source are broken, and how: by their numbers or by chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/source_random.hpp"

namespace overrun {

/// What is wrong with one frame.
struct FrameErrors {
    enum class Length : std::uint8_t { right, runt, oversize };

    Length length  = Length::right;
    bool   crc     = false;
    bool   rx_er   = false;
    bool   dribble = false;

    friend bool operator==(const FrameErrors&, const FrameErrors&) = default;
};

class SourceErrors {
public:
    SourceErrors(const ErrorSpec& spec, std::uint64_t seed);

    /// No frame is ever broken.
    [[nodiscard]] bool none() const noexcept { return none_; }

    /// The errors of frame `number`, counted from 1. A frame that a list names has its error; where no list names the
    /// kind, chance decides. A frame is never runt and oversize: the two share one draw.
    /// @param number one more at each call
    [[nodiscard]] FrameErrors of(std::uint64_t number) noexcept;

private:
    class Choice {
    public:
        Choice(const FrameChoice& choice, std::uint64_t seed, RandomUse use);

        [[nodiscard]] bool          listed(std::uint64_t number) noexcept;
        [[nodiscard]] std::uint64_t draw(std::uint64_t number) const noexcept { return stream_.uniform(number - 1); }
        /// The choice takes the draws below this.
        [[nodiscard]] std::uint64_t below() const noexcept { return below_; }
        [[nodiscard]] bool          picks(std::uint64_t number) noexcept
        {
            return listed(number) || (below_ != 0 && draw(number) < below_);
        }

    private:
        std::vector<std::uint64_t> numbers_;  // rising
        std::size_t                next_ = 0;
        std::uint64_t              below_;
        RandomStream               stream_;
    };

    [[nodiscard]] FrameErrors::Length length_of(std::uint64_t number) noexcept;

    bool   none_;
    Choice crc_;
    Choice runt_;
    Choice oversize_;
    Choice rx_er_;
    Choice dribble_;
};

}  // namespace overrun
