// SPDX-License-Identifier: Apache-2.0
// The reference driver on a model engine: budgets, wake-ups, filters, bad and long frames, bring-down and re-opening.
// What must happen follows from the frames sent, not from figures of the model.
#include "testbench/tests/bench/driver_bench.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

const PlatformProfile ideal  = load_platform_profile("ideal");
const PlatformProfile server = load_platform_profile("xeon-bdw-gen3x8");

constexpr MacAddress other{{0x02, 0, 0, 0, 0, 0x55}};
constexpr MacAddress broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
constexpr MacAddress group_a{{0x01, 0, 0x5e, 0, 0, 0x01}};
constexpr MacAddress group_b{{0x01, 0, 0x5e, 0, 0, 0x02}};
/// The same last two octets as group_a, so the same bit of the multicast table.
constexpr MacAddress group_a_twin{{0x33, 0x33, 0x12, 0x34, 0, 0x01}};

DriverSettings settings_with(std::uint32_t ring)
{
    DriverSettings settings;
    settings.ring = ring;
    return settings;
}

std::uint64_t total(const DriverBench& bench, reg::Counter counter)
{
    return bench.driver.register_totals()[static_cast<std::size_t>(counter)];
}

void check_books(const DriverBench& bench)
{
    CHECK(bench.ledger.breach().empty());
    CHECK(bench.ledger.in_nic() == bench.engine.frames_held().total());
    CHECK(bench.consumer.wrong == 0);
    CHECK(bench.memory.refused_count() == 0);
}

}  // namespace

TEST_CASE("a poll that uses up its budget is followed by another, and the last one finds less", "[driver]")
{
    // All frames lie in the ring when the CPU wakes, and nothing takes time.
    for (const auto& [frames, polls] : {std::pair{40U, 3U}, {32U, 3U}, {15U, 1U}, {16U, 2U}, {1U, 1U}}) {
        CAPTURE(frames);
        DriverSettings settings = settings_with(64);
        settings.budget         = 16;
        DriverBench bench{settings, ideal, burst(frames), {}, {{traffic_begin, 50 * microsecond, never}}};
        REQUIRE_FALSE(bench.driver.open());
        const std::uint64_t before = bench.cpu.counts().interrupts;
        const std::size_t   writes = bench.cpu.writes.size();
        std::size_t         masked = 0;
        bench.cpu.before_write     = [&](std::uint32_t offset, std::uint32_t) {
            if (offset == reg::RDT::at(0)) masked += bench.engine.peek(reg::IMS::offset) == 0 ? 1 : 0;
        };
        bench.driver.run(never);
        CHECK(bench.driver.counts().polls == polls);
        CHECK(bench.cpu.counts().interrupts - before == 1);
        CHECK(bench.delivered_in_order(frames));
        CHECK(bench.driver.counts().doorbells == frames);
        // The read of ICR masks, without a write; only the last poll unmasks.
        CHECK(masked == frames);
        std::size_t unmasks = 0;
        for (std::size_t i = writes; i < bench.cpu.writes.size(); ++i) {
            CHECK(bench.cpu.writes[i].first != reg::IMC::offset);
            unmasks += bench.cpu.writes[i].first == reg::IMS::offset ? 1 : 0;
        }
        CHECK(unmasks == 1);
        check_books(bench);
    }
}

TEST_CASE("a device that does not mask by itself interrupts polls, and they go on", "[driver]")
{
    // Each frame comes in the middle of the work for one before it, and each poll takes one.
    constexpr Time frames = 20;
    const Traffic  paced  = [](std::uint64_t i) -> std::optional<Sent> {
        const auto number = static_cast<Time>(i);
        if (number >= frames) return std::nullopt;
        return Sent{64, traffic_begin + number * microsecond};
    };
    DriverSettings settings = settings_with(64);
    settings.budget         = 1;
    settings.poll_entry     = 10 * microsecond;
    settings.frame_time     = 2 * microsecond;
    std::array<Time, 2> last_taken{};
    for (const bool masks : {true, false}) {
        DriverBench bench{settings, ideal, paced};
        if (!masks) bench.cpu.lost = reg::IAM::offset;
        bench.cpu.before_write = [&](std::uint32_t offset, std::uint32_t) {
            if (offset == reg::RDT::at(0)) last_taken[masks ? 0 : 1] = bench.cpu.now();
        };
        REQUIRE_FALSE(bench.driver.open());
        const std::uint64_t before = bench.cpu.counts().interrupts;
        bench.driver.run(never);
        CHECK(bench.delivered_in_order(frames));
        // One for the first frame; the unmasking tells of all that came meanwhile.
        CHECK(bench.cpu.counts().interrupts - before == (masks ? 2 : frames));
        check_books(bench);
    }
    // The softirq begins once, whatever interrupts it; what interrupts it reads ICR, which waits for the next edge.
    const NicParameters nic;
    CHECK(last_taken[1] - last_taken[0] == (frames - 1) * nic.clock().cycles(1 + nic.csr_read_cycles));
}

TEST_CASE("the receive loop reads no register but ICR", "[driver]")
{
    DriverBench bench{settings_with(64), server, burst(500)};
    REQUIRE_FALSE(bench.driver.open());
    bench.cpu.reads.clear();
    bench.driver.run(never);
    for (const std::uint32_t offset : bench.cpu.reads) CHECK(offset == reg::ICR::offset);
    CHECK(bench.delivered_in_order(500));
}

TEST_CASE("a frame that arrives between the last look and the unmasking is not forgotten", "[driver]")
{
    // The second frame comes at every phase of the first one's interrupt, poll and unmasking, on two platforms.
    for (const PlatformProfile* platform : {&ideal, &server}) {
        DriverSettings settings = settings_with(64);
        settings.frame_time     = platform->host.driver_frame;
        settings.poll_entry     = platform->host.softirq;
        unsigned woken_again    = 0;
        for (Time offset = 0; offset <= 4'400 * nanosecond; offset += 8 * nanosecond) {
            if (platform == &ideal && offset > microsecond) break;
            const Traffic two = [offset](std::uint64_t i) -> std::optional<Sent> {
                if (i > 1) return std::nullopt;
                return Sent{64, traffic_begin + (i == 0 ? 0 : offset)};
            };
            DriverBench bench{settings, *platform, two};
            REQUIRE_FALSE(bench.driver.open());
            const std::uint64_t before = bench.cpu.counts().interrupts;
            bench.driver.run(never);
            woken_again += bench.cpu.counts().interrupts - before > 1 ? 1 : 0;
            if (bench.delivered_in_order(2) && bench.ledger.in_flight() == 0) continue;
            FAIL_CHECK("the second frame at +" << offset << " ps on " << platform->name);
        }
        CHECK(woken_again > 0);
    }
}

TEST_CASE("the driver asks for its own frames, broadcasts and the groups it was given", "[driver]")
{
    static constexpr std::array destinations{default_station_address, other, broadcast, group_a, group_b, group_a_twin};
    const auto                  each = [](Time begin) {
        return [begin](std::uint64_t i) -> std::optional<Sent> {
            if (i >= destinations.size()) return std::nullopt;
            return Sent{64, begin, destinations[i]};
        };
    };
    const auto delivered = [&each](const DriverSettings& settings, const std::function<void(DriverBench&)>& change) {
        DriverBench bench{settings, ideal, each(traffic_begin)};
        REQUIRE_FALSE(bench.driver.open());
        if (change) change(bench);
        bench.driver.run(never);
        check_books(bench);
        CHECK(bench.ended(Fate::filtered_address) + bench.consumer.numbers.size() == destinations.size());
        return bench.consumer.numbers;
    };
    using Numbers = std::vector<std::uint64_t>;
    DriverSettings plain;
    CHECK(delivered(plain, {}) == Numbers{0, 2});

    DriverSettings listed = plain;
    listed.multicast      = {group_a};
    CHECK(delivered(listed, {}) == Numbers{0, 2, 3, 5});  // the table's bits are shared
    DriverSettings all_groups = plain;
    all_groups.allmulti       = true;
    CHECK(delivered(all_groups, {}) == Numbers{0, 2, 3, 4, 5});
    DriverSettings everything = plain;
    everything.promiscuous    = true;
    CHECK(delivered(everything, {}) == Numbers{0, 1, 2, 3, 4, 5});

    // The same while it is up.
    CHECK(delivered(plain, [](DriverBench& b) { b.driver.set_promiscuous(true); }) == Numbers{0, 1, 2, 3, 4, 5});
    CHECK(delivered(everything, [](DriverBench& b) { b.driver.set_promiscuous(false); }) == Numbers{0, 2});
    CHECK(delivered(plain, [](DriverBench& b) { b.driver.set_multicast({group_b}, false); }) == Numbers{0, 2, 4});
    CHECK(delivered(listed, [](DriverBench& b) { b.driver.set_multicast({}, false); }) == Numbers{0, 2});
    CHECK(delivered(plain, [](DriverBench& b) { b.driver.set_multicast({}, true); }) == Numbers{0, 2, 3, 4, 5});
}

TEST_CASE("bad frames never reach the application, and with SBP the driver drops them", "[driver]")
{
    const Traffic mixed = [](std::uint64_t i) -> std::optional<Sent> {
        if (i >= 60) return std::nullopt;
        return Sent{64 + static_cast<std::uint32_t>(i), traffic_begin, default_station_address, i % 3 == 1};
    };
    for (const bool keep_bad : {false, true}) {
        DriverSettings settings = settings_with(64);
        settings.keep_bad       = keep_bad;
        DriverBench bench{settings, ideal, mixed};
        REQUIRE_FALSE(bench.driver.open());
        bench.driver.run(never);
        bench.driver.read_statistics();
        CHECK(bench.consumer.numbers.size() == 40);
        CHECK(bench.ended(Fate::delivered) == 40);
        CHECK(bench.ended(keep_bad ? Fate::driver_error_frame : Fate::crc_error) == 20);
        CHECK(bench.driver.counts().error_frames == (keep_bad ? 20 : 0));
        CHECK(total(bench, reg::Counter::CRCERRS) == 20);
        check_books(bench);
    }
}

TEST_CASE("a frame of several buffers is dropped whole, and the ones around it are not", "[driver]")
{
    const Traffic mixed = [](std::uint64_t i) -> std::optional<Sent> {
        if (i >= 30) return std::nullopt;
        return Sent{i % 4 == 2 ? 5000U : 100U, traffic_begin};
    };
    DriverSettings settings = settings_with(64);
    settings.long_frames    = true;
    DriverBench bench{settings, ideal, mixed};
    REQUIRE_FALSE(bench.driver.open());
    bench.driver.run(never);
    CHECK(bench.consumer.numbers.size() == 23);
    CHECK(bench.driver.counts().split_frames == 7);
    CHECK(bench.ended(Fate::driver_error_frame) == 7);
    CHECK(bench.ledger.in_flight() == 0);
    check_books(bench);
}

TEST_CASE("totals miss nothing however often the driver reads the statistics in between", "[driver]")
{
    // Every third frame is filtered, every seventh too short for the address filter to matter: runts.
    const Traffic mixed = [](std::uint64_t i) -> std::optional<Sent> {
        if (i >= 3'000) return std::nullopt;
        return Sent{i % 7 == 0 ? 60U : 64U + static_cast<std::uint32_t>(i % 100), traffic_begin,
                    i % 3 == 0 ? other : default_station_address};
    };
    std::uint64_t good = 0, runts = 0, passed = 0;
    for (std::uint64_t i = 0; i < 3'000; ++i) {
        passed += i % 3 != 0 ? 1 : 0;
        runts += i % 3 != 0 && i % 7 == 0 ? 1 : 0;
        good += i % 3 != 0 && i % 7 != 0 ? 1 : 0;
    }
    DriverBench bench{settings_with(256), server, mixed};
    REQUIRE_FALSE(bench.driver.open());
    for (Time t = traffic_begin; t < traffic_begin + 4 * millisecond; t += 97 * microsecond) {
        bench.driver.run(t);
        bench.driver.read_statistics();
    }
    bench.driver.run(never);
    bench.cpu.sleep_until(bench.engine.now());
    bench.driver.read_statistics();
    CHECK(total(bench, reg::Counter::TPR) == passed);
    CHECK(total(bench, reg::Counter::RUC) == runts);
    CHECK(total(bench, reg::Counter::RLEC) == runts);
    CHECK(total(bench, reg::Counter::GPRC) + total(bench, reg::Counter::MPC) == good);
    CHECK(total(bench, reg::Counter::GPRC) == bench.ended(Fate::delivered));
    CHECK(total(bench, reg::Counter::MPC) == bench.ended(Fate::fifo_overrun));
    check_books(bench);
}
