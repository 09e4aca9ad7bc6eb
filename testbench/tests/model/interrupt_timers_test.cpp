// SPDX-License-Identifier: Apache-2.0
// The interrupt timers by themselves, on an 8 ns clock: units, starts, stops and deadlines of contract B.4.
#include "model/interrupt_timers.hpp"

#include <string>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using Ended = InterruptTimers::Ended;

namespace {

constexpr Time edge  = 8 * nanosecond;
constexpr Time unit  = 1024 * nanosecond;
constexpr Time start = 1000 * edge;

/// RDTR starts anew with each frame; RADV counts from the first one.
template <class Timers>
std::string fault()
{
    Timers timers{CoreClock{edge}};
    if (timers.next() != never || timers.frame_timer_runs() || timers.running(0) != 0) return "runs at once";
    timers.set_delays(3, 5);
    if (!timers.delays_frames() || timers.next() != never) return "runs before a frame";

    timers.start(start);
    if (timers.next() != start + 3 * unit || timers.running(start) != 3) return "RDTR's delay is wrong";
    timers.start(start + unit);
    if (timers.next() != start + 4 * unit) return "RDTR does not start anew";
    timers.start(start + 3 * unit);
    if (timers.next() != start + 5 * unit) return "RADV does not count from the first frame";
    if (timers.ended(start + 5 * unit - 1) != Ended::none) return "ends early";
    if (timers.ended(start + 5 * unit) != Ended::absolute) return "RADV does not end";
    if (timers.ended(start + 6 * unit) != Ended::delay) return "RDTR does not end first where both have";
    if (timers.stop() || timers.next() != never || timers.frame_timer_runs()) return "does not stop";

    timers.set_acknowledge_delay(2);
    timers.start(start);
    timers.start_acknowledge(start);
    timers.start_acknowledge(start + unit);
    if (timers.next() != start + 2 * unit) return "RAID starts anew";
    if (timers.ended(start + 2 * unit) != Ended::acknowledge) return "RAID does not end";
    if (!timers.stop() || timers.stop()) return "ACK is not owed once";
    return {};
}

/// Broken twins, each in one respect.
struct KeepsDelayTimer : InterruptTimers {
    using InterruptTimers::InterruptTimers;
    void start(Time t) noexcept
    {
        if (!frame_timer_runs()) InterruptTimers::start(t);
    }
};
struct RestartsBound : InterruptTimers {
    using InterruptTimers::InterruptTimers;
    void start(Time t) noexcept
    {
        static_cast<void>(stop());
        InterruptTimers::start(t);
    }
};
struct LosesAcknowledge : InterruptTimers {
    using InterruptTimers::InterruptTimers;
    bool stop() noexcept { return InterruptTimers::stop() && false; }
};
struct UnitsOf1000 : InterruptTimers {
    using InterruptTimers::InterruptTimers;
    void start(Time t) noexcept { InterruptTimers::start(t - 24 * nanosecond); }
};

}  // namespace

TEST_CASE("RDTR starts with each frame, RADV and RAID with the first", "[interrupt_timers]")
{
    CHECK(fault<InterruptTimers>().empty());
}

TEST_CASE("timers that start at other times, or stop otherwise, are caught", "[interrupt_timers]")
{
    CHECK(fault<KeepsDelayTimer>() == "RDTR does not start anew");
    CHECK(fault<RestartsBound>() == "RADV does not count from the first frame");
    CHECK(fault<LosesAcknowledge>() == "ACK is not owed once");
    CHECK(fault<UnitsOf1000>() == "RDTR's delay is wrong");
}

TEST_CASE("without RDTR nothing is delayed", "[interrupt_timers]")
{
    InterruptTimers timers{CoreClock{edge}};
    timers.set_delays(0, 7);
    timers.set_acknowledge_delay(7);
    CHECK(!timers.delays_frames());
    CHECK(!timers.delays_acknowledgements());
    timers.set_delays(1, 0);
    CHECK(timers.delays_acknowledgements());
}

TEST_CASE("ITR is a deadline only while a cause waits for it", "[interrupt_timers]")
{
    InterruptTimers timers{CoreClock{edge}};
    timers.set_throttle(4);  // 1024 ns
    timers.start_interval(start);
    const Time end = start + 4 * 256 * nanosecond;
    CHECK(timers.earliest_rise() == end);
    CHECK(timers.running(end - 1) == 4);
    CHECK(timers.running(end) == 0);
    CHECK(timers.next() == never);

    timers.set_held(true);
    CHECK(timers.next() == end);
    CHECK(!timers.interval_ended(end - 1));
    CHECK(timers.interval_ended(end));
    timers.set_throttle(1);
    CHECK(timers.next() == end);  // the interval that runs keeps its length
    timers.set_held(false);
    CHECK(timers.next() == never);
}

TEST_CASE("deadlines of every timer lie on edges", "[interrupt_timers]")
{
    // A period that divides neither 256 ns nor 1.024 us; starts are on edges.
    constexpr Time  period = 7 * nanosecond;
    InterruptTimers timers{CoreClock{period}};
    timers.set_delays(1, 2);
    timers.set_acknowledge_delay(1);
    timers.set_throttle(1);
    timers.start(10 * period);
    CHECK(timers.next() == 157 * period);  // 1024 ns are 146.3 periods
    timers.start_acknowledge(10 * period);
    CHECK(timers.next() == 157 * period);
    static_cast<void>(timers.stop());
    timers.start_interval(10 * period);
    CHECK(timers.earliest_rise() == 47 * period);  // 256 ns are 36.6 periods
}

TEST_CASE("no frame from now on ends a delay before first_end()", "[interrupt_timers]")
{
    InterruptTimers timers{CoreClock{edge}};
    timers.set_delays(3, 0);
    CHECK(timers.first_end(start) == start + 3 * unit);
    timers.set_delays(3, 2);
    CHECK(timers.first_end(start) == start + 2 * unit);
    timers.start(start);
    CHECK(timers.first_end(start + unit) == start + 2 * unit);  // what runs ends before
}

TEST_CASE("a reset stops every timer and clears its register", "[interrupt_timers]")
{
    InterruptTimers timers{CoreClock{edge}};
    timers.set_delays(3, 5);
    timers.set_acknowledge_delay(2);
    timers.set_throttle(4);
    timers.start(start);
    timers.start_acknowledge(start);
    timers.start_interval(start);
    timers.set_held(true);
    timers.reset();
    CHECK(timers.next() == never);
    CHECK(!timers.stop());
    CHECK(!timers.delays_frames());
    CHECK(!timers.delays_acknowledgements());
    CHECK(timers.earliest_rise() == 0);
    timers.start_interval(start);
    CHECK(timers.earliest_rise() == start);
}
