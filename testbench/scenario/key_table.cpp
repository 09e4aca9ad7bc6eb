// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/key_table.hpp"

#include <array>

#include "testbench/engines/engines.hpp"
#include "testbench/scenario/address_types.hpp"
#include "testbench/scenario/expectation_names.hpp"
#include "testbench/scenario/frames_type.hpp"
#include "testbench/scenario/key_binding.hpp"
#include "testbench/scenario/measure_type.hpp"
#include "testbench/scenario/number_types.hpp"
#include "testbench/scenario/quantity_types.hpp"
#include "testbench/scenario/text_types.hpp"

namespace overrun::scenario {

namespace {

constexpr std::array<std::string_view, 2> implementations_later{"rtl", "lockstep"};

[[nodiscard]] Names implementations()
{
    return engine_names();
}

// A day is longer than any run makes sense, and far from the end of 63 bits of picoseconds.
constexpr std::int64_t day            = 86'400 * second;
constexpr std::int64_t kib            = 1024;
constexpr std::int64_t register_field = 65'535;  // RDTR, RADV and ITR hold 16 bits
constexpr std::int64_t threshold      = 63;      // PTHRESH, HTHRESH and WTHRESH hold 6 bits
constexpr std::int64_t most_frames    = 1'000'000'000'000;
constexpr std::int64_t fastest_frames = 200'000'000;  // a second; 100 Gb/s carries 148,809,523 frames of 64 octets

// Up to 4 `ethtool -C rx-usecs` names a mode; 2 and what is shorter than 10 us it refuses.
constexpr std::array<std::int64_t, 6> no_rx_usecs{2, 5, 6, 7, 8, 9};

constexpr std::int64_t most_measured = std::int64_t{1} << 53;  // up to here a double holds every whole number

constexpr std::array made{TrafficKind::fixed, TrafficKind::poisson, TrafficKind::burst};
constexpr std::array with_load{TrafficKind::fixed, TrafficKind::poisson};
constexpr std::array with_rate{TrafficKind::fixed, TrafficKind::poisson, TrafficKind::pcap};
constexpr std::array burst_only{TrafficKind::burst};
constexpr std::array pcap_only{TrafficKind::pcap};

using S   = Scenario;
using T   = TrafficSpec;
using N   = NicSpec;
using P   = NicParameters;
using D   = DriverSpec;
using Set = DriverSettings;
using E   = Expectation;

const std::array table{
    row<Text, &S::name>("name", {.least = 1, .most = 100, .unit = "octets"}, "What reports call the scenario."),
    row<Text, &S::text>("text", {.most = 10'000, .unit = "octets", .absent = "none"},
                        "What the scenario shows, in a sentence or two."),

    row<BitRate, &S::wire_rate>("wire.rate", {.least = 10'000'000, .most = 100'000'000'000},
                                "Bit rate of the wire; a frame occupies its length and 20 octets more."),

    row<Enumerator<traffic_kind_names>, &S::traffic, &T::kind>(
        "traffic[].kind", {}, "Where the frames come from: made evenly spaced, at random or in bursts, or captures."),
    row<TimeSpan, &S::traffic, &T::start>("traffic[].start", {.most = day},
                                          "When the first frame starts, counted from time zero."),
    row<Integer, &S::traffic, &T::length>("traffic[].length",
                                          {.least = 18, .most = 16'383, .unit = "octets", .kinds = made},
                                          "Length of each frame, from destination address to FCS."),
    row<Integer, &S::traffic, &T::count>(
        "traffic[].count", {.least = 1, .most = most_frames, .unit = "frames", .kinds = made}, "How many frames."),
    row<FrameRate, &S::traffic, &T::rate>(
        "traffic[].rate", {.least = 1, .most = fastest_frames, .absent = "back to back", .kinds = with_rate},
        "Frames per second: evenly spaced, with poisson on average, with pcap in place of the "
        "capture's times; not together with load or bit_rate."),
    row<Number, &S::traffic, &T::load>(
        "traffic[].load", {.least_number = 1e-6, .most_number = 1, .absent = "back to back", .kinds = with_load},
        "Share of the wire's time that the frames take, evenly spaced, with poisson on average; not together with "
        "rate."),
    row<Integer, &S::traffic, &T::burst>(
        "traffic[].burst",
        {.least = 1, .most = most_frames, .unit = "frames", .absent = "required with burst", .kinds = burst_only},
        "How many frames follow one another back to back."),
    row<TimeSpan, &S::traffic, &T::gap>(
        "traffic[].gap", {.most = day, .absent = "required with burst", .kinds = burst_only},
        "From the end of a burst's last slot (frame and inter-frame gap) to the next burst."),
    row<Address, &S::traffic, &T::destination>("traffic[].destination", {.absent = "the NIC's address", .kinds = made},
                                               "Destination address of each frame."),
    row<Integer, &S::traffic, &T::seed>("traffic[].seed",
                                        {.absent = "from run.seed and the source's position", .kinds = made},
                                        "Decides what this source draws at random: gaps and errors."),
    row<Files, &S::traffic, &T::files>(
        "traffic[].file", {.absent = "required with pcap", .kinds = pcap_only},
        "A capture, or a list of captures one after the other; from the scenario's folder."),
    row<Enumerator<capture_pacing_names>, &S::traffic, &T::pacing>(
        "traffic[].pacing", {.kinds = pcap_only}, "When frames start: at the capture's times, or back to back."),
    row<Number, &S::traffic, &T::speed>("traffic[].speed",
                                        {.least_number = 1e-6, .most_number = 1e6, .kinds = pcap_only},
                                        "Divides the gaps between the capture's times; not with pacing = \"topspeed\", "
                                        "rate or bit_rate."),
    row<BitRate, &S::traffic, &T::bit_rate>(
        "traffic[].bit_rate", {.least = 1, .most = 100'000'000'000, .absent = "none", .kinds = pcap_only},
        "Bits per second in place of the capture's times; frames count with their length "
        "in the capture, without preamble and gap."),
    row<Enumerator<fcs_mode_names>, &S::traffic, &T::fcs>("traffic[].fcs", {.kinds = pcap_only},
                                                          "Whether the captured frames end with their FCS."),
    row<Enumerator<truncated_mode_names>, &S::traffic, &T::truncated>(
        "traffic[].truncated", {.kinds = pcap_only},
        "What becomes of a frame of which the capture holds only the beginning."),
    row<TimeSpan, &S::traffic, &T::max_gap>("traffic[].max_gap",
                                            {.most = day, .absent = "no limit", .kinds = pcap_only},
                                            "Longer gaps between the capture's times are shortened to this; "
                                            "not with pacing = \"topspeed\", rate or bit_rate."),
    row<Integer, &S::traffic, &T::loop>(
        "traffic[].loop", {.least = 1, .most = most_frames, .unit = "times", .kinds = pcap_only},
        "How often the captures are played; between two passes lies the mean gap of one."),
    row<Integer, &S::traffic, &T::limit>(
        "traffic[].limit",
        {.least = 1, .most = most_frames, .unit = "frames", .absent = "no limit", .kinds = pcap_only},
        "At most so many frames of this source."),

    row<Frames, &S::traffic, &T::errors, &ErrorSpec::crc>("traffic[].errors.crc",
                                                          {.most = most_frames, .absent = "none", .kinds = made},
                                                          "Frames with a flipped bit, so that their FCS is wrong."),
    row<Frames, &S::traffic, &T::errors, &ErrorSpec::runt>("traffic[].errors.runt",
                                                           {.most = most_frames, .absent = "none", .kinds = made},
                                                           "Frames of 63 octets, one too short, with the right FCS."),
    row<Frames, &S::traffic, &T::errors, &ErrorSpec::oversize>(
        "traffic[].errors.oversize", {.most = most_frames, .absent = "none", .kinds = made},
        "Frames of 1523 octets, one too long for RCTL.LPE = 0, with the right FCS."),
    row<Frames, &S::traffic, &T::errors, &ErrorSpec::rx_er>("traffic[].errors.rx_er",
                                                            {.most = most_frames, .absent = "none", .kinds = made},
                                                            "Frames in which the PHY asserts RX_ER."),
    row<Frames, &S::traffic, &T::errors, &ErrorSpec::dribble>(
        "traffic[].errors.dribble", {.most = most_frames, .absent = "none", .kinds = made},
        "Frames with an odd nibble at their end, up to 100 Mb/s; with crc an alignment error, alone none."),

    row<Name<implementations>, &S::nic, &N::implementation>("nic.implementation", {.later = implementations_later},
                                                            "Which NIC carries the run."),
    row<Station, &S::nic, &N::mac>("nic.mac", {.absent = "auto"},
                                   "The NIC's address; auto is 02:00:00:00:00:01, and with captures the unicast "
                                   "destination that most of their frames have."),
    row<Truth, &S::driver, &D::settings, &Set::promiscuous>(
        "nic.promiscuous", {}, "The driver asks for frames to every address (RCTL.UPE and MPE)."),
    row<Truth, &S::driver, &D::settings, &Set::allmulti>(
        "nic.allmulti", {}, "The driver asks for frames to every multicast address (RCTL.MPE)."),
    row<Addresses, &S::driver, &D::settings, &Set::multicast>("nic.multicast", {.most = 4096, .unit = "addresses"},
                                                              "Multicast addresses that the driver asks for."),
    row<Integers, &S::driver, &D::settings, &Set::vlans>(
        "nic.vlans", {.most = 4094, .absent = "no VLAN filter"},
        "VLANs that the driver asks for (VFTA); frames with the tag of another are filtered "
        "(RCTL.VFE), those without a tag are not."),
    row<Size, &S::driver, &D::settings, &Set::rx_fifo_kib>(
        "nic.rx_fifo", {.least = kib, .most = 1024 * kib, .step = kib, .scale = kib},
        "Receive FIFO, whole KiB, from which the driver programs PBA; at most nic.fifo_build."),
    row<Integer, &S::nic, &N::parameters, &P::fifo_overhead>("nic.fifo_overhead", {.most = 256, .unit = "octets"},
                                                             "What a frame costs in the FIFO besides its octets."),
    row<Integer, &S::nic, &N::parameters, &P::fifo_line>("nic.fifo_line", {.least = 1, .most = 64, .unit = "octets"},
                                                         "What each begun beat of 8 octets costs in the FIFO."),
    row<Size, &S::nic, &N::parameters, &P::fifo_build_kib>(
        "nic.fifo_build", {.least = kib, .most = 1024 * kib, .step = kib, .scale = kib},
        "The deepest FIFO that the NIC is built with, whole KiB."),
    row<Size, &S::nic, &N::parameters, &P::packet_buffer_kib>(
        "nic.packet_buffer", {.least = kib, .most = 1024 * kib, .step = kib, .scale = kib},
        "What receive and transmit FIFO share (PBS), whole KiB."),
    row<Integer, &S::nic, &N::parameters, &P::max_long_frame>("nic.max_long_frame",
                                                              {.least = 1'522, .most = 16'384, .unit = "octets"},
                                                              "The longest frame that RCTL.LPE allows."),
    row<Integer, &S::nic, &N::parameters, &P::descriptor_cache>(
        "nic.descriptor_cache", {.least = 4, .most = 256, .unit = "descriptors"}, "Descriptors that the NIC holds."),
    row<Integer, &S::nic, &N::parameters, &P::reads_in_flight>(
        "nic.reads_in_flight", {.least = 1, .most = 16, .unit = "reads"}, "Descriptor reads under way at once."),
    row<Enumerator<rnbc_rule_names>, &S::nic, &N::parameters, &P::rnbc_rule>(
        "nic.rnbc_rule", {},
        "When RNBC counts: once for each frame that reaches the head of the "
        "FIFO and finds no descriptor, or each frame whose ring is empty "
        "at its end."),
    row<Truth, &S::nic, &N::parameters, &P::tpr_counts_rejected_broadcast>(
        "nic.tpr_counts_rejected_broadcast", {}, "TPR and TOR count broadcasts that RCTL.BAM = 0 rejects."),
    row<Integer, &S::nic, &N::parameters, &P::csr_read_cycles>(
        "nic.csr_read_cycles", {.least = 1, .most = 1'000, .unit = "cycles"},
        "From the arrival of a register read to the value's departure."),
    row<Integer, &S::nic, &N::parameters, &P::rx_mac_cycles>(
        "nic.rx_mac_cycles", {.least = 1, .most = 64, .unit = "cycles"},
        "From a frame's last beat to its appearance at the FIFO's head."),
    row<Integer, &S::nic, &N::parameters, &P::rx_dma_cycles>(
        "nic.rx_dma_cycles", {.least = 1, .most = 64, .unit = "cycles"},
        "From frame and descriptor both present to the first write."),
    row<Integer, &S::nic, &N::parameters, &P::dma_beat_octets>(
        "nic.dma_beat_octets", {.least = 8, .most = 64, .power_of_two = true, .unit = "octets"},
        "Width of the DMA data path."),
    row<TimeSpan, &S::nic, &N::parameters, &P::reset_time>("nic.reset_time", {.most = millisecond},
                                                           "How long CTRL.RST reads 1."),
    row<TimeSpan, &S::nic, &N::parameters, &P::nvm_load>("nic.nvm_load", {.most = 10 * millisecond},
                                                         "How long EECD.AUTO_RD reads 0 after a reset."),
    row<TimeSpan, &S::nic, &N::parameters, &P::link_up_time>("nic.link_up_time", {.most = 5 * second},
                                                             "From CTRL.SLU = 1 to STATUS.LU = 1; before time zero."),

    row<Enumerator<driver_preset_names>, &S::driver, &D::preset>(
        "driver.preset", {}, "Values for keys that the scenario leaves out; linux: what Linux's e1000e takes."),
    row<Integer, &S::driver, &D::settings, &Set::ring>("driver.ring",
                                                       {.least = 64, .most = 4'096, .step = 8, .unit = "descriptors"},
                                                       "Length of the receive ring; one less is usable."),
    row<Integer, &S::driver, &D::settings, &Set::tail_step>("driver.tail_step",
                                                            {.least = 1, .most = 64, .unit = "descriptors"},
                                                            "Refills move the tail in steps of this; Linux's is 16."),
    row<Integer, &S::driver, &D::settings, &Set::budget>("driver.budget", {.least = 1, .most = 4'096, .unit = "frames"},
                                                         "At most so many frames in one poll."),
    row<Integer, &S::driver, &D::settings, &Set::itr>("driver.itr", {.most = register_field, .unit = "256 ns units"},
                                                      "Least time between interrupts (ITR); 0 is no limit."),
    row<Integer, &S::driver, &D::settings, &Set::rx_usecs>(
        "driver.rx_usecs",
        {.most = 10'000, .except = no_rx_usecs, .unit = "us, or a mode", .absent = "none: itr decides"},
        "Moderation as `ethtool -C rx-usecs`: 0 off, 1 dynamic, 3 dynamic and conservative, 4 simplified, else the "
        "time between interrupts; not together with itr."),
    row<Integer, &S::driver, &D::settings, &Set::rdtr>(
        "driver.rdtr", {.most = register_field, .unit = "1.024 us units"},
        "Receive interrupt delay after the latest frame (RDTR); 0 interrupts at once."),
    row<Integer, &S::driver, &D::settings, &Set::radv>(
        "driver.radv", {.most = register_field, .unit = "1.024 us units"},
        "Receive interrupt delay after the first frame (RADV); 0 is none."),
    row<Integer, &S::driver, &D::settings, &Set::pthresh>(
        "driver.pthresh", {.most = threshold, .unit = "descriptors"},
        "The NIC fetches more when it holds fewer than this (RXDCTL.PTHRESH)."),
    row<Integer, &S::driver, &D::settings, &Set::hthresh>(
        "driver.hthresh", {.most = threshold, .unit = "descriptors"},
        "With fewer than pthresh held, the NIC fetches when the ring has at least this many (RXDCTL.HTHRESH)."),
    row<Integer, &S::driver, &D::settings, &Set::wthresh>(
        "driver.wthresh", {.most = threshold, .unit = "descriptors"},
        "The NIC writes descriptors back when so many are finished (RXDCTL.WTHRESH)."),
    row<Truth, &S::driver, &D::settings, &Set::keep_bad>(
        "driver.keep_bad", {},
        "The NIC hands over bad frames too (RCTL.SBP); the driver drops those marked with an error."),
    row<Truth, &S::driver, &D::settings, &Set::long_frames>(
        "driver.long_frames", {},
        "The NIC accepts frames of up to nic.max_long_frame octets in place of 1522 (RCTL.LPE); the driver drops what "
        "does not fit its buffers of 2048."),
    row<Truth, &S::driver, &D::settings, &Set::strip_fcs>(
        "driver.strip_fcs", {}, "The NIC leaves the FCS out of what it writes to host memory (RCTL.SECRC)."),
    row<Truth, &S::driver, &D::settings, &Set::extended>(
        "driver.extended", {},
        "Receive descriptors have the extended format (RFCTL.EXTEN), as Linux's; false: the legacy one."),
    row<TimeSpan, &S::driver, &D::service>("driver.service", {.most = second, .absent = "the profile's"},
                                           "CPU time that the driver spends on each frame."),
    row<TimeSpan, &S::driver, &D::settings, &Set::watchdog>(
        "driver.watchdog", {.least = millisecond, .most = day, .absent = "never"},
        "How often the driver looks whether the device was reset or hangs."),
    row<TimeSpan, &S::driver, &D::resize, &ResizeSpec::at>(
        "driver.resize[].at", {.most = day}, "When the ring gets another length, counted from time zero."),
    row<Integer, &S::driver, &D::resize, &ResizeSpec::ring>(
        "driver.resize[].ring", {.least = 64, .most = 4'096, .step = 8, .unit = "descriptors", .required = true},
        "The new length, as `ethtool -G rx`."),

    row<Profile, &S::host, &HostSpec::profile>("host.profile", {.least = 1, .most = 4'096},
                                               "What PCIe and the host CPU cost; ideal: nothing."),
    row<TimeSpan, &S::host, &HostSpec::stall, &StallSpec::at>(
        "host.stall[].at", {.most = day}, "When the host CPU stops working, counted from time zero."),
    row<TimeSpan, &S::host, &HostSpec::stall, &StallSpec::duration>(
        "host.stall[].for", {.least = 1, .most = day, .required = true}, "For how long it stops."),
    row<TimeSpan, &S::host, &HostSpec::stall, &StallSpec::every>(
        "host.stall[].every", {.least = nanosecond, .most = day, .absent = "once"},
        "The stall comes again, this long after its last beginning; longer than for."),
    row<TimeSpan, &S::host, &HostSpec::fault, &FaultSpec::at>(
        "host.fault[].at", {.most = day}, "When something happens to the device, counted from time zero."),
    row<Enumerator<fault_kind_names>, &S::host, &HostSpec::fault, &FaultSpec::kind>(
        "host.fault[].kind", {},
        "The device is reset under its driver, or with its configuration space, or loses bus mastering."),

    row<Integer, &S::seed>("run.seed", {}, "Decides everything that is drawn at random."),
    row<TimeSpan, &S::duration>("run.duration", {.least = 1, .most = day, .absent = "until nothing moves any more"},
                                "When the run ends."),

    expectation<E::Kind::fate, fate_names>("expect[].fate", "The number of frames with this fate."),
    expectation<E::Kind::reg, register_names>("expect[].register", "The total of a statistics register of the NIC."),
    expectation<E::Kind::ethtool, ethtool_name_list>("expect[].ethtool", "A counter of `ethtool -S`."),
    expectation<E::Kind::netdev, netdev_name_list>("expect[].netdev", "A counter of `ip -s -s link`."),
    expectation<E::Kind::latency, latency_names>("expect[].latency",
                                                 "How long frames took, as a percentile or the longest."),
    row<Measure, &S::expect, &E::equals>("expect[].equals", {.most = most_measured, .absent = "none"},
                                         "The value is this."),
    row<Measure, &S::expect, &E::at_least>("expect[].at_least", {.most = most_measured, .absent = "none"},
                                           "The value is this or more."),
    row<Measure, &S::expect, &E::at_most>("expect[].at_most", {.most = most_measured, .absent = "none"},
                                          "The value is this or less."),
    row<Measure, &S::expect, &E::within>("expect[].within", {.most = most_measured, .absent = "0"},
                                         "How far the value may be from equals."),
};

}  // namespace

std::span<const ScenarioKey> scenario_keys()
{
    return table;
}

}  // namespace overrun::scenario
