// SPDX-License-Identifier: Apache-2.0
// What a user can ask of the reference driver.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hw/base/time.hpp"
#include "hw/ethernet/mac_address.hpp"

namespace overrun {

struct DriverSettings {
    // ring and interrupts
    std::uint32_t ring      = 256;  ///< descriptors, 8..4096, a multiple of 8; usable: ring - 1
    std::uint32_t tail_step = 1;    ///< refilled descriptors for one write of RDT
    std::uint32_t budget    = 64;   ///< frames in one poll
    std::uint32_t itr       = 0;    ///< 256 ns units; without rx_usecs
    std::uint32_t rdtr      = 0;    ///< 1.024 us units
    std::uint32_t radv      = 0;    ///< 1.024 us units
    std::uint32_t pthresh   = 32;
    std::uint32_t hthresh   = 4;
    std::uint32_t wthresh   = 1;

    std::optional<std::uint32_t> rx_usecs;  ///< in place of itr: as `ethtool -C` (interrupt_rate.hpp)

    // what the NIC accepts, and how it hands it over
    std::uint32_t                             rx_fifo_kib = 20;    ///< PBA.RXA
    bool                                      extended    = true;  ///< descriptor format: RFCTL.EXTEN
    bool                                      promiscuous = false;
    bool                                      allmulti    = false;
    bool                                      keep_bad    = false;  ///< RCTL.SBP
    bool                                      long_frames = false;  ///< RCTL.LPE
    bool                                      strip_fcs   = true;   ///< RCTL.SECRC
    std::vector<MacAddress>                   multicast;
    std::optional<std::vector<std::uint16_t>> vlans;  ///< 0..4094; absent: no VLAN filter

    // the CPU that the driver runs on
    Time                frame_time = 0;  ///< CPU time for one frame, its new buffer included
    Time                poll_entry = 0;  ///< CPU time from the handler's end to the first frame
    std::optional<Time> watchdog;        ///< how often the driver checks the device; absent: never
};

}  // namespace overrun
