// SPDX-License-Identifier: Apache-2.0
// The table of register bits.
#include "testbench/differential/register_comparison.hpp"

#include <array>

#include "hw/registers/82574l.hpp"

namespace overrun::differential {

namespace {

constexpr std::string_view keeps = "QEMU keeps bits that the 82574L reserves";
constexpr std::string_view fifo  = "QEMU keeps what is written; ours are live and read-only";

constexpr std::array departures{
    RegisterDeparture{"ICR", 0x8000'0000, "QEMU sets INT_ASSERTED for masked causes too"},
    RegisterDeparture{"ICS", 0x8000'0000, "like ICR"},
    RegisterDeparture{"IMS", 0x0000'7d28, "QEMU cannot mask causes that no event of its own sets"},
    RegisterDeparture{"PBA", 0xffff'0000, "QEMU keeps all 32 bits; the 82574L shows what is left for transmission"},
    RegisterDeparture{"RAH", reserved, keeps},
    RegisterDeparture{"EECD", reserved, keeps},
    RegisterDeparture{"EECD", 0x0001'8088,
                      "QEMU never grants the NVM (GNT), and keeps what is written to DO and NVADDS"},
    RegisterDeparture{"EXTCNF_CTRL", reserved, keeps},
    RegisterDeparture{"SWSM", reserved, keeps},
    RegisterDeparture{"RXDCTL", reserved, keeps},
    RegisterDeparture{"RXCSUM", reserved, keeps},
    RegisterDeparture{"RFCTL", reserved, keeps},
    RegisterDeparture{"RDFH", ~0U, fifo},
    RegisterDeparture{"RDFT", ~0U, fifo},
    RegisterDeparture{"RDFHS", ~0U, fifo},
    RegisterDeparture{"RDFTS", ~0U, fifo},
    RegisterDeparture{"RDFPC", ~0U, fifo},
};

}  // namespace

std::span<const RegisterDeparture> register_departures()
{
    return departures;
}

std::uint32_t compared_bits(std::uint32_t offset)
{
    const reg::RegisterInfo* row = reg::find(reg::resolve_alias(offset));
    if (row == nullptr) return 0;
    std::uint32_t bits = ~0U;
    for (const RegisterDeparture& one : departures)
        if (one.name == row->name) bits &= ~(one.bits == reserved ? ~row->readable : one.bits);
    return bits;
}

}  // namespace overrun::differential
