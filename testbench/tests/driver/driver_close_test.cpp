// SPDX-License-Identifier: Apache-2.0
// Bring-down in the middle of traffic, and what a re-opened driver finds: no stray DMA, each frame one fate.
#include "testbench/tests/bench/driver_bench.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

const PlatformProfile ideal  = load_platform_profile("ideal");
const PlatformProfile server = load_platform_profile("xeon-bdw-gen3x8");

[[nodiscard]] std::uint64_t dma_so_far(const DriverBench& bench)
{
    return bench.memory.dma_count() + bench.memory.refused_count();
}

/// What must hold when everything is over.
void check_end(DriverBench& bench, std::uint64_t frames)
{
    CHECK(bench.ledger.breach() == "");
    CHECK(bench.ledger.offered() == frames);
    CHECK(bench.ledger.in_flight() == 0);
    CHECK(bench.engine.frames_held().total() == 0);
    CHECK(bench.ledger.ended() == frames);
    CHECK(bench.ended(Fate::delivered) == bench.consumer.numbers.size());
    CHECK(bench.consumer.wrong == 0);
    CHECK(bench.memory.refused_count() == 0);
}

/// Frames that wait in the ring because the second interrupt is throttled for 16 ms.
DriverSettings throttled()
{
    DriverSettings settings;
    settings.ring = 64;
    settings.itr  = 65'535;
    return settings;
}

}  // namespace

TEST_CASE("frames that lie in the ring when the driver goes down are discarded by name", "[driver_close]")
{
    DriverBench bench{throttled(), ideal, burst(20)};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(traffic_begin + millisecond);
    CHECK(bench.consumer.numbers.size() < 20);
    const std::uint64_t waiting = bench.ledger.in_ring();
    CHECK(waiting > 10);
    REQUIRE_FALSE(bench.driver.close());
    CHECK(bench.ended(Fate::reset_discard) == waiting);
    check_end(bench, 20);
}

TEST_CASE("a frame of several buffers in the ring is one frame when it is discarded", "[driver_close]")
{
    const Traffic mixed = [](std::uint64_t i) -> std::optional<Sent> {
        if (i >= 12) return std::nullopt;
        return Sent{i % 3 == 1 ? 5000U : 64U, traffic_begin};
    };
    DriverSettings settings = throttled();
    settings.long_frames    = true;
    DriverBench bench{settings, ideal, mixed};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(traffic_begin + millisecond);
    const std::uint64_t waiting = bench.ledger.in_ring();
    CHECK(waiting > 5);
    REQUIRE_FALSE(bench.driver.close());
    CHECK(bench.ended(Fate::reset_discard) == waiting);
    check_end(bench, 12);
}

TEST_CASE("a driver that went down in the middle of a frame starts anew with the next", "[driver_close]")
{
    const Time    second_part = 200 * millisecond;
    const Traffic traffic     = [=](std::uint64_t i) -> std::optional<Sent> {
        if (i == 0) return Sent{5000, traffic_begin};
        if (i < 4) return Sent{64, second_part};
        return std::nullopt;
    };
    DriverSettings settings;
    settings.ring        = 64;
    settings.budget      = 1;
    settings.long_frames = true;
    settings.frame_time  = 100 * microsecond;
    DriverBench bench{settings, ideal, traffic};
    REQUIRE_FALSE(bench.driver.open());
    // One of its three descriptors is taken, then the driver goes down.
    bench.driver.run(traffic_begin + 90 * microsecond);
    CHECK(bench.driver.counts().polls == 1);
    REQUIRE_FALSE(bench.driver.close());
    CHECK(bench.ended(Fate::reset_discard) == 1);
    REQUIRE_FALSE(bench.driver.open());
    REQUIRE(bench.cpu.now() < second_part);
    bench.driver.run(never);
    CHECK(bench.ended(Fate::delivered) == 3);
    check_end(bench, 4);
}

TEST_CASE("after bring-down the device does not reach memory again", "[driver_close]")
{
    DriverBench bench{throttled(), server, burst(200'000)};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(traffic_begin + 3 * millisecond);
    REQUIRE_FALSE(bench.driver.close());
    const std::uint64_t reached = dma_so_far(bench);
    bench.engine.advance(bench.cpu.now() + second);
    CHECK(dma_so_far(bench) == reached);
    CHECK(reached > 0);
    check_end(bench, 200'000);
}

TEST_CASE("going down and up in mid-traffic at any time leaves every frame one fate", "[driver_close]")
{
    std::uint64_t discarded = 0;
    for (const std::uint64_t seed : seeds(60)) {
        INFO(replay(seed));
        Random         random{seed};
        DriverSettings settings;
        settings.ring        = 8 * random.between(2U, 32U);
        settings.tail_step   = random.between(1U, 8U);
        settings.budget      = random.between(1U, 64U);
        settings.itr         = random.chance(50) ? 0 : random.between(1U, 4'000U);
        settings.rdtr        = random.chance(50) ? 0 : random.between(1U, 100U);
        settings.extended    = random.chance(50);
        settings.keep_bad    = random.chance(30);
        settings.long_frames = random.chance(30);
        const bool slow      = random.chance(50);
        settings.frame_time  = slow ? random.between<Time>(1, 20) * microsecond : 0;

        NicParameters nic;
        nic.wire_rate = random.pick(std::array<std::int64_t, 3>{100'000'000, 1'000'000'000, 10'000'000'000});
        const std::uint64_t count   = 1'000;
        const Time          gap     = 500 * millisecond / static_cast<Time>(count);
        const Traffic       traffic = [=](std::uint64_t i) -> std::optional<Sent> {
            if (i >= count) return std::nullopt;
            // Bursts of fifty, spread over the bring-downs.
            const std::uint32_t length = i % 11 == 3 ? 3000U : 64U + static_cast<std::uint32_t>(i * 37 % 1400);
            return Sent{length, traffic_begin + static_cast<Time>(i / 50 * 50) * gap, default_station_address,
                        i % 13 == 5};
        };
        DriverBench bench{settings, random.chance(50) ? ideal : server, traffic, nic};
        REQUIRE_FALSE(bench.driver.open());
        for (int cycle = 0; cycle < 3; ++cycle) {
            bench.driver.run(bench.cpu.now() +
                             random.between<Time>(1, random.chance(50) ? 300'000 : 40'000'000) * nanosecond);
            CHECK(bench.ledger.breach() == "");
            REQUIRE_FALSE(bench.driver.close());
            CHECK(bench.ledger.in_ring() == 0);
            CHECK(bench.ledger.breach() == "");
            REQUIRE_FALSE(bench.driver.open());
        }
        bench.driver.run(never);
        check_end(bench, count);
        CHECK(bench.ended(Fate::delivered) > 0);
        discarded += bench.ended(Fate::reset_discard);
    }
    CHECK(discarded > 0);
}
