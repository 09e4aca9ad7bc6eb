// SPDX-License-Identifier: Apache-2.0
// Scripted stalls of the host CPU: times at which it does nothing at all.
// Never stalls twice for overlapping windows.
#pragma once

#include <algorithm>
#include <vector>

#include "hw/base/time.hpp"

namespace overrun {

/// [at, at + duration), again each `every` when that is not `never`.
struct Stall {
    Time at       = 0;
    Time duration = 0;
    Time every    = never;
};

class StallSchedule {
public:
    StallSchedule() = default;
    explicit StallSchedule(std::vector<Stall> stalls) : stalls_{std::move(stalls)} { find_next(); }

    /// The begin of the next stall; `never` when there is none.
    [[nodiscard]] Time next() const noexcept { return next_; }

    /// The CPU was idle until `t` and wants to run: when it can.
    [[nodiscard]] Time wake(Time t)
    {
        if (next_ > t) return t;
        pass(t);
        while (next_ <= t) t = std::max(t, take());
        return t;
    }

    /// The CPU works from `start` on and would be done at `end`: when it is done.
    [[nodiscard]] Time work(Time start, Time end)
    {
        while (next_ < end) {
            const Time begin = std::max(next_, start);
            const Time over  = take();
            if (over > begin) end += over - begin;
            start = std::max(start, over);
        }
        return end;
    }

private:
    /// Leaves out the windows that ended while the CPU was idle, however many there were.
    void pass(Time t)
    {
        for (Stall& stall : stalls_) {
            if (stall.at > t || t - stall.at < stall.duration) continue;
            const Time since = t - stall.at - stall.duration;
            stall.at         = stall.every == never ? never : stall.at + (since / stall.every + 1) * stall.every;
        }
        find_next();
    }

    /// Takes the next window off the list; returns its end.
    Time take()
    {
        const auto due  = std::min_element(stalls_.begin(), stalls_.end(),
                                           [](const Stall& a, const Stall& b) { return a.at < b.at; });
        const Time over = due->at + due->duration;
        due->at         = due->every == never ? never : due->at + due->every;
        find_next();
        return over;
    }

    void find_next()
    {
        next_ = never;
        for (const Stall& stall : stalls_) next_ = std::min(next_, stall.at);
    }

    std::vector<Stall> stalls_;
    Time               next_ = never;
};

}  // namespace overrun
