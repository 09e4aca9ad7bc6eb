// SPDX-License-Identifier: Apache-2.0
// The tap holds a frame's release back until the frame is not needed any more, and no longer.
#include "testbench/observe/frame_tap.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

struct Source final : FrameSource {
    [[nodiscard]] Offer next() override
    {
        Offer offer{Offer::Kind::frame, {}, 0};
        offer.frame.id = ++given;
        return offer;
    }
    void release(FrameId last) noexcept override { released = last; }

    FrameId given    = 0;
    FrameId released = 0;
};

}  // namespace

TEST_CASE("a frame is released when the receiver and who asks for it are done with it")
{
    Source   source;
    FrameTap tap{source};
    for (FrameId id = 1; id <= 200; ++id) CHECK(tap.next().frame.id == id);
    tap.release(150);
    CHECK(source.released == 0);
    CHECK(tap.frame(1).id == 1);
    tap.done(100);
    CHECK(source.released == 100);
    CHECK(tap.frame(101).id == 101);
    CHECK(tap.frame(200).id == 200);
    tap.done(190);
    CHECK(source.released == 150);
    tap.release(200);
    CHECK(source.released == 190);
}

TEST_CASE("a tap that was stopped holds nothing back")
{
    Source   source;
    FrameTap tap{source};
    for (FrameId id = 1; id <= 50; ++id) static_cast<void>(tap.next());
    tap.stop();
    for (FrameId id = 51; id <= 1000; ++id) static_cast<void>(tap.next());
    tap.release(900);
    CHECK(source.released == 900);
}
