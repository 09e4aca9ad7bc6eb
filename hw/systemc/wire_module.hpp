// SPDX-License-Identifier: Apache-2.0
// The wire as a channel: a Nic is plugged into it and pulls frames, each with its time.
// Never an event or a process per frame.
#pragma once

#include <systemc>

#include "hw/engine/frame_source.hpp"
#include "hw/systemc/nic_interfaces.hpp"

namespace overrun {

class WireModule final : public sc_core::sc_module, public WireEnd {
public:
    /// @param wire a Wire, or what stands between it and the NIC; outlives the module
    WireModule(const sc_core::sc_module_name& name, FrameSource& wire) : sc_core::sc_module{name}, wire_{wire} {}

    [[nodiscard]] FrameSource& frames() override { return wire_; }

private:
    FrameSource& wire_;
};

}  // namespace overrun
