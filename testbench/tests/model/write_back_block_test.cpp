// SPDX-License-Identifier: Apache-2.0
// Write-back at the block itself: which finished descriptors may wait for others (contract D12).
#include "model/write_back.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr std::uint64_t base = 0x1000;
constexpr std::uint32_t size = 64;

DescriptorCache::Descriptor descriptor(std::uint32_t index)
{
    return {index, base + std::uint64_t{index} * rx_descriptor_octets, 0x8000};
}

/// A ring with descriptors left, and a threshold of four.
struct Bench {
    Bench()
    {
        ring.set_ring(base, size, 0, size - 1);
        write_back.set_threshold(4);
    }
    /// Descriptor `index` is finished as the first of `waiting`. @return whether it may wait for the next
    [[nodiscard]] bool waits_after(std::uint32_t index, std::uint32_t waiting = 1, std::uint32_t causes = 0,
                                   bool delays = true)
    {
        write_back.finish(descriptor(index), waiting == 1, true, causes);
        return write_back.may_wait(descriptor(index), waiting, delays, ring);
    }

    DescriptorCache     ring{{64, 4}};
    DescriptorWriteBack write_back;
};

}  // namespace

TEST_CASE("a finished descriptor waits below the threshold while the timers delay", "[write_back]")
{
    Bench b;
    CHECK(b.waits_after(0));
    CHECK(b.waits_after(1, 3));
    CHECK_FALSE(b.waits_after(1, 4));
    CHECK_FALSE(b.waits_after(0, 1, 0, false));
    b.write_back.set_threshold(1);
    CHECK_FALSE(b.waits_after(0));
    CHECK(b.write_back.reached(1));
}

TEST_CASE("no write-back crosses a line of 64 octets or the ring's end", "[write_back]")
{
    for (std::uint32_t index = 0; index < size; ++index) {
        Bench b;
        CHECK(b.waits_after(index) == (index % 4 != 3));
    }
    Bench odd;  // a ring that ends inside a line
    odd.ring.set_ring(base, 62, 0, 60);
    CHECK_FALSE(odd.waits_after(61));
}

TEST_CASE("a cause, a new ring or an empty one ends the wait", "[write_back]")
{
    Bench b;
    SECTION("a cause of the frame, until it is taken")
    {
        CHECK_FALSE(b.waits_after(0, 1, 0x20));
        CHECK(b.write_back.causes() == 0x20);
        CHECK_FALSE(b.waits_after(1, 2));
        CHECK(b.write_back.take_causes() == 0x20);
        CHECK(b.waits_after(2));
    }
    SECTION("a ring that was set up meanwhile, for the descriptor in use only")
    {
        b.write_back.ring_changed(true);
        CHECK_FALSE(b.waits_after(0));
        b.write_back.decided();
        CHECK(b.waits_after(1));
    }
    SECTION("an empty ring")
    {
        b.ring.set_tail(0);
        CHECK_FALSE(b.waits_after(0));
    }
}

TEST_CASE("descriptors go to the place of the first that waits", "[write_back]")
{
    Bench b;
    b.write_back.finish(descriptor(4), true, false, 0);
    CHECK_FALSE(b.write_back.take_announcement());
    b.write_back.finish(descriptor(5), false, true, 0);
    CHECK(b.write_back.address() == base + 4 * 16);
    b.write_back.make_due();
    CHECK(b.write_back.due());
    b.write_back.begin(2);
    CHECK_FALSE(b.write_back.due());
    CHECK(b.write_back.together() == 2);
    CHECK(b.write_back.take_announcement());
    CHECK_FALSE(b.write_back.take_announcement());
}

TEST_CASE("a reset leaves nothing due and no cause", "[write_back]")
{
    Bench b;
    b.write_back.finish(descriptor(0), true, true, 1);
    b.write_back.make_due();
    b.write_back.reset();
    CHECK_FALSE(b.write_back.due());
    CHECK(b.write_back.causes() == 0);
}
