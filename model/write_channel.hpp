// SPDX-License-Identifier: Apache-2.0
// The receive DMA's write channel: one command at a time, from its issue until the link has taken its last beat.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hw/engine/dma_port.hpp"
#include "hw/engine/nic_parameters.hpp"
#include "hw/ethernet/frame.hpp"
#include "hw/platform/pcie_link.hpp"

namespace overrun {

class WriteChannel {
public:
    enum class Command : std::uint8_t { payload, write_back };

    WriteChannel(const NicParameters& parameters, DmaPort& port)
        : port_{port},
          clock_{parameters.clock()},
          beat_octets_{parameters.dma_beat_octets},
          beats_{parameters.dma_beat_octets}
    {
    }

    /// The port's link may be another one from now on.
    void find_link() noexcept { link_ = port_.fast_link(); }

    /// A command has been issued since the device was made.
    [[nodiscard]] bool used() const noexcept { return octets_ != 0; }
    [[nodiscard]] bool busy() const noexcept { return accepted_ != never; }
    /// A payload is under way.
    [[nodiscard]] bool carries_payload() const noexcept { return busy() && command_ == Command::payload; }
    /// The edge on which the link takes the last beat of the command under way; `never` when there is none.
    [[nodiscard]] Time accepted() const noexcept { return accepted_; }

    /// Books an access of either direction on the link.
    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t octets, Time t)
    {
        return link_ != nullptr ? link_->schedule(operation, address, octets, t)
                                : port_.schedule(operation, address, octets, t);
    }

    /// Issues a command at `t`. Precondition: not busy().
    /// @return when the host can see what it writes
    [[nodiscard]] Time issue(Command command, std::uint64_t address, std::uint32_t octets, Time t)
    {
        const DmaTimes times = schedule(DmaOperation::write, address, octets, t);
        command_             = command;
        octets_              = octets;
        address_             = address;
        accepted_            = t + beat_time(octets);
        if (times.accepted > accepted_) accepted_ = clock_.edge(times.accepted);
        return std::max(accepted_, times.completed);
    }

    /// The time of the command under way is not known yet.
    [[nodiscard]] bool waits() const noexcept { return accepted_ != never && accepted_ >= time_unknown; }
    /// It is now. Precondition: waits().
    /// @param soon an edge at or after this has not been
    /// @return when the host can see what it writes
    [[nodiscard]] Time complete(const DmaCompletion& access, Time soon) noexcept
    {
        accepted_ = clock_.edge(std::max({access.issued + beat_time(octets_), access.times.accepted, soon}));
        return std::max(access.times.completed, accepted_);
    }

    /// The command is over.
    void free() noexcept { accepted_ = never; }

    /// Of the last command that was issued.
    [[nodiscard]] std::uint64_t last_address() const noexcept { return address_; }

private:
    /// From a write's issue until its last beat has left the device, on a link that takes it at once.
    [[nodiscard]] Time beat_time(std::uint32_t octets) const noexcept
    {
        return clock_.cycles(static_cast<Time>(beats_.divide(octets + beat_octets_ - 1)));
    }

    DmaPort&      port_;
    PcieLink*     link_ = nullptr;  // the port's, if it has one
    CoreClock     clock_;
    std::uint32_t beat_octets_;
    FastDivisor   beats_;
    Command       command_  = Command::payload;  // the last one
    std::uint32_t octets_   = 0;                 // of it
    Time          accepted_ = never;
    std::uint64_t address_  = 0;
};

}  // namespace overrun
