// SPDX-License-Identifier: Apache-2.0
// How an engine reaches host memory: timing and data apart.
// Never moves an octet in `schedule`, never takes time in `commit_*`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hw/base/time.hpp"

namespace overrun {

enum class DmaOperation : std::uint8_t { read, write };

struct DmaTimes {
    Time accepted;   ///< write: the link has taken the last octet; read: the request has left
    Time completed;  ///< write: visible to the host; read: the last octet is back in the device
};

/// Both times of an access whose port cannot tell them when it is booked, because the platform decides: later than
/// anything that happens, and far enough from `never` to be added to. NicEngine::dma_done tells them.
inline constexpr Time untold = never / 2;

/// An access that was booked as `untold`.
struct DmaDone {
    DmaOperation operation;
    Time         issued;  ///< `t` of its schedule()
    DmaTimes     times;
};

class PcieLink;

class DmaPort {
public:
    virtual ~DmaPort() = default;

    /// Books one access on the link, pure arithmetic on the link's state.
    /// Calls come in the order of their issue times `t`; any length >= 1 and any address are allowed:
    /// the link cuts at its maximum payload, its maximum read request and at 4 KiB (PCIe base specification 2.2.7).
    /// @return its times, or `untold` twice
    [[nodiscard]] virtual DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                            Time t) = 0;

    /// The link whose times schedule() gives, for a device that books too often to go through this interface; null when
    /// nothing else will do. It stays the same while a ring is in use.
    [[nodiscard]] virtual PcieLink* link() noexcept { return nullptr; }

    /// Moves octets to host memory; the engine calls it at `completed`, never earlier.
    /// @return false when a page was not granted: nothing was written, the refusal is counted by the port.
    [[nodiscard]] virtual bool commit_write(std::uint64_t address, std::span<const std::byte> octets) = 0;

    /// Moves octets from host memory; the engine calls it at `completed`, never earlier.
    /// @return false when a page was not granted: `octets` is untouched, the refusal is counted by the port.
    [[nodiscard]] virtual bool commit_read(std::uint64_t address, std::span<std::byte> octets) = 0;
};

}  // namespace overrun
