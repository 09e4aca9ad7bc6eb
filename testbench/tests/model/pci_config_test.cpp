// SPDX-License-Identifier: Apache-2.0
// PCI configuration space as an enumerating host sees it, and what the command register and D3 do (contract A, B.0).
#include "model/pci_config.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using test::BareNic;

namespace {

constexpr std::uint32_t all  = 0xffffffff;
constexpr Time          edge = 8 * nanosecond;

/// A capability as its list gives it: where, and its first dword.
using Capability = std::pair<std::uint32_t, std::uint32_t>;
using Dwords     = std::array<std::uint32_t, 1024>;  ///< dwords

/// Follows both lists. A list that does not end, or an entry outside its area, gives an entry {0, 0}.
std::vector<Capability> walk(const Dwords& space)
{
    std::vector<Capability> found;
    if ((space[1] >> 16U & 0x10U) == 0) return found;
    std::set<std::uint32_t> seen;
    const auto              visit = [&](std::uint32_t at, std::uint32_t least, std::uint32_t most) {
        const bool good = at >= least && at < most && at % 4 == 0 && seen.insert(at).second;
        found.push_back(good ? Capability{at, space[at / 4]} : Capability{0, 0});
        return good;
    };
    for (std::uint32_t at = space[13] & 0xffU; at != 0; at = space[at / 4] >> 8U & 0xffU)
        if (!visit(at, 0x40, 0x100)) return found;
    for (std::uint32_t at = 0x100; at != 0; at = space[at / 4] >> 20U)
        if (!visit(at, 0x100, 0x1000)) return found;
    return found;
}

Dwords space_of(BareNic& nic)
{
    Dwords space;
    for (std::uint32_t i = 0; i < space.size(); ++i) space[i] = nic.read_config(4 * i, 4);
    return space;
}

// Contract A.2: power management, MSI, PCI Express, MSI-X; error reporting and serial number.
const std::vector<Capability> contract{{0xc8, 0x0022d001}, {0xd0, 0x0080e005},  {0xe0, 0x0091a010},
                                       {0xa0, 0x00040011}, {0x100, 0x14010001}, {0x140, 0x00010003}};

}  // namespace

TEST_CASE("the header is the contract's", "[pci_config]")
{
    BareNic    nic{{}, {}, 0};
    const auto read = [&](std::uint32_t offset, unsigned octets) { return nic.read_config(offset, octets); };
    CHECK((read(0x00, 2) == 0x8086 && read(0x02, 2) == 0x10d3));
    CHECK(read(0x00, 4) == 0x10d38086);
    CHECK((read(0x04, 2) == 0 && read(0x06, 2) == 0x0010));
    CHECK(read(0x08, 4) == 0x02000000);
    CHECK((read(0x0b, 1) == 0x02 && read(0x0a, 1) == 0 && read(0x08, 1) == 0));
    CHECK((read(0x0c, 1) == 0x10 && read(0x0d, 1) == 0 && read(0x0e, 1) == 0));
    CHECK((read(0x2c, 2) == 0x8086 && read(0x2e, 2) == 0));
    CHECK((read(0x34, 1) == 0xc8 && read(0x3d, 1) == 1));
}

TEST_CASE("the BARs have their sizes and kinds", "[pci_config]")
{
    BareNic                                nic;
    constexpr std::array<std::uint32_t, 6> sized{0xfffe0000, 0xfffe0000, 0xffffffe1, 0xffffc000, 0, 0};
    for (std::uint32_t n = 0; n < 6; ++n) {
        const std::uint32_t offset = 0x10 + 4 * n;
        nic.write_config(offset, all, 4);
        CHECK(nic.read_config(offset, 4) == sized[n]);
        // An address sticks as far as the size lets it; the kind bits stay.
        nic.write_config(offset, 0xfebd5560, 4);
        CHECK(nic.read_config(offset, 4) == ((0xfebd5560 & sized[n]) | (n == 2 ? 1U : 0U)));
    }
}

TEST_CASE("both capability lists are the contract's and end", "[pci_config]")
{
    BareNic      nic;
    const Dwords space = space_of(nic);
    CHECK(walk(space) == contract);
    CHECK(space[0xa4 / 4] == 0x00000003);  // MSI-X table and pending bits in BAR 3
    CHECK(space[0xa8 / 4] == 0x00002003);

    // The walk notices a wrong pointer, a list that bites its tail, and a missing list.
    for (const auto& [at, content] :
         {Capability{0x34, 0xd0}, Capability{0xd0, 0x0080c805}, Capability{0xe0, 0x0091a110},
          Capability{0xa0, 0x0004c811}, Capability{0x100, 0x10010001}, Capability{0x140, 0x14010003},
          Capability{0x04, 0}}) {
        Dwords broken  = space;
        broken[at / 4] = content;
        CHECK(walk(broken) != contract);
    }
}

TEST_CASE("the serial number is the station address around FFFF", "[pci_config]")
{
    // As a 64-bit number its first octet is the address's first (A.2): 00-1b-21-ff-ff-aa-bb-cc.
    NicParameters parameters;
    parameters.nvm_address = {{0x00, 0x1b, 0x21, 0xaa, 0xbb, 0xcc}};
    BareNic nic{parameters};
    CHECK(nic.read_config(0x148, 4) == 0x001b21ff);
    CHECK(nic.read_config(0x144, 4) == 0xffaabbcc);
}

TEST_CASE("only the writable bits of configuration space change", "[pci_config]")
{
    // Command: I/O, memory, bus master, parity, SERR, INTx disable. The rest as each structure has it.
    const std::map<std::uint32_t, std::uint32_t> writable{
        {0x04, 0x00000547}, {0x0c, 0x000000ff}, {0x10, 0xfffe0000}, {0x14, 0xfffe0000}, {0x18, 0xffffffe0},
        {0x1c, 0xffffc000}, {0x3c, 0x000000ff}, {0xcc, 0x00000103}, {0xd4, 0xfffffffc}, {0xd8, all},
        {0xdc, 0x0000ffff}, {0xe8, 0x0000ffff}, {0xf0, 0x000001ff}};
    BareNic      nic;
    const Dwords before = space_of(nic);
    for (std::uint32_t offset = 0; offset < 0x1000; offset += 4) {
        nic.write_config(offset, all, 4);
        const std::uint32_t ones = nic.read_config(offset, 4);
        nic.write_config(offset, 0, 4);
        const std::uint32_t zeros = nic.read_config(offset, 4);
        const auto          found = writable.find(offset);
        const std::uint32_t mask  = found == writable.end() ? 0 : found->second;
        INFO(std::hex << offset);
        // D3 to D0 on the way is a reset, which is what leaving 0xcc at 0 amounts to here.
        CHECK((ones & mask) == mask);
        CHECK((zeros & mask) == 0);
        if (offset > 0x04) CHECK((ones & ~mask) == (before[offset / 4] & ~mask));
    }
}

TEST_CASE("accesses of one, two and four octets agree, others read all ones", "[pci_config]")
{
    BareNic      nic;
    const Dwords space = space_of(nic);
    for (std::uint32_t offset = 0; offset < 0x200; ++offset) {
        const std::uint32_t octet = space[offset / 4] >> (8 * (offset % 4)) & 0xffU;
        REQUIRE(nic.read_config(offset, 1) == octet);
        if (offset % 2 == 0) REQUIRE((nic.read_config(offset, 2) & 0xffU) == octet);
    }
    CHECK(nic.read_config(1, 2) == 0xffff);
    CHECK(nic.read_config(2, 4) == all);
    CHECK(nic.read_config(0x1000, 4) == all);
    CHECK(nic.read_config(0x1000, 1) == 0xff);
    nic.write_config(0x3c, 0x0b, 1);
    CHECK(nic.read_config(0x3c, 4) == 0x0000010b);
    nic.write_config(0x1000, 1, 4);
    nic.write_config(0x3d, 1, 2);
    CHECK(nic.read_config(0x3c, 4) == 0x0000010b);
}

TEST_CASE("MSI and MSI-X cannot be enabled before messages are delivered", "[pci_config]")
{
    BareNic nic;
    nic.write_config(0xd2, 0xffff, 2);
    CHECK(nic.read_config(0xd2, 2) == 0x0080);
    nic.write_config(0xa2, 0xffff, 2);
    CHECK(nic.read_config(0xa2, 2) == 0x0004);
}

TEST_CASE("the way from D3 to D0 is a full reset, the way to D3 is none", "[pci_config]")
{
    BareNic nic;
    nic.write_config(0x10, 0xfeb00000, 4);
    nic.write(reg::PBA::offset, 32);
    nic.write(reg::MTA::at(5), 1);
    const auto power = [&](std::uint32_t state) { nic.write_config(0xcc, state, 2); };
    power(0);
    CHECK(nic.peek(reg::MTA::at(5)) == 1);
    power(3);
    CHECK(nic.read_config(0xcc, 2) == 3);
    CHECK(nic.peek(reg::MTA::at(5)) == 1);
    power(0);
    CHECK(nic.read_config(0xcc, 2) == 0);
    CHECK(nic.peek(reg::MTA::at(5)) == 0);
    CHECK(nic.peek(reg::PBA::offset) == 0x00140014);
    CHECK(nic.read_config(0x04, 2) == 0);
    CHECK(nic.read_config(0x10, 4) == 0);
    CHECK(nic.read(reg::STATUS::offset) == all);  // memory is off again
}

TEST_CASE("a full reset lets the link come up anew, CTRL.RST leaves it", "[pci_config]")
{
    NicParameters parameters;
    parameters.link_up_time = 5 * millisecond;
    BareNic    nic{parameters};
    const auto link = [&] { return (nic.peek(reg::STATUS::offset) & 2U) != 0; };
    const auto lsc  = [&] { return (nic.read(reg::ICR::offset) & 4U) != 0; };
    CHECK_FALSE(link());
    nic.run_to(5 * millisecond - 2 * edge);
    CHECK((!link() && !lsc()));
    nic.run_to(5 * millisecond);
    CHECK((link() && lsc()));

    nic.write(reg::CTRL::offset, reg::CTRL::RST.mask());
    CHECK((link() && !lsc()));

    // PERST# resets the PHY too, also while the link is still on its way up.
    for (const Time at : {10 * millisecond, 12 * millisecond}) {
        nic.run_to(at - edge);
        nic.reset();
        nic.set_command(test::memory_enable | test::bus_master);
        CHECK((!link() && !lsc()));
    }
    nic.run_to(17 * millisecond - edge);
    CHECK_FALSE(link());
    nic.run_to(17 * millisecond);
    CHECK((link() && lsc()));

    // SLU = 0 takes the link down at once.
    nic.write(reg::CTRL::offset, 0);
    CHECK((!link() && lsc()));
    nic.write(reg::CTRL::offset, reg::CTRL::SLU.mask());
    CHECK((!link() && !lsc()));
    nic.run_for(5 * millisecond);
    CHECK((link() && lsc()));
}
