// SPDX-License-Identifier: Apache-2.0
#include "hw/systemc/lazy_time.hpp"

namespace overrun {

void LazyTime::wake()
{
    if (driver_.next() <= time_.now()) driver_.show();
    notify();
}

void LazyTime::drive_until(Time t)
{
    driven_until_ = t;
    if (!driver_.empty()) notify();
}

bool LazyTime::skip_edges(Time t)
{
    if (line_ == nullptr || line_->observed()) return false;
    driver_.skip_until(t);
    return true;
}

void LazyTime::notify()
{
    if (driver_.next() <= driven_until_) driver_.notify(never, time_.now());
}

}  // namespace overrun
