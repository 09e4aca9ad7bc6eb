// SPDX-License-Identifier: Apache-2.0
// The reference driver on a device of another project: QEMU's e1000e.
// It judges the driver, not the device.
#include <algorithm>

#include "driver_sim/driver/driver.hpp"
#include "driver_sim/qtest/bus.hpp"
#include "testbench/tests/bench/driver_bench.hpp"
#include "testbench/tests/qemu/machine_for_tests.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

constexpr MacAddress other{{0x02, 0, 0, 0, 0, 0x77}};
constexpr MacAddress group{{0x01, 0, 0x5e, 0, 0, 0x05}};
constexpr MacAddress other_group{{0x01, 0, 0x5e, 0, 0, 0x15}};
constexpr MacAddress everyone{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/// A driver on QEMU, and frames that carry their number.
struct Bench {
    explicit Bench(const DriverSettings& settings = {}) : driver{bus, settings, Probe{}, &consumer} {}

    void send(std::uint64_t frames, const MacAddress& to = default_station_address)
    {
        for (std::uint64_t i = 0; i < frames; ++i) {
            const auto length = static_cast<std::uint32_t>(64 + sent.size() * 37 % 1455);
            sent.push_back({length, 0, to});
            const auto octets = laws::numbered_octets(sent.size() - 1, sent.back());
            machine.append_frame(std::span{octets}.first(length - fcs_octets));
        }
    }
    /// What arrives, in order. A busy machine may need more than one try until `expected` frames are there.
    [[nodiscard]] std::vector<std::uint64_t> receive(std::size_t expected)
    {
        machine.settle();  // registers and frames go through different sockets
        machine.send();
        for (int tries = 30; tries > 0; --tries) {
            driver.run(never);
            if (consumer.numbers.size() >= expected) break;
        }
        return std::exchange(consumer.numbers, {});
    }

    qtest::Machine          machine{qemu_settings()};
    qtest::Bus              bus{machine};
    std::vector<laws::Sent> sent;
    laws::NumberedConsumer  consumer{[this](std::uint64_t i) -> std::optional<laws::Sent> {
                                        if (i >= sent.size()) return std::nullopt;
                                        return sent[i];
                                    },
                                    true};
    Driver<qtest::Bus>      driver;
};

std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t count)
{
    std::vector<std::uint64_t> list(count);
    for (std::uint64_t& one : list) one = first++;
    return list;
}

std::uint64_t total(const RegisterTotals& totals, reg::Counter counter)
{
    return totals[static_cast<std::size_t>(counter)];
}

}  // namespace

TEST_CASE("the driver brings QEMU's e1000e up and finds the address in its NVM")
{
    Bench bench;
    CHECK(bench.driver.open() == std::nullopt);
    CHECK(bench.driver.address() == default_station_address);
    CHECK(bench.driver.close() == std::nullopt);
}

TEST_CASE("the driver takes every frame from QEMU's ring once, in order and octet by octet")
{
    DriverSettings settings;
    settings.ring      = GENERATE(32U, 256U);
    settings.extended  = GENERATE(true, false);
    settings.tail_step = settings.ring == 32 ? 4 : 16;
    Bench bench{settings};
    REQUIRE(bench.driver.open() == std::nullopt);
    bench.send(3000);
    CHECK(bench.receive(3000) == numbers(0, 3000));
    CHECK(bench.consumer.wrong == 0);
    CHECK(bench.driver.counts().doorbells == 3000 / settings.tail_step);

    bench.driver.read_statistics();
    std::uint64_t octets = 0;
    for (const laws::Sent& one : bench.sent) octets += one.length;
    CHECK(total(bench.driver.register_totals(), reg::Counter::GPRC) == 3000);
    CHECK(total(bench.driver.register_totals(), reg::Counter::GORC) == octets);
    CHECK(bench.driver.close() == std::nullopt);
}

TEST_CASE("the driver's filter settings decide what QEMU delivers")
{
    DriverSettings settings;
    settings.multicast = {group};
    Bench bench{settings};
    REQUIRE(bench.driver.open() == std::nullopt);
    for (const MacAddress& to : {default_station_address, other, group, other_group, everyone}) bench.send(1, to);
    CHECK(bench.receive(3) == std::vector<std::uint64_t>{0, 2, 4});

    bench.driver.set_multicast({}, true);
    for (const MacAddress& to : {default_station_address, other, group, other_group, everyone}) bench.send(1, to);
    CHECK(bench.receive(4) == std::vector<std::uint64_t>{5, 7, 8, 9});

    bench.driver.set_multicast({}, false);
    bench.driver.set_promiscuous(true);
    for (const MacAddress& to : {default_station_address, other, group, other_group, everyone}) bench.send(1, to);
    CHECK(bench.receive(5) == numbers(10, 5));
    CHECK(bench.consumer.wrong == 0);
}

TEST_CASE("the driver comes back with another ring on a device that it brought down")
{
    qtest::Machine machine{qemu_settings()};
    qtest::Bus     bus{machine};
    for (const std::uint32_t ring : {8U, 512U, 64U}) {
        std::vector<laws::Sent> sent(200, laws::Sent{300});
        laws::NumberedConsumer consumer{[&](std::uint64_t i) -> std::optional<laws::Sent> { return sent.at(i); }, true};
        DriverSettings         settings;
        settings.ring = ring;
        Driver<qtest::Bus> driver{bus, settings, Probe{}, &consumer};
        REQUIRE(driver.open() == std::nullopt);
        for (std::uint64_t i = 0; i < sent.size(); ++i) {
            const auto octets = laws::numbered_octets(i, sent[i]);
            machine.append_frame(std::span{octets}.first(296));
        }
        machine.settle();
        for (int tries = 30; tries > 0 && consumer.numbers.size() < sent.size(); --tries) driver.run(never);
        CHECK(consumer.numbers == numbers(0, 200));
        CHECK(consumer.wrong == 0);
        CHECK(driver.close() == std::nullopt);
    }
}

TEST_CASE("the driver changes its ring between frames, on QEMU too")
{
    qtest::Machine          machine{qemu_settings()};
    qtest::Bus              bus{machine};
    std::vector<laws::Sent> sent(300, laws::Sent{300});
    laws::NumberedConsumer  consumer{[&](std::uint64_t i) -> std::optional<laws::Sent> { return sent.at(i); }, true};
    DriverSettings          settings;
    settings.ring = 64;
    Driver<qtest::Bus> driver{bus, settings, Probe{}, &consumer};
    REQUIRE(driver.open() == std::nullopt);
    std::uint64_t next = 0;
    for (const std::uint32_t ring : {256U, 8U, 512U}) {
        for (const std::uint64_t end = next + 100; next < end; ++next) {
            const auto octets = laws::numbered_octets(next, sent[next]);
            machine.append_frame(std::span{octets}.first(296));
        }
        machine.settle();
        for (int tries = 30; tries > 0 && consumer.numbers.size() < next; --tries) driver.run(never);
        CHECK(consumer.numbers == numbers(0, next));
        driver.resize(ring);
        CHECK(machine.read32(reg::RDLEN::at(0)) == ring * rx_descriptor_octets);
    }
    CHECK(consumer.wrong == 0);
    CHECK(driver.counts().resizes == 3);
    CHECK(driver.close() == std::nullopt);
}

TEST_CASE("after the driver's bring-down QEMU writes nothing to memory any more")
{
    Bench bench;
    REQUIRE(bench.driver.open() == std::nullopt);
    bench.send(20);
    CHECK(bench.receive(20) == numbers(0, 20));
    REQUIRE(bench.driver.close() == std::nullopt);

    const auto snapshot = [&] {
        const std::byte* from = bench.machine.memory().at(qtest::GuestMemory::base);
        return std::vector<std::byte>{from, from + (std::size_t{1} << 20U)};
    };
    const auto before = snapshot();
    bench.send(50);
    bench.machine.send();
    bench.machine.run_until([] { return false; }, qtest::in_time(std::chrono::milliseconds{50}));
    CHECK(bench.machine.read32(reg::RCTL::offset) == 0);
    CHECK(snapshot() == before);
}
