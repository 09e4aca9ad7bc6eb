// SPDX-License-Identifier: Apache-2.0
// TLM extensions that say what a generic payload cannot: the address space of an access, and that its time is booked.
// Never needed for BAR0: a payload without extension addresses the registers there.
#pragma once

#include <memory>
#include <tlm>

#include "hw/engine/space.hpp"

namespace overrun {

/// The space that a payload's address lies in. Ignorable: without it the space is csr.
class PcieSpaceExtension final : public tlm::tlm_extension<PcieSpaceExtension> {
public:
    explicit PcieSpaceExtension(Space s = Space::csr) noexcept : space{s} {}

    [[nodiscard]] tlm::tlm_extension_base* clone() const override
    {
        return std::make_unique<PcieSpaceExtension>(space).release();
    }
    void copy_from(const tlm::tlm_extension_base& other) override
    {
        space = static_cast<const PcieSpaceExtension&>(other).space;
    }

    Space space;
};

[[nodiscard]] inline Space space_of(const tlm::tlm_generic_payload& payload)
{
    const auto* extension = payload.get_extension<PcieSpaceExtension>();
    return extension == nullptr ? Space::csr : extension->space;
}

/// The initiator has booked this access on the link already (PcieCost): the link passes it on and adds nothing.
class BookedExtension final : public tlm::tlm_extension<BookedExtension> {
public:
    [[nodiscard]] tlm::tlm_extension_base* clone() const override
    {
        return std::make_unique<BookedExtension>().release();
    }
    void copy_from(const tlm::tlm_extension_base&) override {}
};

}  // namespace overrun
