// SPDX-License-Identifier: Apache-2.0
// Holds the arithmetic of a ring to counting its slots one by one.
#include "hw/base/ring_distance.hpp"

#include <cstddef>
#include <cstdint>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

using Distance = std::uint32_t (*)(std::uint32_t, std::uint32_t, std::uint32_t);

/// Walks from slot to slot.
std::uint32_t counted(std::uint32_t from, std::uint32_t to, std::uint32_t size)
{
    std::uint32_t steps = 0;
    for (; from != to; from = (from + 1) % size) ++steps;
    return steps;
}

bool is_right(Distance distance)
{
    for (std::uint32_t size = 1; size <= 9; ++size)
        for (std::uint32_t from = 0; from < size; ++from)
            for (std::uint32_t to = 0; to < size; ++to)
                if (distance(from, to, size) != counted(from, to, size)) return false;
    return true;
}

/// Takes a full turn for none.
std::uint32_t broken(std::uint32_t from, std::uint32_t to, std::uint32_t size)
{
    return to > from ? to - from : size - from + to;
}

}  // namespace

TEST_CASE("the distance in a ring is the number of slots that a walk counts", "[ring_distance]")
{
    CHECK(is_right(ring_distance<std::uint32_t>));
    CHECK_FALSE(is_right(broken));
}

TEST_CASE("the index after the last one is 0", "[ring_distance]")
{
    for (std::uint32_t size = 1; size <= 9; ++size)
        for (std::uint32_t index = 0; index < size; ++index) {
            CHECK(ring_next(index, size) == (index + 1) % size);
            for (std::uint32_t steps = 0; index + steps <= size; ++steps)
                CHECK(ring_next(index, size, steps) == (index + steps) % size);
        }
    CHECK(ring_next(std::size_t{41}, std::size_t{42}) == 0);
}
