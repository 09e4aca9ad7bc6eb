// SPDX-License-Identifier: Apache-2.0
// A scenario: everything that decides a run, as values, with the defaults of docs/scenarios.md.
// reader.hpp reads one from a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver_sim/device_fault.hpp"
#include "driver_sim/driver/driver_settings.hpp"
#include "hw/base/enum_names.hpp"
#include "hw/base/time.hpp"
#include "hw/engine/nic_parameters.hpp"
#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/mac_address.hpp"

namespace overrun {

// Each enumeration has its names, as a scenario writes them.
enum class TrafficKind : std::uint8_t { fixed, poisson, burst, pcap };
inline constexpr auto traffic_kind_names = enum_names<TrafficKind>({{TrafficKind::fixed, "fixed"},
                                                                    {TrafficKind::poisson, "poisson"},
                                                                    {TrafficKind::burst, "burst"},
                                                                    {TrafficKind::pcap, "pcap"}});

enum class FcsMode : std::uint8_t { automatic, present, absent };
inline constexpr auto fcs_mode_names =
    enum_names<FcsMode>({{FcsMode::automatic, "auto"}, {FcsMode::present, "present"}, {FcsMode::absent, "absent"}});

enum class TruncatedMode : std::uint8_t { pad, skip, error };
inline constexpr auto truncated_mode_names = enum_names<TruncatedMode>(
    {{TruncatedMode::pad, "pad"}, {TruncatedMode::skip, "skip"}, {TruncatedMode::error, "error"}});

enum class CapturePacing : std::uint8_t { timestamps, topspeed };
inline constexpr auto capture_pacing_names =
    enum_names<CapturePacing>({{CapturePacing::timestamps, "timestamps"}, {CapturePacing::topspeed, "topspeed"}});

inline constexpr auto rnbc_rule_names =
    enum_names<RnbcRule>({{RnbcRule::at_head, "at_head"}, {RnbcRule::at_reception, "at_reception"}});

/// Frames of one source: each by chance, or the listed ones.
struct FrameChoice {
    double                     probability = 0;  ///< 0 to 1
    std::vector<std::uint64_t> frames;           ///< numbers of the source's frames, from 1, each once

    [[nodiscard]] bool none() const noexcept { return probability == 0 && frames.empty(); }
};

/// Which frames of a source are broken.
struct ErrorSpec {
    FrameChoice crc;       ///< wrong FCS
    FrameChoice runt;      ///< too short, FCS of what there is
    FrameChoice oversize;  ///< too long, FCS of all there is
    FrameChoice rx_er;     ///< RX_ER inside the frame
    FrameChoice dribble;   ///< an odd nibble behind the frame
};

/// Lengths of broken frames, FCS included: one octet too short, and one too long for a NIC without RCTL.LPE.
inline constexpr std::uint32_t runt_length     = minimum_frame - 1;
inline constexpr std::uint32_t oversize_length = NicParameters{}.max_standard_frame + 1;

/// One source of frames.
struct TrafficSpec {
    TrafficKind kind  = TrafficKind::fixed;
    Time        start = 0;  ///< after time zero

    // made frames: fixed, poisson, burst
    std::uint32_t                length = 64;  ///< octets with FCS, 18..16383
    std::uint64_t                count  = 1;
    std::optional<std::uint64_t> rate;         ///< frames per second; absent: back to back, or a capture's own times
    std::optional<double>        load;         ///< share of the wire, 0 < load <= 1; absent: back to back
    std::uint64_t                burst = 1;    ///< frames in one burst
    Time                         gap   = 0;    ///< from the end of a burst's last slot to the next burst
    std::optional<MacAddress>    destination;  ///< absent: the NIC's address
    std::optional<std::uint64_t> seed;         ///< absent: from the scenario's and the source's position
    ErrorSpec                    errors;

    // pcap; several files are replayed one after the other
    std::vector<std::string>     files;
    CapturePacing                pacing    = CapturePacing::timestamps;
    double                       speed     = 1.0;  ///< divides the gaps between timestamps
    FcsMode                      fcs       = FcsMode::automatic;
    TruncatedMode                truncated = TruncatedMode::pad;
    std::optional<Time>          max_gap;   ///< longer gaps between timestamps are shortened to this
    std::optional<std::uint64_t> bit_rate;  ///< in place of the timestamps: bits of captured frames per second
    std::uint64_t                loop = 1;  ///< how often all files are played
    std::optional<std::uint64_t> limit;     ///< frames at most
};

struct NicSpec {
    std::string               implementation = "model";
    std::optional<MacAddress> mac;           ///< absent with captures: the most frequent unicast destination
    NicParameters             parameters{};  ///< wire_rate is [wire] rate
};

enum class DriverPreset : std::uint8_t { none, linux_e1000e };
inline constexpr auto driver_preset_names =
    enum_names<DriverPreset>({{DriverPreset::none, "none"}, {DriverPreset::linux_e1000e, "linux"}});

/// Another length of the receive ring, in mid-traffic.
struct ResizeSpec {
    Time          at   = 0;    ///< after time zero
    std::uint32_t ring = 256;  ///< as DriverSettings::ring
};

/// The keys of [driver], and those of [nic] that the driver programs.
struct DriverSpec {
    DriverPreset            preset = DriverPreset::none;
    DriverSettings          settings{};  ///< frame_time and poll_entry come from `service` and the profile
    std::optional<Time>     service;     ///< CPU time per frame; absent: the profile's
    std::vector<ResizeSpec> resize;
};

struct StallSpec {
    Time                at       = 0;
    Time                duration = 0;
    std::optional<Time> every;
};

inline constexpr auto fault_kind_names = enum_names<FaultKind>({{FaultKind::device_reset, "device_reset"},
                                                                {FaultKind::bus_reset, "bus_reset"},
                                                                {FaultKind::dma_stop, "dma_stop"}});

/// Something happens to the device under its driver.
struct FaultSpec {
    Time      at   = 0;  ///< after time zero
    FaultKind kind = FaultKind::device_reset;
};

struct HostSpec {
    std::string            profile = "xeon-bdw-gen3x8";  ///< a built-in name or a file
    std::vector<StallSpec> stall;
    std::vector<FaultSpec> fault;
};

/// What must hold at the end of a run.
struct Expectation {
    enum class Kind : std::uint8_t { fate, reg, ethtool, netdev, latency };

    Kind                  kind = Kind::fate;
    std::string           name;  ///< of the fate, register, ...; latency: "stage.p99"
    std::optional<double> equals;
    std::optional<double> at_least;
    std::optional<double> at_most;
    std::optional<double> within;  ///< tolerance around equals
    std::string           file;    ///< where it was written
    std::uint32_t         line = 0;
};

inline constexpr auto expectation_kind_names = enum_names<Expectation::Kind>({{Expectation::Kind::fate, "fate"},
                                                                              {Expectation::Kind::reg, "register"},
                                                                              {Expectation::Kind::ethtool, "ethtool"},
                                                                              {Expectation::Kind::netdev, "netdev"},
                                                                              {Expectation::Kind::latency, "latency"}});

struct Scenario {
    std::string              name = "unnamed";
    std::string              text;
    std::int64_t             wire_rate = 1'000'000'000;  ///< bits per second
    std::vector<TrafficSpec> traffic;
    NicSpec                  nic;
    DriverSpec               driver;
    HostSpec                 host;
    std::uint64_t            seed = 1;
    std::optional<Time>      duration;
    std::vector<Expectation> expect;
};

}  // namespace overrun
