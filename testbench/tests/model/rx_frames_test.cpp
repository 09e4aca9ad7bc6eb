// SPDX-License-Identifier: Apache-2.0
// The received frames' places: numbers that stay, the head among them, retirement from the oldest on.
#include "model/rx_frames.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

void add(RxFrames& frames, FrameId id)
{
    frames.append().frame.id = id;
}

}  // namespace

TEST_CASE("frames wait in order, leave the FIFO and stay until they are retired", "[rx_frames]")
{
    RxFrames frames;
    CHECK_FALSE(frames.has_head());
    for (FrameId id = 1; id <= 3; ++id) add(frames, id);
    CHECK(frames.waiting() == 3);
    CHECK(frames.in_dma() == 0);
    CHECK(frames.head().frame.id == 1);
    CHECK(frames.newest().frame.id == 3);

    frames.leave_fifo();
    CHECK(frames.head().frame.id == 2);
    CHECK(frames.oldest().frame.id == 1);
    CHECK(frames.waiting() == 2);
    CHECK(frames.in_dma() == 1);
    CHECK(frames.size() == 3);

    frames.retire_oldest();
    CHECK(frames.oldest().frame.id == 2);
    CHECK(frames.in_dma() == 0);
    CHECK(frames.size() == 2);
}

TEST_CASE("a frame keeps its number while others are added and retired, also when the ring grows", "[rx_frames]")
{
    RxFrames frames;
    for (FrameId id = 1; id <= 5; ++id) add(frames, id);
    frames.leave_fifo();
    frames.leave_fifo();
    const std::size_t number = frames.head_number();
    for (FrameId id = 6; id <= 500; ++id) {
        add(frames, id);
        if (id == 100 || id == 200) frames.retire_oldest();
        REQUIRE(frames.numbered(number).frame.id == 3);
        REQUIRE(frames.head_number() == number);
    }
}

TEST_CASE("what a reset keeps counts as having left the FIFO", "[rx_frames]")
{
    RxFrames frames;
    for (FrameId id = 1; id <= 4; ++id) add(frames, id);
    frames.leave_fifo();
    frames.drop_newer(2);
    CHECK(frames.size() == 2);
    CHECK_FALSE(frames.has_head());
    CHECK(frames.in_dma() == 2);
    CHECK(frames.newest().frame.id == 2);
    add(frames, 9);
    CHECK(frames.head().frame.id == 9);
    CHECK(frames.waiting() == 1);
}
