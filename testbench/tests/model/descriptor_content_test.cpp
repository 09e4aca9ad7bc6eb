// SPDX-License-Identifier: Apache-2.0
// Descriptors of ordinary and of tagged frames in both formats, field by field (contract C.1, C.2, D11).
#include "model/descriptor_content.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr std::uint64_t buffer = 0x1122'3344'5566'7788;

template <class Format>
Format as(const RxDescriptorRead& descriptor)
{
    return std::bit_cast<Format>(descriptor);
}

/// A frame of EtherType `type`, followed by the TCI 0xa123.
struct Tagged {
    explicit Tagged(std::uint16_t type)
    {
        octets[12]          = static_cast<std::byte>(type >> 8U);
        octets[13]          = static_cast<std::byte>(type & 0xffU);
        octets[14]          = std::byte{0xa1};
        octets[15]          = std::byte{0x23};
        stored.frame.octets = octets.data();
        stored.frame.stored = 60;
        stored.frame.length = 64;
        stored.octets       = 64;
    }
    std::array<std::byte, 60> octets{};
    StoredFrame               stored;
};

}  // namespace

TEST_CASE("a legacy descriptor keeps its buffer, and the last one ends the frame", "[descriptor_content]")
{
    RxControl         control;
    DescriptorContent content{control};
    Tagged            frame{0x88b5};
    frame.stored.status = rx_status::pif | rx_error::ce << rx_error::extended_shift;
    content.begin(frame.stored);
    CHECK_FALSE(content.stripped());
    CHECK(content.causes() == 0);

    const auto first = as<RxDescriptorLegacy>(content.descriptor(buffer, 40, true, false));
    CHECK(first.buffer == buffer);
    CHECK(first.length == 40);
    CHECK(first.status == rx_status::dd);
    CHECK(first.errors == 0);

    const auto last = as<RxDescriptorLegacy>(content.descriptor(buffer, 20, false, true));
    CHECK(last.length == 20);
    CHECK(last.status == (rx_status::dd | rx_status::eop | rx_status::ixsm | rx_status::pif));
    CHECK(last.errors == rx_error::ce);
    CHECK(last.vlan == 0);
}

TEST_CASE("an extended descriptor overwrites its buffer", "[descriptor_content]")
{
    RxControl control;
    control.extended = true;
    DescriptorContent content{control};
    content.control_changed();
    Tagged frame{0x88b5};
    frame.stored.status = rx_error::rxe << rx_error::extended_shift;
    content.begin(frame.stored);

    const RxDescriptorRead first = content.descriptor(buffer, 40, true, false);
    CHECK(first.buffer == 0);
    CHECK(as<RxDescriptorExtended>(first).status_error == rx_status::dd);
    CHECK(as<RxDescriptorExtended>(first).length == 40);

    const auto last = as<RxDescriptorExtended>(content.descriptor(buffer, 20, false, true));
    CHECK((last.status_error & 0xfU) == (rx_status::dd | rx_status::eop | rx_status::ixsm));
    CHECK(last.status_error >> rx_error::extended_shift == rx_error::rxe);
    CHECK(last.length == 20);
}

TEST_CASE("a stripped tag stands in the last descriptor, and the next frame without one has none",
          "[descriptor_content]")
{
    RxControl control;
    control.strip_tags = true;
    DescriptorContent content{control};
    content.control_changed();
    Tagged tagged{0x8100}, plain{0x88b5};

    content.begin(tagged.stored);
    CHECK(content.stripped());
    CHECK(as<RxDescriptorLegacy>(content.descriptor(buffer, 56, true, false)).vlan == 0);
    const auto last = as<RxDescriptorLegacy>(content.descriptor(buffer, 56, true, true));
    CHECK(last.vlan == 0xa123);
    CHECK((last.status & rx_status::vp) != 0);

    content.begin(plain.stored);
    CHECK_FALSE(content.stripped());
    CHECK(as<RxDescriptorLegacy>(content.descriptor(buffer, 60, true, true)).vlan == 0);
}

TEST_CASE("control bits that changed are valid from the next frame on", "[descriptor_content]")
{
    RxControl         control;
    DescriptorContent content{control};
    Tagged            tagged{0x8100};
    content.begin(tagged.stored);
    CHECK_FALSE(content.stripped());
    control.strip_tags = true;
    content.control_changed();
    CHECK_FALSE(content.stripped());
    content.begin(tagged.stored);
    CHECK(content.stripped());
    control.strip_tags = false;
    content.control_changed();
    CHECK(content.stripped());
    content.begin(tagged.stored);
    CHECK_FALSE(content.stripped());
}
