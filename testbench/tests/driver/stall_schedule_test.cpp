// SPDX-License-Identifier: Apache-2.0
// Holds stall schedules to a count of every picosecond: idle wake, busy extension, repetition, overlap.
// Expected times are counted picosecond by picosecond.
#include "driver_sim/host/stall_schedule.hpp"

#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

bool stalled(const std::vector<Stall>& stalls, Time t)
{
    for (const Stall& stall : stalls) {
        if (t < stall.at) continue;
        const Time since = stall.every == never ? t - stall.at : (t - stall.at) % stall.every;
        if (since < stall.duration) return true;
    }
    return false;
}

Time counted_wake(const std::vector<Stall>& stalls, Time t)
{
    while (stalled(stalls, t)) ++t;
    return t;
}

Time counted_work(const std::vector<Stall>& stalls, Time start, Time work)
{
    for (; work > 0; ++start) work -= stalled(stalls, start) ? 0 : 1;
    return start;
}

std::vector<Stall> random_stalls(Random& random)
{
    std::vector<Stall> stalls;
    for (std::uint64_t i = random.between(0, 3); i > 0; --i) {
        Stall stall{random.between<Time>(0, 60), random.between<Time>(1, 30), never};
        // Three of them that never rest at the same time would leave no time for work.
        if (random.chance(40)) stall.every = 3 * stall.duration + random.between<Time>(1, 50);
        stalls.push_back(stall);
    }
    return stalls;
}

/// Where a CPU that works and idles in turn differs from the count; `off` is added to each duration of the count.
bool agrees(std::uint64_t seed, Time off = 0)
{
    Random                   random{seed};
    const std::vector<Stall> stalls = random_stalls(random);
    std::vector<Stall>       told   = stalls;
    for (Stall& stall : told)
        if (stall.every == never) stall.duration += off;
    StallSchedule schedule{stalls};
    Time          now = schedule.wake(0);
    if (now != counted_wake(told, 0)) return false;
    for (int i = 0; i < 12 && now < 1000; ++i) {
        const Time span = random.between<Time>(1, 40);
        if (random.chance(50)) {
            const Time expected = counted_work(told, now, span);
            now                 = schedule.work(now, now + span);
            if (now != expected) return false;
            now = schedule.wake(now);
        } else {
            const Time expected = counted_wake(told, now + span);
            now                 = schedule.wake(now + span);
            if (now != expected) return false;
        }
    }
    return true;
}

}  // namespace

TEST_CASE("a stalled CPU wakes and works as counted picosecond by picosecond", "[stall]")
{
    for (const std::uint64_t seed : seeds(3'000)) {
        INFO(replay(seed));
        CHECK(agrees(seed));
    }
}

TEST_CASE("a count with longer stalls is told apart", "[stall]")
{
    unsigned apart = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) apart += agrees(seed, 1) ? 0 : 1;
    CHECK(apart > 50);
}

TEST_CASE("a stall covers its begin and not its end, and work that ends with its begin is not held up", "[stall]")
{
    const auto one = [] { return StallSchedule{{{10, 5, never}}}; };
    CHECK(one().next() == 10);
    CHECK(one().wake(9) == 9);
    CHECK(one().wake(10) == 15);
    CHECK(one().wake(14) == 15);
    CHECK(one().wake(15) == 15);
    CHECK(one().work(0, 10) == 10);
    CHECK(one().work(0, 11) == 16);
    CHECK(one().work(12, 13) == 16);
    CHECK(one().work(15, 20) == 20);
    CHECK(StallSchedule{}.next() == never);
}

TEST_CASE("a repeated stall comes again, and overlapping ones count once", "[stall]")
{
    StallSchedule repeated{{{10, 5, 20}}};
    CHECK(repeated.work(0, 30) == 40);  // 10 + [5] + 15 + [5] + 5
    CHECK(repeated.next() == 50);
    CHECK(repeated.wake(1'000'012) == 1'000'015);

    StallSchedule overlapping{{{10, 10, never}, {15, 10, never}, {12, 3, never}}};
    CHECK(overlapping.work(0, 12) == 27);  // 10 before, 15 of stall, 2 after
    CHECK(overlapping.next() == never);
}
