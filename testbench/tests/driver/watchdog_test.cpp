// SPDX-License-Identifier: Apache-2.0
// The watchdog: when it looks, what it takes for well, lost and hung, and when it lets a run end.
// There is no device: what the watchdog sees is made up.
#include "driver_sim/driver/watchdog.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr Time       second_half = 500 * millisecond;
constexpr DeviceView idle{.status = 0x80283, .enabled = true, .with_device = 255};
constexpr DeviceView waiting{
    .status = 0x80283, .enabled = true, .head = 7, .frames_waiting = 3, .with_device = 10, .interrupts = 4};

DeviceView moved(DeviceView view)
{
    ++view.head;
    ++view.interrupts;
    return view;
}

}  // namespace

TEST_CASE("a watchdog that is off never looks", "[watchdog]")
{
    Watchdog off{0};
    off.wake(1 * second);
    CHECK_FALSE(off.on());
    CHECK(off.due() == never);
}

TEST_CASE("looks are whole periods apart from the first waking, whenever it wakes again", "[watchdog]")
{
    Watchdog dog{second_half};
    CHECK(dog.rests());
    dog.wake(100 * millisecond);
    CHECK(dog.due() == 600 * millisecond);
    dog.wake(300 * millisecond);
    CHECK(dog.due() == 600 * millisecond);
    // Late by more than a period: the next whole one.
    CHECK(dog.look(idle, 1'200 * millisecond) == DeviceHealth::well);
    CHECK(dog.due() == 1'600 * millisecond);
}

TEST_CASE("it rests when two looks see the same, and an interrupt wakes it", "[watchdog]")
{
    Watchdog dog{second_half};
    dog.wake(0);
    CHECK(dog.look(idle, second_half) == DeviceHealth::well);
    CHECK_FALSE(dog.rests());
    CHECK(dog.look(moved(idle), 2 * second_half) == DeviceHealth::well);
    CHECK_FALSE(dog.rests());
    CHECK(dog.look(moved(idle), 3 * second_half) == DeviceHealth::well);
    CHECK(dog.rests());
    CHECK(dog.due() == never);
    dog.wake(9 * second_half + 1);
    CHECK(dog.due() == 10 * second_half);
}

TEST_CASE("a device that is disabled or does not answer is bad at the first look", "[watchdog]")
{
    Watchdog   dog{second_half};
    DeviceView disabled = idle;
    disabled.enabled    = false;
    CHECK(dog.look(disabled, second_half) == DeviceHealth::lost);
    CHECK(dog.look({.status = ~0U, .enabled = true}, 2 * second_half) == DeviceHealth::gone);
}

TEST_CASE("hung are frames that wait beside descriptors while the head stands still, on two looks", "[watchdog]")
{
    const auto second_look = [](const DeviceView& first, const DeviceView& second) {
        Watchdog dog{second_half};
        dog.wake(0);
        CHECK(dog.look(first, second_half) == DeviceHealth::well);
        return dog.look(second, 2 * second_half);
    };
    CHECK(second_look(waiting, waiting) == DeviceHealth::hung);
    CHECK(second_look(waiting, moved(waiting)) == DeviceHealth::well);
    DeviceView more     = waiting;
    more.frames_waiting = 90;
    CHECK(second_look(waiting, more) == DeviceHealth::hung);
    // Without descriptors it is the driver's fault, and what came just now may still move.
    DeviceView dry  = waiting;
    dry.with_device = 0;
    CHECK(second_look(dry, dry) == DeviceHealth::well);
    CHECK(second_look(dry, waiting) == DeviceHealth::well);
    CHECK(second_look(idle, waiting) == DeviceHealth::well);

    // What was seen before a new set-up does not count.
    Watchdog dog{second_half};
    dog.wake(0);
    CHECK(dog.look(waiting, second_half) == DeviceHealth::well);
    dog.forget();
    CHECK(dog.look(waiting, 2 * second_half) == DeviceHealth::well);
    CHECK_FALSE(dog.rests());
}
