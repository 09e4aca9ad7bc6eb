// SPDX-License-Identifier: Apache-2.0
// The NVM: its image word by word, its checksum, and reads through EERD within and beyond the image (contract B.2).
// Expected words do not come from the image under test.
#include "model/nvm.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using test::BareNic;

namespace {

/// Words 03 to 3E as contract B.2 lists them; 06 and 07 it does not list, -1 stands for them.
constexpr std::array<int, 60> listed{0x0420, 0xf746, 0x2010, -1,     -1,                              // 03
                                     0x0000, 0x0000, 0x026b, 0x0000, 0x8086, 0x10d3, -1,     0x8058,  // 08
                                     0x0000, 0x2001, 0x7e7c, 0xffff, 0x1000, 0x00c8, 0x0000, 0x2704,  // 10
                                     0x6cc9, 0x3150, 0x070e, 0x460b, 0x2d84, 0x0100, 0xf000, 0x0706,  // 18
                                     0x6000, 0x0080, 0x0f04, 0x7fff, 0x4f01, 0xc600, 0x0000, 0x20ff,  // 20
                                     0x0028, 0x0003, 0x0000, 0x0000, 0x0000, 0x0003, 0x0000, 0xffff,  // 28
                                     0x0100, 0xc000, 0x121c, 0xc007, 0xffff, 0xffff, 0xffff, 0xffff,  // 30
                                     0xffff, 0xffff, 0xffff, 0xffff, 0x0000, 0x0120, 0xffff};         // 38

using Words = std::vector<std::uint16_t>;

std::uint16_t sum_of(const Words& words)
{
    return static_cast<std::uint16_t>(std::accumulate(words.begin(), words.end(), 0U));
}

/// All 64 words as a driver reads them.
Words read_by_eerd(BareNic& nic)
{
    Words words;
    for (std::uint32_t address = 0; address < 64; ++address) {
        nic.write(0x0014, address << 2U | 1U);
        const std::uint32_t answer = nic.read(0x0014);
        REQUIRE((answer & 2U) != 0);
        REQUIRE((answer & 0xfffcU) == address << 2U);
        words.push_back(static_cast<std::uint16_t>(answer >> 16U));
    }
    return words;
}

/// What Linux asks of an image (contract B.2): the checksum, and bits that would mislead it.
bool acceptable(const Words& words)
{
    return sum_of(words) == 0xbaba && (words[0x0f] & 0x6000U) == 0 && (words[0] & 1U) == 0 && words[0x37] == 0xffff;
}

}  // namespace

TEST_CASE("the image is the contract's, its checksum BABA", "[nvm]")
{
    BareNic     nic;
    const Words words = read_by_eerd(nic);
    REQUIRE(words.size() == 64);
    CHECK(words[0] == 0x0002);  // 02:00:00:00:00:01, octet 0 in the low half
    CHECK(words[1] == 0x0000);
    CHECK(words[2] == 0x0100);
    for (std::size_t i = 0; i < listed.size(); ++i) {
        INFO("word " << i + 3);
        CHECK((listed[i] < 0 || words[i + 3] == listed[i]));
    }
    CHECK(sum_of(words) == 0xbaba);
    CHECK(acceptable(words));
}

TEST_CASE("an image with one bit wrong is not acceptable", "[nvm]")
{
    BareNic     nic;
    const Words words = read_by_eerd(nic);
    for (std::size_t i = 0; i < 64; ++i) {
        for (unsigned bit = 0; bit < 16; ++bit) {
            Words broken = words;
            broken[i] ^= static_cast<std::uint16_t>(1U << bit);
            REQUIRE_FALSE(acceptable(broken));
        }
    }
}

TEST_CASE("the checksum holds for every address", "[nvm]")
{
    const std::array<MacAddress, 4> addresses{MacAddress{}, MacAddress{{0x00, 0x1b, 0x21, 0xaa, 0xbb, 0xcc}},
                                              MacAddress{{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff}},
                                              MacAddress{{0x02, 0x01, 0x04, 0x03, 0x06, 0x05}}};
    for (const MacAddress& address : addresses) {
        const Nvm nvm{address};
        Words     words;
        for (std::uint32_t i = 0; i < Nvm::words; ++i) words.push_back(nvm.word(i).value_or(0));
        CHECK(sum_of(words) == 0xbaba);
        for (std::size_t i = 0; i < 3; ++i) CHECK(words[i] == address.octets[2 * i] + 256 * address.octets[2 * i + 1]);
    }
    CHECK(Nvm{addresses[1]}.address_low() == 0xaa211b00);
    CHECK(Nvm{addresses[1]}.address_high() == 0x8000ccbb);
}

TEST_CASE("beyond the image EERD never says done", "[nvm]")
{
    BareNic nic;
    for (const std::uint32_t address : {64U, 65U, 127U, 0x3fffU}) {
        nic.write(0x0014, 3U << 2U | 1U);
        REQUIRE((nic.read(0x0014) & 2U) != 0);
        nic.write(0x0014, address << 2U | 1U);
        nic.run_for(10 * millisecond);
        INFO(address);
        CHECK((nic.read(0x0014) & 2U) == 0);
    }
    // And then works again.
    nic.write(0x0014, 5U << 2U | 1U);
    CHECK(nic.read(0x0014) >> 16U == 0x2010);
}

TEST_CASE("DONE is bit 1, and a write without START reads nothing", "[nvm]")
{
    BareNic nic;
    CHECK(nic.read(0x0014) == 2);
    nic.write(0x0014, 1);
    CHECK((nic.read(0x0014) & 0x12U) == 2);  // bit 4 is another family's DONE
    CHECK(nic.read(0x0014) >> 16U == 0x0002);
    nic.write(0x0014, 4U << 2U);
    CHECK(nic.read(0x0014) >> 16U == 0x0002);
}

TEST_CASE("a reset loads the address again, and AUTO_RD tells when", "[nvm]")
{
    const auto damage = [](BareNic& nic) {
        nic.write(reg::RAL::at(0), 0xdeadbeef);
        nic.write(reg::RAH::at(0), 0x0000dead);
    };
    const auto loaded = [](BareNic& nic) {
        return nic.read(reg::RAL::at(0)) == 0x00000002 && nic.read(reg::RAH::at(0)) == 0x80000100;
    };
    BareNic nic;
    CHECK(loaded(nic));
    CHECK((nic.read(0x0010) & 0x200U) != 0);
    damage(nic);
    CHECK_FALSE(loaded(nic));

    SECTION("CTRL.RST")
    {
        nic.write(reg::CTRL::offset, reg::CTRL::RST.mask());
        CHECK((nic.read(0x0010) & 0x200U) == 0);
        CHECK(loaded(nic));
    }
    SECTION("CTRL_EXT.EE_RST")
    {
        nic.write(reg::CTRL_EXT::offset, reg::CTRL_EXT::EE_RST.mask());
        CHECK((nic.read(0x0010) & 0x200U) == 0);
        CHECK(loaded(nic));
        CHECK(nic.read(reg::CTRL_EXT::offset) == 0);
    }
    nic.run_for(10 * millisecond);  // Linux polls no longer
    CHECK((nic.read(0x0010) & 0x200U) != 0);
}

TEST_CASE("the reloaded address filters, not only reads back", "[nvm]")
{
    BareNic nic;
    nic.write(reg::RAH::at(0), 0);
    nic.write(reg::CTRL_EXT::offset, reg::CTRL_EXT::EE_RST.mask());
    nic.receive(reg::RCTL::EN.mask());
    nic.send(test::body_to(test::station, 64));
    nic.send(test::body_to(test::other_station, 64));
    nic.finish();
    CHECK(nic.fates() == test::Totals{{"stored", 1}, {"filtered_address", 1}});
}
