// SPDX-License-Identifier: Apache-2.0
// What a run found, as values: the printers make text and JSON of it.
// Contract: two runs of the same inputs differ only in `wall_s` and `cpu_s`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "driver_sim/driver/driver_counts.hpp"
#include "driver_sim/host/host_cpu.hpp"
#include "hw/engine/fate.hpp"
#include "testbench/ledger/latency_histogram.hpp"
#include "testbench/ledger/ledger.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/traffic/replay_source.hpp"

namespace overrun {

struct ExpectationResult {
    std::string   what;      ///< "fate fifo_overrun"
    std::string   expected;  ///< "= 276"
    std::string   actual;
    bool          passed = false;
    std::string   file;
    std::uint32_t line = 0;
};

struct RunResult {
    Scenario    scenario;
    std::string platform;  ///< "systemc", "detailed" or "bare"
    std::string profile;
    MacAddress  station;
    bool        interrupted = false;

    Time                               simulated      = 0;  ///< from time zero to the last thing that happened
    Time                               wire_time      = 0;  ///< from time zero to the last frame's last octet
    double                             wall_s         = 0;
    double                             cpu_s          = 0;
    std::uint64_t                      offered        = 0;
    std::uint64_t                      offered_octets = 0;
    std::uint64_t                      in_flight      = 0;
    std::array<FateRecord, fate_count> fates{};  ///< times from time zero

    RegisterTotals registers{};
    DriverCounts   driver;
    HostCounts     host;
    std::uint32_t  fifo_octets   = 0;
    std::uint32_t  fifo_peak     = 0;
    std::uint32_t  ring          = 0;  ///< length at the end
    std::uint32_t  ring_free_min = 0;  ///< fewest descriptors the device had after a write-back; ring - 1 without one
    std::optional<LatencySummary> wire_to_host;
    std::optional<LatencySummary> wire_to_driver;

    std::optional<ReplayCounts> replay;
    std::uint64_t               reserialised         = 0;  ///< frames that started later than the capture says
    Time                        reserialised_at_most = 0;

    std::vector<std::pair<std::string, std::uint64_t>> anomalies;  ///< misuse of the device and refused DMA, by name
    std::vector<std::string>                           notes;  ///< lines for a reader, such as what `--mac auto` chose
    std::vector<ExpectationResult>                     expectations;

    [[nodiscard]] bool expectations_hold() const noexcept
    {
        for (const ExpectationResult& result : expectations)
            if (!result.passed) return false;
        return true;
    }
};

}  // namespace overrun
