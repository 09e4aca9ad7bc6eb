// SPDX-License-Identifier: Apache-2.0
// What a user can ask of the reference driver, and what it counts.
// Never holds a register value: the driver makes those.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "hw/base/time.hpp"
#include "hw/engine/fate.hpp"
#include "hw/ethernet/mac_address.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun {

struct DriverSettings {
    std::uint32_t           ring        = 256;  ///< descriptors, 8..4096, a multiple of 8; usable: ring - 1
    std::uint32_t           tail_step   = 1;    ///< refilled descriptors for one write of RDT
    std::uint32_t           budget      = 64;   ///< frames in one poll
    std::uint32_t           itr         = 0;    ///< 256 ns units; without rx_usecs
    std::uint32_t           rdtr        = 0;    ///< 1.024 us units
    std::uint32_t           radv        = 0;    ///< 1.024 us units
    std::uint32_t           pthresh     = 32;
    std::uint32_t           hthresh     = 4;
    std::uint32_t           wthresh     = 1;
    std::uint32_t           rx_fifo_kib = 20;    ///< PBA.RXA
    bool                    extended    = true;  ///< descriptor format: RFCTL.EXTEN
    bool                    promiscuous = false;
    bool                    allmulti    = false;
    bool                    keep_bad    = false;  ///< RCTL.SBP
    bool                    long_frames = false;  ///< RCTL.LPE
    bool                    strip_fcs   = true;   ///< RCTL.SECRC
    std::vector<MacAddress> multicast;
    Time                    frame_time = 0;  ///< CPU time for one frame, its new buffer included
    Time                    poll_entry = 0;  ///< CPU time from the handler's end to the first frame
    Time                    watchdog   = 0;  ///< how often the driver looks after the device; 0: never

    std::optional<std::uint32_t> rx_usecs;  ///< in place of itr: as `ethtool -C` (interrupt_rate.hpp)

    std::optional<std::vector<std::uint16_t>> vlans;  ///< 0..4094; absent: no VLAN filter
};

struct DriverCounts {
    std::uint64_t polls        = 0;
    std::uint64_t frames       = 0;  ///< delivered
    std::uint64_t octets       = 0;  ///< delivered
    std::uint64_t error_frames = 0;  ///< dropped for an error bit
    std::uint64_t split_frames = 0;  ///< dropped because they did not fit one buffer
    std::uint64_t doorbells    = 0;  ///< writes of RDT after the first fill
    std::uint64_t interrupts   = 0;  ///< of the device, handled
    std::uint64_t overruns     = 0;  ///< of these, with cause RXO
    std::uint64_t rate_changes = 0;  ///< writes of ITR because the traffic changed
    std::uint64_t resizes      = 0;  ///< of the ring, in mid-traffic
    std::uint64_t looks        = 0;  ///< of the watchdog at the device
    std::uint64_t lost         = 0;  ///< looks that found the device reset or gone
    std::uint64_t hangs        = 0;  ///< looks that found it stuck
};

/// Statistics registers as a driver keeps them: 64-bit sums of what its reads cleared.
using RegisterTotals = std::array<std::uint64_t, reg::counter_table.size()>;

/// Why a bring-up failed; a value, because hardware can do this to a driver.
enum class DriverError : std::uint8_t { no_device, master_stuck, nvm_timeout, nvm_checksum, bad_address, no_link };

[[nodiscard]] constexpr std::string_view text_of(DriverError error) noexcept
{
    constexpr std::array<std::string_view, 6> texts{
        "no 82574L answers in configuration space",
        "STATUS.GIO_MASTER_ENABLE did not fall after CTRL.GIO_MASTER_DISABLE",
        "EERD.DONE did not rise",
        "the NVM's 64 words do not add up to BABA",
        "the NVM's address is a group address",
        "STATUS.LU did not rise",
    };
    return texts[static_cast<std::size_t>(error)];
}

/// Receives every frame the driver delivers; the octets are valid during the call.
class FrameConsumer {
public:
    virtual ~FrameConsumer()                                              = default;
    virtual void frame(std::span<const std::byte> octets, Time delivered) = 0;
};

}  // namespace overrun
