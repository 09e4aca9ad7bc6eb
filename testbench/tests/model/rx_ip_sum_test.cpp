// SPDX-License-Identifier: Apache-2.0
// RXCSUM.IPPCSE: the sum of what IP carries in place of the packet checksum, and UDPV.
// The reference is RFC 1071 in its plainest form, and fragments put together again.
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/bench/ip_frames.hpp"
#include "testbench/tests/bench/register_bits.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test::bits;
using test::BareNic;
using test::body_to;
using test::build;
using test::Built;
using test::Octets;
using test::ones_sum;
using test::station;
using test::tcp;
using test::udp;

namespace {

RxDescriptorExtended received(const Octets& body, std::uint32_t csum, bool strip_tag = false)
{
    BareNic nic;
    nic.receive(2U | 1U << 26U);
    nic.write(rxcsum, csum);
    if (strip_tag) nic.write(ctrl, nic.peek(ctrl) | vme);
    nic.send(body);
    nic.finish();
    return nic.extended(0);
}

}  // namespace

TEST_CASE("IPPCSE sums what IP carries, whatever PCSS says", "[rx_ip_sum]")
{
    for (const unsigned version : {4U, 6U})
        for (const std::uint8_t protocol : {tcp, udp, std::uint8_t{1}})
            for (const std::uint32_t data : {0U, 1U, 64U, 99U, 1400U})
                for (const bool tag : {false, true})
                    for (const std::uint32_t trailer : {0U, 5U})
                        for (const std::uint32_t pcss : {0U, 14U, 255U}) {
                            const Built b = build({.version  = version,
                                                   .protocol = protocol,
                                                   .data     = data,
                                                   .tag      = tag,
                                                   .trailer  = trailer});
                            CAPTURE(version, int{protocol}, data, tag, trailer, pcss);
                            const std::uint16_t sum = ones_sum(b.body, b.l4, b.end);
                            CHECK(received(b.body, ippcse | pcss).checksum == sum);
                            CHECK(received(b.body, ippcse | pcss, true).checksum == sum);
                        }
    for (const std::uint32_t options : {1U, 10U}) {
        const Built b = build({.protocol = udp, .data = 30, .options = options});
        CHECK(received(b.body, ippcse).checksum == ones_sum(b.body, b.l4, b.end));
    }
}

TEST_CASE("without IP, cut short or with PCSD there is no such sum", "[rx_ip_sum]")
{
    CHECK(received(body_to(station, 200), ippcse).checksum == 0);
    CHECK(received(build({.data = 100}).body, ippcse | pcsd).checksum == 0);
    Octets cut = build({.data = 100}).body;
    cut.resize(cut.size() - 1);
    CHECK(received(cut, ippcse).checksum == 0);
}

TEST_CASE("the sums of a UDP datagram's fragments verify it, and UDPV marks the first", "[rx_ip_sum]")
{
    // One datagram of 8 + 176 octets, and its two fragments; the sums of their payloads add up to its own.
    const Built  whole = build({.protocol = udp, .data = 176});
    const Octets first = [&] {
        Octets octets(whole.body.begin(), whole.body.begin() + static_cast<std::ptrdiff_t>(whole.l4) + 96);
        test::patch(octets, whole.ip + 2, 20 + 96);
        test::patch(octets, whole.ip + 6, 0x2000);
        return octets;
    }();
    Octets second(whole.body.begin(), whole.body.begin() + static_cast<std::ptrdiff_t>(whole.l4));
    second.insert(second.end(), whole.body.begin() + static_cast<std::ptrdiff_t>(whole.l4) + 96, whole.body.end());
    test::patch(second, whole.ip + 2, 20 + 88);
    test::patch(second, whole.ip + 6, 96 / 8);

    const auto          one    = received(first, ippcse);
    const auto          two    = received(second, ippcse);
    const std::uint32_t pseudo = ones_sum(whole.body, whole.ip + 12, whole.ip + 20) + udp + 8U + 176U;
    std::uint32_t       sum    = pseudo + one.checksum + two.checksum;
    while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    CHECK(sum == 0xffff);
    CHECK((one.status_error & (udpv | ipidv)) == (udpv | ipidv));
    CHECK((two.status_error & (udpv | ipidv)) == ipidv);
    CHECK(one.ip_id == two.ip_id);

    // Only a first fragment of UDP with a checksum has UDPV, and only with IPPCSE.
    CHECK((received(first, 0).status_error & udpv) == 0);
    CHECK((received(whole.body, ippcse).status_error & udpv) == 0);
    CHECK((received(build({.data = 64, .fragment = 0x2000}).body, ippcse).status_error & udpv) == 0);
    CHECK((received(build({.protocol = udp, .data = 64, .fragment = 0x2000, .no_checksum = true}).body, ippcse)
               .status_error &
           udpv) == 0);
    CHECK((received(build({.protocol = udp, .data = 64, .fragment = 0x2010}).body, ippcse).status_error & udpv) == 0);
}
