// SPDX-License-Identifier: Apache-2.0
#include "hw/systemc/interrupt_driver.hpp"

#include <algorithm>

#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

void InterruptDriver::interrupt(const InterruptEdge& edge)
{
    if (edge.level) ++rises_;
    Edge& shown  = waiting_.append();
    shown.time   = edge.time;
    shown.level  = edge.level;
    shown.behind = 0;
    if (writes_ != nullptr) {
        shown.time = std::max(edge.time, writes_->last_visible());
        if (writes_->writes_taken() != writes_->writes_booked()) shown.behind = writes_->writes_booked();
    }
    if (cpu_ != nullptr) cpu_->interrupt(edge);
}

void InterruptDriver::write_taken()
{
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
        if (waiting_[i].behind != writes_->writes_taken()) continue;
        waiting_[i].behind = 0;
        waiting_[i].time   = std::max(waiting_[i].time, writes_->last_visible());
    }
}

void InterruptDriver::show()
{
    line_.write(waiting_.front().level);
    waiting_.pop();
}

void InterruptDriver::skip_until(Time t)
{
    while (waiting_.size() > 1 && waiting_[1].time <= t) waiting_.pop();
}

void InterruptDriver::notify(Time step, Time now)
{
    const Time next = std::min(step, this->next());
    if (next == never) return;
    // An earlier pending notification stays; a later one gives way (IEEE 1666, sc_event::notify).
    if (next > now) {
        due_.notify(to_sc_time(next - now));
    } else {
        due_.notify(sc_core::SC_ZERO_TIME);
    }
}

}  // namespace overrun
