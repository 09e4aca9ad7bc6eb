// SPDX-License-Identifier: Apache-2.0
// The link's state and the time that it takes to come up after the host has asked for it (contract B.0).
#pragma once

#include <optional>

#include "hw/base/time.hpp"

namespace overrun {

class Link {
public:
    /// @param up_time from the request to link-up; 0: at once
    Link(CoreClock clock, Time up_time) noexcept : clock_{clock}, up_time_{up_time} {}

    /// Down, and not on its way up: a reset of the PHY.
    void reset() noexcept
    {
        up_   = false;
        next_ = never;
    }

    /// CTRL.SLU. A link that is on its way up keeps its time.
    /// @return whether the link's state is to change now, by set()
    [[nodiscard]] bool request(bool up, Time t) noexcept
    {
        if (!up) {
            next_ = never;
            return up_;
        }
        if (up_ || next_ != never) return false;
        if (up_time_ == 0) return true;
        next_ = clock_.edge(t + up_time_);
        return false;
    }
    /// The state changes, and nothing is on its way.
    void set(bool up) noexcept
    {
        up_   = up;
        next_ = never;
    }

    [[nodiscard]] bool up() const noexcept { return up_; }
    /// When the link comes up; `never` when it is up, or is not asked for.
    [[nodiscard]] Time next() const noexcept { return next_; }

private:
    CoreClock clock_;
    Time      up_time_;
    bool      up_   = false;
    Time      next_ = never;
};

}  // namespace overrun
