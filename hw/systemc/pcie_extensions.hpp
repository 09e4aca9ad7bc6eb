// SPDX-License-Identifier: Apache-2.0
// TLM extensions that say what a generic payload cannot: the address space of an access, and that its time is booked.
// Never needed for BAR0: a payload without extension addresses the registers there.
#pragma once

#include <tlm>

#include "hw/nic_engine.hpp"

namespace overrun {

/// The address spaces of a PCIe function.
enum class PcieSpace : std::uint8_t { csr, flash, io, msix, config };

/// An ignorable extension. Whoever sets it clears it before the payload dies: it is not owned by the payload.
template <class Self>
class BorrowedExtension : public tlm::tlm_extension<Self> {
public:
    [[nodiscard]] tlm::tlm_extension_base* clone() const override { return nullptr; }  // a copy means BAR0, untimed
    void                                   copy_from(const tlm::tlm_extension_base&) override {}
    void                                   free() override {}
};

}  // namespace overrun
