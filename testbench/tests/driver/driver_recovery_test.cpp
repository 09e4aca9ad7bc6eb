// SPDX-License-Identifier: Apache-2.0
// The driver in trouble: other rings in mid-traffic, devices that are reset under it or hang, rates that follow.
// At the end every frame has one fate, and what was delivered came in order.
#include <algorithm>
#include <string>

#include "driver_sim/device_fault.hpp"
#include "testbench/tests/bench/driver_bench.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

const PlatformProfile ideal  = load_platform_profile("ideal");
const PlatformProfile server = load_platform_profile("xeon-bdw-gen3x8");

DriverSettings settings_with(std::uint32_t ring, const PlatformProfile& platform, Time watchdog = 0)
{
    DriverSettings settings;
    settings.ring       = ring;
    settings.frame_time = platform.host.driver_frame;
    settings.poll_entry = platform.host.softirq;
    settings.watchdog   = watchdog;
    return settings;
}

/// `count` frames, one every `gap`, of all lengths.
Traffic spaced(std::uint64_t count, Time gap)
{
    return [=](std::uint64_t i) -> std::optional<Sent> {
        if (i >= count) return std::nullopt;
        return Sent{64 + static_cast<std::uint32_t>(i * 97 % 1459), traffic_begin + static_cast<Time>(i) * gap};
    };
}

/// Runs until nothing moves and the watchdog finds nothing either.
void run_out(DriverBench& bench)
{
    do {
        bench.driver.run(never);
        bench.cpu.sleep_until(bench.engine.now());
    } while (bench.driver.attend());
}

void check_books(const DriverBench& bench)
{
    CHECK(bench.ledger.breach() == "");
    CHECK(bench.ledger.in_flight() == 0);
    CHECK(bench.ledger.in_nic() == bench.engine.frames_held().total());
    CHECK(bench.ledger.offered() == bench.source.given());
    CHECK(bench.consumer.wrong == 0);
    CHECK(std::is_sorted(bench.consumer.numbers.begin(), bench.consumer.numbers.end()));
    CHECK(std::adjacent_find(bench.consumer.numbers.begin(), bench.consumer.numbers.end()) ==
          bench.consumer.numbers.end());
    CHECK(bench.memory.refused_count() == 0);
    CHECK(bench.engine.misuse()[static_cast<std::size_t>(Misuse::ring_changed_while_active)] == 0);
    CHECK(bench.engine.misuse()[static_cast<std::size_t>(Misuse::late_access)] == 0);
}

}  // namespace

TEST_CASE("another ring in mid-traffic loses only what comes while receive is off", "[driver_recovery]")
{
    for (const PlatformProfile* platform : {&ideal, &server})
        for (const auto& [from, to] : {std::pair{64U, 512U}, {512U, 64U}, {64U, 64U}, {256U, 4096U}})
            for (Time at = 0; at <= 60 * microsecond; at += 3'700 * nanosecond) {
                CAPTURE(platform->name, from, to, at);
                DriverBench bench{settings_with(from, *platform), *platform, spaced(800, 15 * microsecond)};
                REQUIRE_FALSE(bench.driver.open());
                bench.driver.run(traffic_begin + at);
                bench.driver.resize(to);
                bench.driver.run(never);
                check_books(bench);
                CHECK(bench.driver.counts().resizes == 1);
                CHECK(bench.written(reg::RDLEN::at(0)) == std::vector<std::uint32_t>{from * 16, to * 16});
                CHECK(bench.engine.ring_free_min().value_or(0) <= to - 1);
                // 10.01 ms without receive, in which every 15 us one comes.
                const auto off = bench.ended(Fate::rx_disabled);
                CHECK((off >= 666 && off <= 669));
                CHECK(bench.ended(Fate::delivered) == 800 - off);
                CHECK(bench.consumer.numbers.back() == 799);
            }
}

TEST_CASE("frames that wait in the FIFO when the ring is replaced go to the new one", "[driver_recovery]")
{
    // The ring is dry before: 63 frames lie in it, the others in the FIFO.
    DriverBench bench{settings_with(64, ideal), ideal, burst(200), {}, {{traffic_begin, 200 * microsecond, never}}};
    REQUIRE_FALSE(bench.driver.open());
    bench.cpu.sleep_until(traffic_begin + 150 * microsecond);
    bench.driver.resize(512);
    bench.driver.run(never);
    check_books(bench);
    CHECK(bench.delivered_in_order(200));
}

TEST_CASE("descriptors that wait for each other are not left in the old ring", "[driver_recovery]")
{
    DriverSettings settings = settings_with(64, ideal);
    settings.rdtr = settings.radv = 60'000;  // 61 ms
    settings.wthresh              = 8;
    DriverBench bench{settings, ideal, burst(3)};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(traffic_begin + millisecond);
    CHECK(bench.ended(Fate::delivered) == 0);
    bench.driver.resize(128);
    CHECK(bench.delivered_in_order(3));
    bench.driver.run(never);
    check_books(bench);
}

TEST_CASE("a device that is reset under its driver is found by the watchdog and set up again", "[driver_recovery]")
{
    for (const PlatformProfile* platform : {&ideal, &server})
        for (const FaultKind kind : {FaultKind::device_reset, FaultKind::bus_reset})
            for (Time at = 0; at < 40 * microsecond; at += 2'300 * nanosecond) {
                CAPTURE(platform->name, static_cast<int>(kind), at);
                DriverBench bench{settings_with(64, *platform, millisecond), *platform,
                                  spaced(6'000, 13 * microsecond)};
                REQUIRE_FALSE(bench.driver.open());
                bench.driver.run(traffic_begin + at);
                inflict(bench.cpu, kind);
                CHECK(bench.engine.peek(reg::RCTL::offset) == 0);
                CHECK(bench.engine.peek(reg::RDLEN::at(0)) == 0);
                run_out(bench);
                check_books(bench);
                CHECK(bench.driver.counts().lost == 1);
                CHECK(bench.driver.counts().hangs == 0);
                CHECK(bench.ended(Fate::delivered) > 1'000);
                CHECK(bench.consumer.numbers.back() == 5'999);
                // At most a look, a reset of 36 ms with its reads, and the set-up.
                CHECK(bench.ended(Fate::rx_disabled) <= (38 * millisecond) / (13 * microsecond));
                CHECK(bench.ended(Fate::delivered) + bench.ended(Fate::rx_disabled) +
                          bench.ended(Fate::reset_discard) ==
                      6'000);
                CHECK(bench.ended(Fate::reset_discard) <= 70);
            }
}

TEST_CASE("nobody finds a reset device without a watchdog", "[driver_recovery]")
{
    DriverBench bench{settings_with(64, ideal), ideal, spaced(1'000, 13 * microsecond)};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(traffic_begin);
    inflict(bench.cpu, FaultKind::device_reset);
    run_out(bench);
    check_books(bench);
    CHECK(bench.driver.counts().looks == 0);
    CHECK(bench.ended(Fate::rx_disabled) >= 999);
}

TEST_CASE("a device whose DMA stands still is found on two looks, reset and set up again", "[driver_recovery]")
{
    for (const PlatformProfile* platform : {&ideal, &server}) {
        CAPTURE(platform->name);
        DriverBench bench{settings_with(64, *platform, millisecond), *platform, spaced(6'000, 13 * microsecond)};
        REQUIRE_FALSE(bench.driver.open());
        bench.driver.run(traffic_begin + 100 * microsecond);
        inflict(bench.cpu, FaultKind::dma_stop);
        run_out(bench);
        check_books(bench);
        CHECK(bench.driver.counts().hangs == 1);
        CHECK(bench.driver.counts().lost == 0);
        CHECK(bench.consumer.numbers.back() == 5'999);
        CHECK(bench.ended(Fate::fifo_overrun) > 0);
        // The statistics were read before the reset, but for a frame that was on the wire then.
        const auto missed = bench.driver.register_totals()[static_cast<std::size_t>(reg::Counter::MPC)];
        CAPTURE(missed, bench.ended(Fate::fifo_overrun), bench.driver.counts().looks);
        CHECK((missed == bench.ended(Fate::fifo_overrun) || missed + 1 == bench.ended(Fate::fifo_overrun)));
    }
}

TEST_CASE("a hang that begins while the watchdog rests is found at the end of all traffic", "[driver_recovery]")
{
    DriverBench bench{settings_with(64, ideal, 10 * millisecond), ideal, spaced(3, 100 * millisecond)};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(traffic_begin + 50 * millisecond);
    // What comes now raises no interrupt that would wake the watchdog.
    inflict(bench.cpu, FaultKind::dma_stop);
    run_out(bench);
    check_books(bench);
    CHECK(bench.driver.counts().hangs == 1);
    CHECK(bench.ended(Fate::delivered) == 1);
    CHECK(bench.ended(Fate::reset_discard) == 2);
}

TEST_CASE("a watchdog over a healthy device changes nothing and lets the run end", "[driver_recovery]")
{
    const auto counts = [](Time watchdog) {
        DriverBench bench{settings_with(64, server, watchdog), server, spaced(2'000, 13 * microsecond)};
        REQUIRE_FALSE(bench.driver.open());
        run_out(bench);
        check_books(bench);
        CHECK(bench.delivered_in_order(2'000));
        CHECK((bench.driver.counts().lost == 0 && bench.driver.counts().hangs == 0));
        return bench.driver.counts();
    };
    CHECK(counts(0).looks == 0);
    // 26 ms of traffic, and two looks or three until it rests.
    const auto looks = counts(millisecond).looks;
    CHECK((looks >= 26 && looks <= 32 + 60));
}

TEST_CASE("interrupts with cause RXO are counted and served like others", "[driver_recovery]")
{
    DriverBench bench{settings_with(64, ideal), ideal, burst(500), {}, {{traffic_begin, 400 * microsecond, never}}};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(never);
    check_books(bench);
    CHECK(bench.ended(Fate::fifo_overrun) == 500 - 63 - 256);
    CHECK(bench.driver.counts().overruns == 1);
    CHECK(bench.ended(Fate::delivered) == 63 + 256);
}

TEST_CASE("the dynamic mode writes ITR when the traffic's class changes", "[driver_recovery]")
{
    DriverSettings settings = settings_with(256, ideal);
    settings.rx_usecs       = InterruptRate::dynamic;
    DriverBench bench{settings, ideal, burst(2'000)};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(never);
    check_books(bench);
    // 20,000 a second, and up to 70,000 by steps of 17,500, in units of 256 ns.
    CHECK(bench.written(reg::ITR::offset) == std::vector<std::uint32_t>{195, 104, 71, 55});
    CHECK(bench.driver.counts().rate_changes == 3);
    CHECK(bench.delivered_in_order(2'000));

    settings.rx_usecs = 125;
    DriverBench fixed{settings, ideal, burst(2'000)};
    REQUIRE_FALSE(fixed.driver.open());
    fixed.driver.run(never);
    CHECK(fixed.written(reg::ITR::offset) == std::vector<std::uint32_t>{488});
    CHECK(fixed.driver.counts().rate_changes == 0);

    // 100 Mb/s: STATUS says so, and the first interrupt's work ends with 4,000 a second.
    NicParameters slow;
    slow.wire_rate    = 100'000'000;
    settings.rx_usecs = InterruptRate::conservative;
    DriverBench tenth{settings, ideal, burst(2'000), slow};
    REQUIRE_FALSE(tenth.driver.open());
    tenth.driver.run(never);
    CHECK(tenth.written(reg::ITR::offset) == std::vector<std::uint32_t>{195, 976});
}
