// SPDX-License-Identifier: Apache-2.0
// The table of scenario keys, one row each: path, type, range, sentence and the member of Scenario that it sets.
// Never interprets a value: what arrives at a setter has been checked against the row.
#include "testbench/scenario/key_table.hpp"

#include <array>

#include "testbench/scenario/expectation_names.hpp"
#include "testbench/scenario/key_binding.hpp"

namespace overrun {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 1> implementation_names{"model"};
constexpr std::array<std::string_view, 2> implementations_later{"rtl", "lockstep"};

template <const auto& List>
[[nodiscard]] Names all_of()
{
    return List;
}

template <const auto& List>
[[nodiscard]] Names names_of()
{
    return List.all();
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
    row<&S::name>("name", KeyType::text, {.least = 1, .most = 100, .unit = "octets"},
                  "What reports call the scenario."),
    row<&S::text>("text", KeyType::text, {.most = 10'000, .unit = "octets", .absent = "none"},
                  "What the scenario shows, in a sentence or two."),

    row<&S::wire_rate>("wire.rate", KeyType::rate, {.least = 10'000'000, .most = 100'000'000'000},
                       "Bit rate of the wire; a frame occupies its length and 20 octets more."),

    row<&S::traffic, &T::kind>("traffic[].kind", KeyType::name, {.names = names_of<traffic_kind_names>},
                               "Where the frames come from: made evenly spaced, at random or in bursts, or captures."),
    row<&S::traffic, &T::start>("traffic[].start", KeyType::time, {.most = day},
                                "When the first frame starts, counted from time zero."),
    row<&S::traffic, &T::length>("traffic[].length", KeyType::integer,
                                 {.least = 18, .most = 16'383, .unit = "octets", .kinds = made},
                                 "Length of each frame, from destination address to FCS."),
    row<&S::traffic, &T::count>("traffic[].count", KeyType::integer,
                                {.least = 1, .most = most_frames, .unit = "frames", .kinds = made}, "How many frames."),
    row<&S::traffic, &T::rate>("traffic[].rate", KeyType::frame_rate,
                               {.least = 1, .most = fastest_frames, .absent = "back to back", .kinds = with_rate},
                               "Frames per second: evenly spaced, with poisson on average, with pcap in place of the "
                               "capture's times; not together with load or bit_rate."),
    row<&S::traffic, &T::load>(
        "traffic[].load", KeyType::number,
        {.least_number = 1e-6, .most_number = 1, .absent = "back to back", .kinds = with_load},
        "Share of the wire's time that the frames take, evenly spaced, with poisson on average; not together with "
        "rate."),
    row<&S::traffic, &T::burst>(
        "traffic[].burst", KeyType::integer,
        {.least = 1, .most = most_frames, .unit = "frames", .absent = "required with burst", .kinds = burst_only},
        "How many frames follow one another back to back."),
    row<&S::traffic, &T::gap>("traffic[].gap", KeyType::time,
                              {.most = day, .absent = "required with burst", .kinds = burst_only},
                              "From the end of a burst's last slot (frame and inter-frame gap) to the next burst."),
    row<&S::traffic, &T::destination>("traffic[].destination", KeyType::address,
                                      {.absent = "the NIC's address", .kinds = made},
                                      "Destination address of each frame."),
    row<&S::traffic, &T::seed>("traffic[].seed", KeyType::integer,
                               {.absent = "from run.seed and the source's position", .kinds = made},
                               "Decides what this source draws at random: gaps and errors."),
    row<&S::traffic, &T::files>("traffic[].file", KeyType::files, {.absent = "required with pcap", .kinds = pcap_only},
                                "A capture, or a list of captures one after the other; from the scenario's folder."),
    row<&S::traffic, &T::pacing>("traffic[].pacing", KeyType::name,
                                 {.names = names_of<capture_pacing_names>, .kinds = pcap_only},
                                 "When frames start: at the capture's times, or back to back."),
    row<&S::traffic, &T::speed>("traffic[].speed", KeyType::number,
                                {.least_number = 1e-6, .most_number = 1e6, .kinds = pcap_only},
                                "Divides the gaps between the capture's times; not with pacing = \"topspeed\", "
                                "rate or bit_rate."),
    row<&S::traffic, &T::bit_rate>("traffic[].bit_rate", KeyType::rate,
                                   {.least = 1, .most = 100'000'000'000, .absent = "none", .kinds = pcap_only},
                                   "Bits per second in place of the capture's times; frames count with their length "
                                   "in the capture, without preamble and gap."),
    row<&S::traffic, &T::fcs>("traffic[].fcs", KeyType::name, {.names = names_of<fcs_mode_names>, .kinds = pcap_only},
                              "Whether the captured frames end with their FCS."),
    row<&S::traffic, &T::truncated>("traffic[].truncated", KeyType::name,
                                    {.names = names_of<truncated_mode_names>, .kinds = pcap_only},
                                    "What becomes of a frame of which the capture holds only the beginning."),
    row<&S::traffic, &T::max_gap>("traffic[].max_gap", KeyType::time,
                                  {.most = day, .absent = "no limit", .kinds = pcap_only},
                                  "Longer gaps between the capture's times are shortened to this; "
                                  "not with pacing = \"topspeed\", rate or bit_rate."),
    row<&S::traffic, &T::loop>("traffic[].loop", KeyType::integer,
                               {.least = 1, .most = most_frames, .unit = "times", .kinds = pcap_only},
                               "How often the captures are played; between two passes lies the mean gap of one."),
    row<&S::traffic, &T::limit>(
        "traffic[].limit", KeyType::integer,
        {.least = 1, .most = most_frames, .unit = "frames", .absent = "no limit", .kinds = pcap_only},
        "At most so many frames of this source."),

    row<&S::traffic, &T::errors, &ErrorSpec::crc>("traffic[].errors.crc", KeyType::frames,
                                                  {.most = most_frames, .absent = "none", .kinds = made},
                                                  "Frames with a flipped bit, so that their FCS is wrong."),
    row<&S::traffic, &T::errors, &ErrorSpec::runt>("traffic[].errors.runt", KeyType::frames,
                                                   {.most = most_frames, .absent = "none", .kinds = made},
                                                   "Frames of 63 octets, one too short, with the right FCS."),
    row<&S::traffic, &T::errors, &ErrorSpec::oversize>(
        "traffic[].errors.oversize", KeyType::frames, {.most = most_frames, .absent = "none", .kinds = made},
        "Frames of 1523 octets, one too long for RCTL.LPE = 0, with the right FCS."),
    row<&S::traffic, &T::errors, &ErrorSpec::rx_er>("traffic[].errors.rx_er", KeyType::frames,
                                                    {.most = most_frames, .absent = "none", .kinds = made},
                                                    "Frames in which the PHY asserts RX_ER."),
    row<&S::traffic, &T::errors, &ErrorSpec::dribble>(
        "traffic[].errors.dribble", KeyType::frames, {.most = most_frames, .absent = "none", .kinds = made},
        "Frames with an odd nibble at their end, up to 100 Mb/s; with crc an alignment error, alone none."),

    row<&S::nic, &N::implementation>("nic.implementation", KeyType::name,
                                     {.names = all_of<implementation_names>, .later = implementations_later},
                                     "Which NIC carries the run."),
    row<&S::nic, &N::mac>("nic.mac", KeyType::station, {.absent = "auto"},
                          "The NIC's address; auto is 02:00:00:00:00:01, and with captures the unicast "
                          "destination that most of their frames have."),
    row<&S::driver, &D::settings, &Set::promiscuous>("nic.promiscuous", KeyType::truth, {},
                                                     "The driver asks for frames to every address (RCTL.UPE and MPE)."),
    row<&S::driver, &D::settings, &Set::allmulti>("nic.allmulti", KeyType::truth, {},
                                                  "The driver asks for frames to every multicast address (RCTL.MPE)."),
    row<&S::driver, &D::settings, &Set::multicast>("nic.multicast", KeyType::addresses,
                                                   {.most = 4096, .unit = "addresses"},
                                                   "Multicast addresses that the driver asks for."),
    row<&S::driver, &D::settings, &Set::vlans>(
        "nic.vlans", KeyType::integers, {.most = 4094, .absent = "no VLAN filter"},
        "VLANs that the driver asks for (VFTA); frames with the tag of another are filtered "
        "(RCTL.VFE), those without a tag are not."),
    row<&S::driver, &D::settings, &Set::rx_fifo_kib>(
        "nic.rx_fifo", KeyType::size, {.least = kib, .most = 1024 * kib, .step = kib, .scale = kib},
        "Receive FIFO, whole KiB, from which the driver programs PBA; at most nic.fifo_build."),
    row<&S::nic, &N::parameters, &P::fifo_overhead>("nic.fifo_overhead", KeyType::integer,
                                                    {.most = 256, .unit = "octets"},
                                                    "What a frame costs in the FIFO besides its octets."),
    row<&S::nic, &N::parameters, &P::fifo_line>("nic.fifo_line", KeyType::integer,
                                                {.least = 1, .most = 64, .unit = "octets"},
                                                "What each begun beat of 8 octets costs in the FIFO."),
    row<&S::nic, &N::parameters, &P::fifo_build_kib>("nic.fifo_build", KeyType::size,
                                                     {.least = kib, .most = 1024 * kib, .step = kib, .scale = kib},
                                                     "The deepest FIFO that the NIC is built with, whole KiB."),
    row<&S::nic, &N::parameters, &P::packet_buffer_kib>("nic.packet_buffer", KeyType::size,
                                                        {.least = kib, .most = 1024 * kib, .step = kib, .scale = kib},
                                                        "What receive and transmit FIFO share (PBS), whole KiB."),
    row<&S::nic, &N::parameters, &P::max_long_frame>("nic.max_long_frame", KeyType::integer,
                                                     {.least = 1'522, .most = 16'384, .unit = "octets"},
                                                     "The longest frame that RCTL.LPE allows."),
    row<&S::nic, &N::parameters, &P::descriptor_cache>("nic.descriptor_cache", KeyType::integer,
                                                       {.least = 4, .most = 256, .unit = "descriptors"},
                                                       "Descriptors that the NIC holds."),
    row<&S::nic, &N::parameters, &P::reads_in_flight>("nic.reads_in_flight", KeyType::integer,
                                                      {.least = 1, .most = 16, .unit = "reads"},
                                                      "Descriptor reads under way at once."),
    row<&S::nic, &N::parameters, &P::rnbc_rule>("nic.rnbc_rule", KeyType::name, {.names = names_of<rnbc_rule_names>},
                                                "When RNBC counts: once for each frame that reaches the head of the "
                                                "FIFO and finds no descriptor, or each frame whose ring is empty "
                                                "at its end."),
    row<&S::nic, &N::parameters, &P::tpr_counts_rejected_broadcast>(
        "nic.tpr_counts_rejected_broadcast", KeyType::truth, {},
        "TPR and TOR count broadcasts that RCTL.BAM = 0 rejects."),
    row<&S::nic, &N::parameters, &P::csr_read_cycles>("nic.csr_read_cycles", KeyType::integer,
                                                      {.least = 1, .most = 1'000, .unit = "cycles"},
                                                      "From the arrival of a register read to the value's departure."),
    row<&S::nic, &N::parameters, &P::rx_mac_cycles>("nic.rx_mac_cycles", KeyType::integer,
                                                    {.least = 1, .most = 64, .unit = "cycles"},
                                                    "From a frame's last beat to its appearance at the FIFO's head."),
    row<&S::nic, &N::parameters, &P::rx_dma_cycles>("nic.rx_dma_cycles", KeyType::integer,
                                                    {.least = 1, .most = 64, .unit = "cycles"},
                                                    "From frame and descriptor both present to the first write."),
    row<&S::nic, &N::parameters, &P::dma_beat_octets>("nic.dma_beat_octets", KeyType::integer,
                                                      {.least = 8, .most = 64, .power_of_two = true, .unit = "octets"},
                                                      "Width of the DMA data path."),
    row<&S::nic, &N::parameters, &P::reset_time>("nic.reset_time", KeyType::time, {.most = millisecond},
                                                 "How long CTRL.RST reads 1."),
    row<&S::nic, &N::parameters, &P::nvm_load>("nic.nvm_load", KeyType::time, {.most = 10 * millisecond},
                                               "How long EECD.AUTO_RD reads 0 after a reset."),
    row<&S::nic, &N::parameters, &P::link_up_time>("nic.link_up_time", KeyType::time, {.most = 5 * second},
                                                   "From CTRL.SLU = 1 to STATUS.LU = 1; before time zero."),

    row<&S::driver, &D::preset>("driver.preset", KeyType::name, {.names = names_of<driver_preset_names>},
                                "Values for keys that the scenario leaves out; linux: what Linux's e1000e takes."),
    row<&S::driver, &D::settings, &Set::ring>("driver.ring", KeyType::integer,
                                              {.least = 64, .most = 4'096, .step = 8, .unit = "descriptors"},
                                              "Length of the receive ring; one less is usable."),
    row<&S::driver, &D::settings, &Set::tail_step>("driver.tail_step", KeyType::integer,
                                                   {.least = 1, .most = 64, .unit = "descriptors"},
                                                   "Refills move the tail in steps of this; Linux's is 16."),
    row<&S::driver, &D::settings, &Set::budget>("driver.budget", KeyType::integer,
                                                {.least = 1, .most = 4'096, .unit = "frames"},
                                                "At most so many frames in one poll."),
    row<&S::driver, &D::settings, &Set::itr>("driver.itr", KeyType::integer,
                                             {.most = register_field, .unit = "256 ns units"},
                                             "Least time between interrupts (ITR); 0 is no limit."),
    row<&S::driver, &D::settings, &Set::rx_usecs>(
        "driver.rx_usecs", KeyType::integer,
        {.most = 10'000, .except = no_rx_usecs, .unit = "us, or a mode", .absent = "none: itr decides"},
        "Moderation as `ethtool -C rx-usecs`: 0 off, 1 dynamic, 3 dynamic and conservative, 4 simplified, else the "
        "time between interrupts; not together with itr."),
    row<&S::driver, &D::settings, &Set::rdtr>(
        "driver.rdtr", KeyType::integer, {.most = register_field, .unit = "1.024 us units"},
        "Receive interrupt delay after the latest frame (RDTR); 0 interrupts at once."),
    row<&S::driver, &D::settings, &Set::radv>("driver.radv", KeyType::integer,
                                              {.most = register_field, .unit = "1.024 us units"},
                                              "Receive interrupt delay after the first frame (RADV); 0 is none."),
    row<&S::driver, &D::settings, &Set::pthresh>(
        "driver.pthresh", KeyType::integer, {.most = threshold, .unit = "descriptors"},
        "The NIC fetches more when it holds fewer than this (RXDCTL.PTHRESH)."),
    row<&S::driver, &D::settings, &Set::hthresh>(
        "driver.hthresh", KeyType::integer, {.most = threshold, .unit = "descriptors"},
        "With fewer than pthresh held, the NIC fetches when the ring has at least this many (RXDCTL.HTHRESH)."),
    row<&S::driver, &D::settings, &Set::wthresh>(
        "driver.wthresh", KeyType::integer, {.most = threshold, .unit = "descriptors"},
        "The NIC writes descriptors back when so many are finished (RXDCTL.WTHRESH)."),
    row<&S::driver, &D::settings, &Set::keep_bad>(
        "driver.keep_bad", KeyType::truth, {},
        "The NIC hands over bad frames too (RCTL.SBP); the driver drops those marked with an error."),
    row<&S::driver, &D::settings, &Set::long_frames>(
        "driver.long_frames", KeyType::truth, {},
        "The NIC accepts frames of up to nic.max_long_frame octets in place of 1522 (RCTL.LPE); the driver drops what "
        "does not fit its buffers of 2048."),
    row<&S::driver, &D::settings, &Set::strip_fcs>(
        "driver.strip_fcs", KeyType::truth, {},
        "The NIC leaves the FCS out of what it writes to host memory (RCTL.SECRC)."),
    row<&S::driver, &D::settings, &Set::extended>(
        "driver.extended", KeyType::truth, {},
        "Receive descriptors have the extended format (RFCTL.EXTEN), as Linux's; false: the legacy one."),
    row<&S::driver, &D::service>("driver.service", KeyType::time, {.most = second, .absent = "the profile's"},
                                 "CPU time that the driver spends on each frame."),
    row<&S::driver, &D::settings, &Set::watchdog>("driver.watchdog", KeyType::time,
                                                  {.least = millisecond, .most = day, .absent = "never"},
                                                  "How often the driver looks whether the device was reset or hangs."),
    row<&S::driver, &D::resize, &ResizeSpec::at>("driver.resize[].at", KeyType::time, {.most = day},
                                                 "When the ring gets another length, counted from time zero."),
    row<&S::driver, &D::resize, &ResizeSpec::ring>(
        "driver.resize[].ring", KeyType::integer,
        {.least = 64, .most = 4'096, .step = 8, .unit = "descriptors", .required = true},
        "The new length, as `ethtool -G rx`."),

    row<&S::host, &HostSpec::profile>("host.profile", KeyType::profile, {.least = 1, .most = 4'096},
                                      "What PCIe and the host CPU cost; ideal: nothing."),
    row<&S::host, &HostSpec::stall, &StallSpec::at>("host.stall[].at", KeyType::time, {.most = day},
                                                    "When the host CPU stops working, counted from time zero."),
    row<&S::host, &HostSpec::stall, &StallSpec::duration>(
        "host.stall[].for", KeyType::time, {.least = 1, .most = day, .required = true}, "For how long it stops."),
    row<&S::host, &HostSpec::stall, &StallSpec::every>(
        "host.stall[].every", KeyType::time, {.least = nanosecond, .most = day, .absent = "once"},
        "The stall comes again, this long after its last beginning; longer than for."),
    row<&S::host, &HostSpec::fault, &FaultSpec::at>("host.fault[].at", KeyType::time, {.most = day},
                                                    "When something happens to the device, counted from time zero."),
    row<&S::host, &HostSpec::fault, &FaultSpec::kind>(
        "host.fault[].kind", KeyType::name, {.names = names_of<fault_kind_names>},
        "The device is reset under its driver, or with its configuration space, or loses bus mastering."),

    row<&S::seed>("run.seed", KeyType::integer, {}, "Decides everything that is drawn at random."),
    row<&S::duration>("run.duration", KeyType::time,
                      {.least = 1, .most = day, .absent = "until nothing moves any more"}, "When the run ends."),

    expectation<E::Kind::fate>("expect[].fate", fate_names, "The number of frames with this fate."),
    expectation<E::Kind::reg>("expect[].register", register_names, "The total of a statistics register of the NIC."),
    expectation<E::Kind::ethtool>("expect[].ethtool", ethtool_name_list, "A counter of `ethtool -S`."),
    expectation<E::Kind::netdev>("expect[].netdev", netdev_name_list, "A counter of `ip -s -s link`."),
    expectation<E::Kind::latency>("expect[].latency", latency_names,
                                  "How long frames took, as a percentile or the longest."),
    row<&S::expect, &E::equals>("expect[].equals", KeyType::measure, {.most = most_measured, .absent = "none"},
                                "The value is this."),
    row<&S::expect, &E::at_least>("expect[].at_least", KeyType::measure, {.most = most_measured, .absent = "none"},
                                  "The value is this or more."),
    row<&S::expect, &E::at_most>("expect[].at_most", KeyType::measure, {.most = most_measured, .absent = "none"},
                                 "The value is this or less."),
    row<&S::expect, &E::within>("expect[].within", KeyType::measure, {.most = most_measured, .absent = "0"},
                                "How far the value may be from equals."),
};

}  // namespace

std::span<const ScenarioKey> scenario_keys()
{
    return table;
}

}  // namespace overrun
