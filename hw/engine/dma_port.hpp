// SPDX-License-Identifier: Apache-2.0
// How an engine reaches host memory: timing and data apart.
// Contract: `schedule` moves no octet, `commit_*` takes no time.
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

/// Both times of an access while the port does not know them, because the platform decides: later than anything that
/// happens, and far enough from `never` to be added to. DmaClient::dma_completed gives them.
inline constexpr Time time_unknown = never / 2;

/// How an access that was booked with unknown times went.
struct DmaCompletion {
    DmaOperation operation;
    Time         issued;  ///< `t` of its schedule()
    DmaTimes     times;
};

/// The device, as a port sees it that books accesses with unknown times. For the device they stay under way until they
/// are completed. Meanwhile its engine is advanced to points in time only, never to `never`.
class DmaClient {
public:
    virtual ~DmaClient() = default;

    /// The octets of the oldest write with unknown times. No effect.
    /// @param octets as many as were booked
    virtual void pending_write_octets(std::span<std::byte> octets) = 0;

    /// The times of the oldest access of this operation whose times are unknown; `completed` is not before engine time.
    /// The device commits the access at that time, as any other. Called between calls of the engine, not from the
    /// port's own functions.
    virtual void dma_completed(const DmaCompletion& completion) = 0;
};

class PcieLink;

class DmaPort {
public:
    virtual ~DmaPort() = default;

    /// Books one access on the link, pure arithmetic on the link's state.
    /// Calls come in the order of their issue times `t`; any length >= 1 and any address are allowed:
    /// the link cuts at its maximum payload, its maximum read request and at 4 KiB (PCIe base specification 2.2.7).
    /// @return its times, or `time_unknown` twice
    [[nodiscard]] virtual DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                            Time t) = 0;

    /// The device that uses this port says so once, before its first access. Ports that know all times need not know
    /// it.
    virtual void bind(DmaClient&) {}

    /// Fast path: docs/fast-paths.md. The link whose times schedule() gives, for a device that books too often to go
    /// through this interface. Law: an access booked on this link has the same times and the same effect on later ones
    /// as through schedule(). Null when there is no such link. It stays the same while a ring is in use.
    [[nodiscard]] virtual PcieLink* fast_link() noexcept { return nullptr; }

    /// Moves octets to host memory; the engine calls it at `completed`, never earlier.
    /// @return false when a page was not granted: nothing was written, the refusal is counted by the port.
    [[nodiscard]] virtual bool commit_write(std::uint64_t address, std::span<const std::byte> octets) = 0;

    /// Moves octets from host memory; the engine calls it at `completed`, never earlier.
    /// @return false when a page was not granted: `octets` is untouched, the refusal is counted by the port.
    [[nodiscard]] virtual bool commit_read(std::uint64_t address, std::span<std::byte> octets) = 0;
};

}  // namespace overrun
