// SPDX-License-Identifier: Apache-2.0
// Capture time against closed forms: gaps, speeds, the longest replay, and timestamps that go backwards.
// Every time is exact to the picosecond.
#include "testbench/capture/capture_clock.hpp"

#include <limits>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

constexpr std::int64_t a_second = 1'000'000'000;  // in timestamps

}  // namespace

TEST_CASE("capture time counts from the first timestamp")
{
    CaptureClock clock{1.0, std::nullopt};
    CHECK(clock.at(1'700'000'000 * a_second + 5) == 0);
    CHECK(clock.at(1'700'000'000 * a_second + 6) == nanosecond);
    CHECK(clock.at(1'700'000'000 * a_second + 6) == nanosecond);
    CHECK(clock.at(1'700'000'001 * a_second + 5) == second);
    CHECK(clock.backwards() == 0);
    CHECK(clock.shortened() == 0);
}

TEST_CASE("a timestamp that goes backwards counts as the latest so far")
{
    CaptureClock clock{1.0, std::nullopt};
    CHECK(clock.at(100) == 0);
    CHECK(clock.at(50) == 0);
    CHECK(clock.at(130) == 30 * nanosecond);
    CHECK(clock.at(110) == 30 * nanosecond);
    CHECK(clock.at(129) == 30 * nanosecond);
    CHECK(clock.at(131) == 31 * nanosecond);
    CHECK(clock.backwards() == 3);
}

TEST_CASE("speed divides every gap exactly, a tenth too")
{
    CaptureClock ten_times_slower{0.1, std::nullopt};
    CHECK(ten_times_slower.at(7) == 0);
    CHECK(ten_times_slower.at(7 + a_second) == 10 * second);
    CHECK(ten_times_slower.at(7 + 86'400 * a_second) == 864'000 * second);

    CaptureClock fastest{CaptureClock::fastest, std::nullopt};
    CHECK(fastest.at(0) == 0);
    CHECK(fastest.at(a_second) == nanosecond);
    CHECK(fastest.at(a_second + 1) == nanosecond + 1);  // rounded up

    CaptureClock slowest{CaptureClock::slowest, std::nullopt};
    CHECK(slowest.at(0) == 0);
    CHECK(slowest.at(1) == millisecond);
}

TEST_CASE("speed does not drift over many frames")
{
    constexpr std::int64_t frames = 1'000'000;
    CaptureClock           clock{3.0, std::nullopt};
    for (std::int64_t i = 0; i < frames; ++i) {
        const Time exact = (i * 1'000 + 2) / 3;  // i nanoseconds, a third of them, rounded up
        if (clock.at(i) != exact) FAIL("frame " << i);
    }
}

TEST_CASE("a longer gap is shortened before the speed divides it")
{
    CaptureClock clock{2.0, 10 * microsecond};
    CHECK(clock.at(0) == 0);
    CHECK(clock.at(10'000) == 5 * microsecond);  // just as long as allowed
    CHECK(clock.shortened() == 0);
    CHECK(clock.at(20'001) == 10 * microsecond);
    CHECK(clock.at(3'600 * a_second) == 15 * microsecond);
    CHECK(clock.at(3'600 * a_second + 200) == 15 * microsecond + 100 * nanosecond);
    CHECK(clock.shortened() == 2);

    CaptureClock none{1.0, 0};
    CHECK(none.at(0) == 0);
    CHECK(none.at(a_second) == 0);
    CHECK(none.shortened() == 1);

    CaptureClock rounded{1.0, Time{1'001}};  // picoseconds: two nanoseconds
    CHECK(rounded.at(0) == 0);
    CHECK(rounded.at(100) == 2 * nanosecond);
}

TEST_CASE("a new capture follows without a gap, whatever its epoch")
{
    CaptureClock clock{1.0, std::nullopt};
    CHECK(clock.at(1'000 * a_second) == 0);
    CHECK(clock.at(1'001 * a_second) == second);
    clock.new_capture();
    CHECK(clock.at(3 * a_second) == second);
    CHECK(clock.at(5 * a_second) == 3 * second);
    CHECK(clock.backwards() == 0);
}

TEST_CASE("times beyond the longest replay are never")
{
    constexpr std::int64_t days = 100;
    constexpr std::int64_t last = days * 86'400 * a_second;
    for (const double speed : {1.0, 0.5, 2.0}) {
        const auto   of_speed = static_cast<std::int64_t>(static_cast<double>(last) * speed);
        CaptureClock clock{speed, std::nullopt};
        CHECK(clock.at(0) == 0);
        CHECK(clock.at(of_speed) == CaptureClock::longest);
        CHECK(clock.at(of_speed + 1) == never);
        CHECK(clock.at(std::numeric_limits<std::int64_t>::max()) == never);
    }
    CaptureClock whole_range{1.0, std::nullopt};
    CHECK(whole_range.at(std::numeric_limits<std::int64_t>::min()) == 0);
    CHECK(whole_range.at(std::numeric_limits<std::int64_t>::max()) == never);
    whole_range.new_capture();
    CHECK(whole_range.at(0) == never);
    CHECK(whole_range.at(std::numeric_limits<std::int64_t>::max()) == never);

    CaptureClock bounded{1.0, second};
    CHECK(bounded.at(std::numeric_limits<std::int64_t>::min()) == 0);
    CHECK(bounded.at(std::numeric_limits<std::int64_t>::max()) == second);
}

TEST_CASE("a speed or gap that makes no sense is an input error")
{
    for (const double speed :
         {0.0, -1.0, 1e-7, 2e9, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        CHECK(contains(input_error_of([&] {
                           CaptureClock{speed, std::nullopt};
                       }),
                       "0.000001 to 1000000000 is allowed"));
    CHECK(contains(input_error_of([] { CaptureClock{1.0, Time{-1}}; }), "0 or more is allowed"));
}
