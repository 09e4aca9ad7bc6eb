// SPDX-License-Identifier: Apache-2.0
// The image of contract B.2, with the address and the checksum filled in.
// Never depends on anything but the address.
#include "model/nvm.hpp"

#include <algorithm>
#include <numeric>

namespace overrun {

Nvm::Nvm(const MacAddress& address)
    : image_{
          0x0000, 0x0000, 0x0000, 0x0420, 0xf746, 0x2010, 0xffff, 0xffff,  // 00: address, compatibility, LED, version
          0x0000, 0x0000, 0x026b, 0x0000, 0x8086, 0x10d3, 0x0000, 0x8058,  // 08: PBA number, control, PCI ids
          0x0000, 0x2001, 0x7e7c, 0xffff, 0x1000, 0x00c8, 0x0000, 0x2704,  // 10
          0x6cc9, 0x3150, 0x070e, 0x460b, 0x2d84, 0x0100, 0xf000, 0x0706,  // 18: PCIe
          0x6000, 0x0080, 0x0f04, 0x7fff, 0x4f01, 0xc600, 0x0000, 0x20ff,  // 20
          0x0028, 0x0003, 0x0000, 0x0000, 0x0000, 0x0003, 0x0000, 0xffff,  // 28
          0x0100, 0xc000, 0x121c, 0xc007, 0xffff, 0xffff, 0xffff, 0xffff,  // 30: boot
          0xffff, 0xffff, 0xffff, 0xffff, 0x0000, 0x0120, 0xffff, 0x0000}  // 38: ..., checksum
{
    for (std::size_t i = 0; i < 3; ++i)
        image_[i] = static_cast<std::uint16_t>(address.octets[2 * i] | address.octets[2 * i + 1] << 8U);
    const auto sum = std::accumulate(image_.begin(), image_.end() - 1, 0U);
    image_.back()  = static_cast<std::uint16_t>(checksum_sum - sum);
}

}  // namespace overrun
