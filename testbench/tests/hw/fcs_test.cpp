// SPDX-License-Identifier: Apache-2.0
// The frame check sequence against zlib's CRC-32, for every length, padding and place of a wrong octet.
// Expected CRCs come from zlib.
#include "hw/ethernet/fcs.hpp"

#include <zlib.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string_view>
#include <vector>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using test::Octets;
using test::with_fcs;

namespace {

std::uint32_t zlib_crc(const Octets& octets)
{
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(octets.data()), static_cast<uInt>(octets.size())));
}

Octets random_octets(std::size_t count, std::mt19937& random)
{
    Octets octets(count);
    for (std::byte& octet : octets) octet = static_cast<std::byte>(random() & 0xffU);
    return octets;
}

/// The frame that consists of these octets, its FCS being the last four.
Frame stored_frame(const Octets& octets)
{
    const auto length = static_cast<std::uint32_t>(octets.size());
    return {octets.data(), length, length, Fcs::stored};
}

/// The frame whose sender pads these octets with zeros up to `length` less four and appends the FCS.
Frame appended_frame(const Octets& octets, std::uint32_t length)
{
    return {octets.data(), static_cast<std::uint32_t>(octets.size()), length, Fcs::appended};
}

using Check = std::function<bool(const Octets&)>;

/// Places of a right frame where `check` overlooks a wrong octet; each octet is changed in each of its bits and in all.
std::vector<std::size_t> overlooked(Octets frame, const Check& check)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < frame.size(); ++i) {
        bool found = true;
        for (const unsigned change : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U, 255U}) {
            frame[i] ^= static_cast<std::byte>(change);
            found = found && !check(frame);
            frame[i] ^= static_cast<std::byte>(change);
        }
        if (!found) places.push_back(i);
    }
    return places;
}

}  // namespace

TEST_CASE("the CRC is the one of IEEE 802.3", "[fcs]")
{
    // The check value that every description of CRC-32 gives.
    constexpr std::string_view digits = "123456789";
    CHECK(fcs_of(std::as_bytes(std::span{digits})) == 0xcbf43926);
    CHECK(fcs_of({}) == 0);

    std::mt19937 random{1};
    for (std::size_t length = 0; length <= 2000; ++length) {
        const Octets octets = random_octets(length, random);
        REQUIRE(fcs_of(octets) == zlib_crc(octets));
    }
}

TEST_CASE("a frame with zlib's CRC behind it is right, whatever its length", "[fcs]")
{
    std::mt19937 random{2};
    for (std::size_t length = 0; length <= 1600; ++length) {
        const Octets frame = with_fcs(random_octets(length, random));
        REQUIRE(fcs_is_right(frame));
        REQUIRE(fcs_is_right(stored_frame(frame)));
    }
    const Octets longest = with_fcs(random_octets(16379, random));
    CHECK(fcs_is_right(longest));
}

TEST_CASE("under four octets there is no FCS, so it is not right", "[fcs]")
{
    for (std::size_t length = 0; length < 4; ++length) {
        const Octets octets(length, std::byte{0});
        CHECK_FALSE(fcs_is_right(octets));
        CHECK_FALSE(fcs_is_right(stored_frame(octets)));
        CHECK_FALSE(fcs_is_right(appended_frame({}, static_cast<std::uint32_t>(length))));
    }
    CHECK(fcs_is_right(appended_frame({}, 4)));
}

TEST_CASE("a wrong octet is found wherever it is", "[fcs]")
{
    std::mt19937 random{3};
    for (const std::size_t length : {0U, 1U, 2U, 59U, 60U, 61U, 1514U}) {
        const Octets frame = with_fcs(random_octets(length, random));
        INFO("body of " << length);
        CHECK(overlooked(frame, [](const Octets& octets) { return fcs_is_right(octets); }).empty());
        CHECK(overlooked(frame, [](const Octets& octets) { return fcs_is_right(stored_frame(octets)); }).empty());
    }
}

TEST_CASE("a check that skips an octet is caught by the search for wrong octets", "[fcs]")
{
    std::mt19937 random{4};
    const Octets frame = with_fcs(random_octets(60, random));
    // Broken twins: one does not look at the FCS's last octet, one trusts octet 17, one knows all frames to be right.
    const Check cut   = [&](Octets octets) { return octets.back() = frame.back(), fcs_is_right(octets); };
    const Check blind = [&](Octets octets) { return octets[17] = frame[17], fcs_is_right(octets); };
    CHECK(overlooked(frame, cut) == std::vector<std::size_t>{63});
    CHECK(overlooked(frame, blind) == std::vector<std::size_t>{17});
    CHECK(overlooked(frame, [](const Octets&) { return true; }).size() == 64);
}

TEST_CASE("every burst of up to 32 wrong bits is found", "[fcs]")
{
    // A CRC of 32 bits finds them all; a table with a wrong entry would not.
    std::mt19937 random{5};
    Octets       frame = with_fcs(random_octets(124, random));
    for (std::size_t bit = 0; bit + 32 <= frame.size() * 8; ++bit) {
        const std::uint32_t pattern = static_cast<std::uint32_t>(random()) | 1U;
        const auto          toggle  = [&] {
            for (std::size_t i = 0; i < 32; ++i)
                if ((pattern >> i & 1U) != 0) frame[(bit + i) / 8] ^= static_cast<std::byte>(1U << ((bit + i) % 8));
        };
        toggle();
        REQUIRE_FALSE(fcs_is_right(frame));
        toggle();
    }
    CHECK(fcs_is_right(frame));
}

TEST_CASE("zeros that pad a frame count in its FCS although nobody stored them", "[fcs]")
{
    std::mt19937 random{6};
    for (const std::uint32_t padding : {0U, 1U, 3U, 4U, 45U, 255U, 256U, 257U, 511U, 512U, 3000U, 16000U}) {
        for (const std::size_t length : {0U, 1U, 14U, 60U, 61U, 380U}) {
            const Octets octets = random_octets(length, random);
            Octets       whole  = octets;
            whole.resize(length + padding);
            const Octets wire = with_fcs(whole);
            const auto   size = static_cast<std::uint32_t>(wire.size());
            INFO(length << " octets and " << padding << " of padding");

            const auto fcs = fcs_on_wire(appended_frame(octets, size));
            CHECK(Octets(fcs.begin(), fcs.end()) == Octets(wire.end() - 4, wire.end()));
            CHECK(fcs_is_right(appended_frame(octets, size)));
        }
    }
}

TEST_CASE("a cut capture of a padded frame keeps its stored FCS only if all of it was stored", "[fcs]")
{
    // Fcs::stored with fewer octets than the length: the rest is zero, the FCS with it (hw/ethernet/frame.hpp).
    const Octets whole = with_fcs(Octets(60, std::byte{0x5a}));
    Frame        frame = stored_frame(whole);
    CHECK(fcs_is_right(frame));
    frame.stored = 62;
    CHECK_FALSE(fcs_is_right(frame));

    // A body whose right FCS ends in zeros is right even so: the check goes by value, not by origin.
    const Octets zeros(64, std::byte{0});
    frame        = stored_frame(zeros);
    frame.stored = 0;
    CHECK_FALSE(fcs_is_right(frame));
}

TEST_CASE("the FCS on the wire is the stored one, right or wrong", "[fcs]")
{
    std::mt19937 random{7};
    for (const std::size_t length : {4U, 5U, 8U, 64U, 1518U}) {
        const Octets octets = random_octets(length, random);
        const auto   fcs    = fcs_on_wire(stored_frame(octets));
        CHECK(Octets(fcs.begin(), fcs.end()) == Octets(octets.end() - 4, octets.end()));
    }
}

TEST_CASE("an FCS that the sender appended needs no octet to be known right", "[fcs]")
{
    // No octets at all: any read of them would be a read through a null pointer.
    const Frame frame{nullptr, 0, 1518, Fcs::appended};
    CHECK(fcs_is_right(frame));
    const Octets wire = with_fcs(Octets(1514, std::byte{0}));
    const auto   fcs  = fcs_on_wire(frame);
    CHECK(Octets(fcs.begin(), fcs.end()) == Octets(wire.end() - 4, wire.end()));
}
