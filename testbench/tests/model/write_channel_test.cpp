// SPDX-License-Identifier: Apache-2.0
// The write channel at the block itself: when a command is accepted and when the host can see what it writes.
#include "model/write_channel.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using Command = WriteChannel::Command;

namespace {

/// Answers each booking with the same times.
class FixedPort final : public DmaPort {
public:
    [[nodiscard]] DmaTimes schedule(DmaOperation, std::uint64_t, std::uint32_t, Time) override { return times; }
    [[nodiscard]] bool     commit_write(std::uint64_t, std::span<const std::byte>) override { return true; }
    [[nodiscard]] bool     commit_read(std::uint64_t, std::span<std::byte>) override { return true; }

    DmaTimes times{0, 0};
};

/// Core clock of 8 ns, 16 octets a beat.
NicParameters parameters()
{
    NicParameters p;
    p.wire_rate       = 1'000'000'000;
    p.dma_beat_octets = 16;
    return p;
}

constexpr Time period = 8'000;

struct Bench {
    NicParameters p = parameters();
    FixedPort     port;
    WriteChannel  channel{p, port};
};

}  // namespace

TEST_CASE("a command is accepted one beat for each begun 16 octets after its issue", "[write_channel]")
{
    const auto [octets, beats] =
        GENERATE(std::pair{1U, 1}, std::pair{16U, 1}, std::pair{17U, 2}, std::pair{64U, 4}, std::pair{1514U, 95});
    Bench b;
    CHECK_FALSE(b.channel.busy());
    CHECK_FALSE(b.channel.used());
    const Time visible = b.channel.issue(Command::payload, 0x1000, octets, 10 * period);
    CHECK(b.channel.busy());
    CHECK(b.channel.carries_payload());
    CHECK(b.channel.accepted() == (10 + beats) * period);
    CHECK(visible == b.channel.accepted());
    CHECK(b.channel.last_address() == 0x1000);

    b.channel.free();
    CHECK_FALSE(b.channel.busy());
    CHECK_FALSE(b.channel.carries_payload());
    CHECK(b.channel.accepted() == never);
    CHECK(b.channel.used());
}

TEST_CASE("a link that takes longer delays the acceptance to the next edge", "[write_channel]")
{
    Bench b;
    b.port.times = {20 * period + 1, 30 * period + 5};
    CHECK(b.channel.issue(Command::write_back, 0, 16, 10 * period) == 30 * period + 5);
    CHECK(b.channel.accepted() == 21 * period);
}

TEST_CASE("a command whose time is not known waits until it is told", "[write_channel]")
{
    Bench b;
    b.port.times = {time_unknown, time_unknown};
    CHECK(b.channel.issue(Command::payload, 0, 64, 10 * period) >= time_unknown);
    REQUIRE(b.channel.waits());

    SECTION("by the link")
    {
        const DmaCompletion done{DmaOperation::write, 10 * period, {50 * period - 1, 60 * period + 3}};
        CHECK(b.channel.complete(done, 12 * period) == 60 * period + 3);
        CHECK(b.channel.accepted() == 50 * period);
    }
    SECTION("by its own beats")
    {
        const DmaCompletion done{DmaOperation::write, 10 * period, {11 * period, 11 * period}};
        CHECK(b.channel.complete(done, 12 * period) == 14 * period);
        CHECK(b.channel.accepted() == 14 * period);
    }
    SECTION("by the engine's time, on an edge that has not been")
    {
        const DmaCompletion done{DmaOperation::write, 10 * period, {11 * period, 11 * period}};
        CHECK(b.channel.complete(done, 90 * period + 1) == 91 * period);
    }
    CHECK_FALSE(b.channel.waits());
    CHECK(b.channel.busy());
}
