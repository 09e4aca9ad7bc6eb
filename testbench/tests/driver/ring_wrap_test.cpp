// SPDX-License-Identifier: Apache-2.0
// Rings of every size the device has, gone round more than once, in both descriptor formats and with any tail step.
#include "testbench/tests/bench/driver_bench.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

/// Two rounds and a bit through a ring; true when every frame was delivered once, in order, with its own octets.
bool goes_round(std::uint32_t ring, std::uint32_t tail_step, bool extended, const std::string& platform,
                std::uint32_t longest)
{
    DriverSettings settings;
    settings.ring                 = ring;
    settings.tail_step            = tail_step;
    settings.extended             = extended;
    settings.strip_fcs            = longest % 2 == 0;
    const PlatformProfile profile = load_platform_profile(platform);
    settings.frame_time           = profile.host.driver_frame;
    settings.poll_entry           = profile.host.softirq;
    const std::uint64_t frames    = 2 * ring + ring / 2 + 3;
    DriverBench         bench{settings, profile, burst(frames, 64, longest)};
    if (bench.driver.open()) return false;
    bench.driver.run(never);
    const bool all = bench.delivered_in_order(frames) && bench.ledger.breach().empty() && bench.ledger.in_flight() == 0;
    // Whatever the steps, the tail moved by whole ones.
    const auto tails = bench.written(reg::RDT::at(0));
    for (std::size_t i = 2; i < tails.size(); ++i)
        if ((tails[i] + ring - tails[i - 1]) % ring != tail_step % ring) return false;
    return all && bench.memory.refused_count() == 0;
}

}  // namespace

TEST_CASE("small rings wrap with every tail step that leaves a descriptor", "[ring_wrap]")
{
    for (const std::uint32_t ring : {8U, 16U, 24U, 64U})
        for (std::uint32_t step = 1; step <= std::min(64U, ring - 2); ++step) {
            CAPTURE(ring, step);
            CHECK(goes_round(ring, step, step % 2 == 0, "ideal", 64 + step % 3));
        }
}

TEST_CASE("rings of all sizes wrap on a platform that costs nothing and on a server", "[ring_wrap]")
{
    Random random{1};
    for (std::uint32_t ring = 8; ring <= 4096; ring += 8) {
        // All small ones, then every eighth, and the largest.
        if (ring > 512 && ring % 256 != 0 && ring != 4088) continue;
        const std::uint32_t step     = ring >= 32 && ring % 16 == 0 ? 16 : random.between(1U, std::min(64U, ring - 2));
        const bool          extended = random.chance(50);
        const char*         platform = random.chance(50) ? "ideal" : "xeon-bdw-gen3x8";
        CAPTURE(ring, step, extended, platform);
        CHECK(goes_round(ring, step, extended, platform, random.between(64U, 300U)));
    }
}

TEST_CASE("a frame twice, out of order, or with another octet is noticed", "[ring_wrap]")
{
    const Traffic traffic = burst(10);
    const auto    shows   = [&traffic](const std::vector<std::uint64_t>& numbers, std::size_t spoilt) {
        DriverBench bench{{}, {}, traffic};
        for (const std::uint64_t number : numbers) {
            auto octets = numbered_octets(number, *traffic(number));
            octets.resize(octets.size() - fcs_octets);
            if (spoilt != 0) octets[spoilt] ^= std::byte{1};
            bench.consumer.frame(octets, 0);
        }
        return bench.delivered_in_order(3);
    };
    CHECK(shows({0, 1, 2}, 0));
    CHECK_FALSE(shows({0, 1, 1}, 0));
    CHECK_FALSE(shows({0, 2, 1}, 0));
    CHECK_FALSE(shows({0, 1, 2, 2}, 0));
    CHECK_FALSE(shows({0, 1}, 0));
    CHECK_FALSE(shows({0, 1, 2}, 59));
}
