// SPDX-License-Identifier: Apache-2.0
// Receive control decoded from the registers, field by field, against contract B.0, B.5 and D11.
#include "model/rx_control.hpp"

#include <array>
#include <functional>
#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr std::uint32_t ctrl = 0x0000, fcal = 0x0028, fcah = 0x002c, fct = 0x0030, vet = 0x0038, rctl = 0x0100,
                        rsrpd = 0x2c00, rxcsum = 0x5000, rfctl = 0x5008, ral = 0x5400, rah = 0x5404;

/// Decoded after these writes to registers that are all 0 before.
RxControl decoded(const std::vector<std::array<std::uint32_t, 2>>& writes)
{
    Csr csr;
    for (const std::uint32_t offset : {ctrl, fcal, fcah, fct, vet, rctl, rsrpd, rxcsum, rfctl, ral, rah})
        csr.set(offset, 0);
    for (const auto& [offset, value] : writes) csr.set(offset, value);
    return RxControl::decode(csr, NicParameters{});
}

/// Every switch of one bit: where it stands, and what it makes true.
struct Switch {
    std::uint32_t                         offset;
    unsigned                              bit;
    std::function<bool(const RxControl&)> on;
    bool                                  inverted = false;
};

const std::vector<Switch> switches{
    {rctl, 1, [](const RxControl& c) { return c.enabled; }},
    {rctl, 2, [](const RxControl& c) { return c.store_bad; }},
    {rctl, 5, [](const RxControl& c) { return c.longest > 1522; }},
    {rctl, 22, [](const RxControl& c) { return c.discard_pause; }},
    {rctl, 23, [](const RxControl& c) { return c.pass_control; }},
    {rctl, 26, [](const RxControl& c) { return c.fcs_cut == 4; }},
    {ctrl, 30, [](const RxControl& c) { return c.strip_tags; }},
    {rfctl, 15, [](const RxControl& c) { return c.extended; }},
    {rfctl, 10, [](const RxControl& c) { return c.ipv6; }, true},
    {rfctl, 11, [](const RxControl& c) { return c.ipv6_checksums; }, true},
    {rfctl, 12, [](const RxControl& c) { return c.find_acks; }, true},
    {rfctl, 13, [](const RxControl& c) { return c.bare_acks; }},
    {rfctl, 16, [](const RxControl& c) { return c.ipv6_extensions; }, true},
    {rxcsum, 8, [](const RxControl& c) { return c.check_ip; }},
    {rxcsum, 9, [](const RxControl& c) { return c.check_l4; }},
    {rxcsum, 12, [](const RxControl& c) { return c.sum_ip_payload; }},
    {rxcsum, 13, [](const RxControl& c) { return c.sum_frame; }, true},
};

}  // namespace

TEST_CASE("each switch of receive control is one bit, and no other bit moves it", "[rx_control]")
{
    for (const Switch& one : switches) {
        for (const Switch& other : switches) {
            CAPTURE(one.offset, one.bit, other.offset, other.bit);
            const bool set = &one == &other;
            CHECK(one.on(decoded({{other.offset, 1U << other.bit}})) == (set != one.inverted));
        }
    }
}

TEST_CASE("buffers have the sizes of BSIZE, BSEX and FLXBUF", "[rx_control]")
{
    const auto octets = [](std::uint32_t bsize, std::uint32_t bsex, std::uint32_t kib) {
        return decoded({{rctl, bsize << 16U | bsex << 25U | kib << 27U}}).buffer_octets;
    };
    CHECK(octets(0, 0, 0) == 2048);
    CHECK(octets(1, 0, 0) == 1024);
    CHECK(octets(2, 0, 0) == 512);
    CHECK(octets(3, 0, 0) == 256);
    CHECK(octets(1, 1, 0) == 16384);
    CHECK(octets(2, 1, 0) == 8192);
    CHECK(octets(3, 1, 0) == 4096);
    for (std::uint32_t kib = 1; kib < 16; ++kib) CHECK(octets(3, 1, kib) == kib * 1024);
}

TEST_CASE("the longest frame that surely fits one buffer counts the FCS that is not stored", "[rx_control]")
{
    CHECK(decoded({{rctl, 0}}).whole_in_one == 2048);
    CHECK(decoded({{rctl, 1U << 26U}}).whole_in_one == 2052);
    CHECK(decoded({{ctrl, 1U << 30U}}).whole_in_one == 0);  // a tag may be stripped: it depends on the frame
}

TEST_CASE("RXDMT0 comes at a half, a quarter or an eighth of the ring", "[rx_control]")
{
    for (std::uint32_t rdmts = 0; rdmts < 3; ++rdmts)
        CHECK(64U >> decoded({{rctl, rdmts << 8U}}).low_shift == 32U >> rdmts);
}

TEST_CASE("addresses and types are taken from their registers", "[rx_control]")
{
    const RxControl control = decoded({{fcal, 0x00c28001},
                                       {fcah, 0x0100},
                                       {fct, 0x8808},
                                       {vet, 0x9100},
                                       {ral, 0x33221100},
                                       {rah, 0x8000'5544},
                                       {rsrpd, 90},
                                       {rxcsum, 14}});
    CHECK(control.control_address == 0x0100'00c2'8001);
    CHECK(control.control_type == 0x8808);
    CHECK(control.vlan_type == 0x9100);
    CHECK(control.station_address == 0x5544'3322'1100);
    CHECK(control.small_below == 90);
    CHECK(control.sum_from == 14);
}
