// SPDX-License-Identifier: Apache-2.0
// Random programs for a NIC: frames on the wire, and what a host does to the device meanwhile.
// A program depends only on its seed, so a failing one can be run again.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hw/engine/nic_engine.hpp"
#include "hw/ethernet/fcs.hpp"
#include "hw/ethernet/wire_rate.hpp"
#include "hw/platform/platform_profile.hpp"
#include "hw/registers/82574l.hpp"
#include "testbench/tests/support/random.hpp"

namespace overrun::laws {

inline constexpr std::uint32_t ring_most      = 128;   ///< descriptors in a program's ring
inline constexpr std::uint32_t buffer_spacing = 2048;  ///< octets from buffer to buffer

/// What the source offers next: a frame, or that none starts before `none_before`.
struct WireItem {
    std::vector<std::byte> octets;
    Frame                  frame{};
    Time                   none_before = 0;  ///< not 0: no frame
};

/// How the host lays out its ring and sets up the receiver.
struct RingSetup {
    std::uint32_t size     = 8;
    std::uint32_t head     = 0;
    std::uint32_t given    = 7;  ///< descriptors handed over at once
    bool          extended = true;
    bool          holes    = false;  ///< some buffer addresses are 0
    std::uint32_t rctl     = 0;
    std::uint32_t rxdctl   = 0;
    std::uint32_t ims      = 0;
};

/// One thing that the host does; it reaches the device at `at`.
struct Access {
    enum class Kind {
        write,
        read,
        config_write,
        config_read,
        power_on,  ///< PERST#
        set_up,    ///< ring, receiver and mask; `value` is the index of the RingSetup
        serve,     ///< takes up to `value` finished descriptors and gives them back
    };
    Time          at     = 0;
    Kind          kind   = Kind::read;
    std::uint32_t offset = 0;
    std::uint32_t value  = 0;
    unsigned      octets = 4;  ///< of a configuration access
    Space         space  = Space::csr;
};

struct Program {
    std::uint64_t              seed = 0;
    NicParameters              parameters{};
    PcieProfile                pcie{};
    std::vector<WireItem>      wire;
    std::vector<RingSetup>     set_ups;
    std::vector<Access>        accesses;       ///< by time
    std::vector<std::uint32_t> refused_pages;  ///< pages of the buffers that DMA may not reach
    Time                       end = 0;
};

class ProgramMaker {
public:
    explicit ProgramMaker(std::uint64_t seed) : random_{seed} { program_.seed = seed; }

    [[nodiscard]] Program make()
    {
        choose_parameters();
        choose_link();
        put_frames_on_wire();
        first_set_up();
        const std::uint64_t episodes = random_.between(10, 100);
        for (std::uint64_t i = 0; i < episodes; ++i) episode();
        std::stable_sort(program_.accesses.begin(), program_.accesses.end(),
                         [](const Access& a, const Access& b) { return a.at < b.at; });
        program_.end = program_.end + random_.between<Time>(0, 200 * microsecond);
        for (const Access& access : program_.accesses) program_.end = std::max(program_.end, access.at);
        if (random_.chance(10)) program_.refused_pages = {static_cast<std::uint32_t>(random_.below(8))};
        return std::move(program_);
    }

private:
    using Kind = Access::Kind;

    void choose_parameters()
    {
        NicParameters& p = program_.parameters;
        p.wire_rate = random_.pick(std::array<std::int64_t, 10>{10'000'000, 100'000'000, 1'000'000'000, 1'000'000'000,
                                                                1'000'000'000, 2'500'000'000, 10'000'000'000,
                                                                25'000'000'000, 40'000'000'000, 100'000'000'000});
        if (random_.chance(15)) p.wire_rate = random_.between<std::int64_t>(10'000'000, 100'000'000'000);
        if (random_.chance(50)) return;
        p.fifo_overhead                 = random_.pick(std::array{0U, 8U, 16U, 24U, 64U, 256U});
        p.fifo_line                     = random_.pick(std::array{1U, 4U, 8U, 16U, 64U});
        p.descriptor_cache              = random_.between(4U, 256U);
        p.reads_in_flight               = random_.between(1U, 16U);
        p.rnbc_rule                     = random_.chance(50) ? RnbcRule::at_head : RnbcRule::at_reception;
        p.tpr_counts_rejected_broadcast = random_.chance(50);
        p.csr_read_cycles               = random_.between(1U, 9U);
        p.rx_mac_cycles                 = random_.between(1U, 9U);
        p.rx_dma_cycles                 = random_.between(1U, 9U);
        p.dma_beat_octets               = random_.pick(std::array{8U, 16U, 32U, 64U});
        p.reset_time                    = random_.between<Time>(0, microsecond);
        p.nvm_load                      = random_.between<Time>(0, 10 * microsecond);
        p.link_up_time                  = random_.chance(50) ? 0 : random_.between<Time>(1, 20 * microsecond);
    }

    void choose_link()
    {
        if (random_.chance(25)) return;  // a link that costs nothing
        PcieProfile& p     = program_.pcie;
        p.bits_per_second  = random_.pick(std::array<std::int64_t, 4>{0, 1'837'000'000, 8'000'000'000, 57'880'000'000});
        p.max_payload      = random_.pick(std::array{128U, 256U, 512U});
        p.max_read_request = random_.pick(std::array{128U, 512U});
        p.reads_in_flight  = random_.between(1U, 32U);
        p.write_overhead   = random_.between(0U, 24U);
        p.read_overhead    = random_.between(0U, 24U);
        p.completion_overhead  = random_.between(0U, 20U);
        p.write_latency        = random_.between<Time>(0, 900 * nanosecond);
        p.read_latency         = random_.between<Time>(0, 1200 * nanosecond);
        p.read_per_octet       = random_.between<Time>(0, 1000);
        p.mmio_write           = random_.between<Time>(0, 500 * nanosecond);
        p.mmio_read_request    = p.mmio_write;
        p.mmio_read_completion = random_.between<Time>(0, 700 * nanosecond);
        p.interrupt            = random_.between<Time>(0, 500 * nanosecond);
    }

    void put_frames_on_wire()
    {
        const WireRate      rate{program_.parameters.wire_rate};
        const std::uint64_t frames = random_.between(10, 120);
        const std::uint32_t usual  = random_.pick(std::array{64U, 65U, 128U, 594U, 1518U});
        Time                at     = random_.between<Time>(0, rate.slot(1518));
        for (std::uint64_t i = 0; i < frames; ++i) {
            const std::uint32_t most   = random_.chance(30) ? 80 : 3000;
            const std::uint32_t length = random_.chance(60) ? usual : random_.between(1U, most);
            if (random_.chance(25)) at += random_.between<Time>(0, 20 * rate.slot(usual));
            if (random_.chance(10)) {
                program_.wire.push_back({{}, {}, at});
                program_.wire.back().none_before = std::max<Time>(at, 1);
            }
            program_.wire.push_back(frame_of(length, static_cast<std::uint8_t>(i)));
            program_.wire.back().frame.start = at;
            at += rate.slot(length);
            // Sources may ask for more than the wire can carry.
            if (random_.chance(20)) at -= rate.slot(length) / 2;
        }
        program_.end = at + rate.slot(3000);
    }

    [[nodiscard]] WireItem frame_of(std::uint32_t length, std::uint8_t number)
    {
        static constexpr std::array<std::array<std::uint8_t, 6>, 7> destinations{{{0x02, 0, 0, 0, 0, 0x01},
                                                                                  {0x02, 0, 0, 0, 0, 0x77},
                                                                                  {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                                                                                  {0x01, 0x00, 0x5e, 0, 0, 0x05},
                                                                                  {0x33, 0x33, 0, 0, 0, 0x01},
                                                                                  {0x01, 0x80, 0xc2, 0, 0, 0x01},
                                                                                  {0x03, 0, 0, 0, 0, 0x01}}};
        WireItem                                                    item;
        std::vector<std::byte>&                                     octets = item.octets;
        octets.resize(length);
        for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::byte>(number + 7 * i);
        const auto& to   = random_.chance(75) ? destinations[0] : random_.pick(destinations);
        const auto  type = random_.pick(std::array<std::uint16_t, 6>{0x88b5, 0x88b5, 0x0800, 0x86dd, 0x8100, 0x8808});
        const auto  put  = [&octets](std::size_t i, unsigned value) {
            if (i < octets.size()) octets[i] = static_cast<std::byte>(value);
        };
        for (std::size_t i = 0; i < address_octets; ++i) {
            put(i, to[i]);
            put(address_octets + i, 2);
        }
        put(12, type >> 8U);
        put(13, type & 0xffU);
        put(14, type == 0x0800 ? 0x45 : type == 0x86dd ? 0x60 : 0);
        put(15, 1);  // of a control frame: PAUSE; of a tagged one: VLAN 1
        put(16, 0);
        put(17, static_cast<unsigned>(random_.below(2)));

        Frame& frame = item.frame;
        frame.length = length;
        if (length > fcs_octets && random_.chance(40)) {
            // The sender's FCS is not stored, perhaps nor are the padding's zeros.
            octets.resize(length - fcs_octets - (random_.chance(20) ? std::min(length - fcs_octets, 9U) : 0));
            frame.fcs = Fcs::appended;
        } else {
            if (length >= fcs_octets) {
                std::uint32_t fcs = fcs_of(std::span{octets}.first(length - fcs_octets));
                if (random_.chance(25)) fcs ^= 1U << random_.below(32);
                for (std::uint32_t i = 0; i < fcs_octets; ++i)
                    octets[length - fcs_octets + i] = static_cast<std::byte>(fcs >> (8 * i));
            }
            frame.fcs = Fcs::stored;
        }
        frame.stored  = static_cast<std::uint32_t>(octets.size());
        frame.rx_er   = random_.chance(2);
        frame.dribble = random_.chance(30);
        frame.no_sfd  = random_.chance(2);
        return item;
    }

    /// On a core clock edge now and then, so that things happen at the same time.
    [[nodiscard]] Time some_time()
    {
        const Time at = random_.between<Time>(0, program_.end);
        return random_.chance(40) ? program_.parameters.clock().edge(at) : at;
    }
    /// A little or a lot after `at`.
    [[nodiscard]] Time after(Time at)
    {
        if (random_.chance(15)) return at;
        return at + random_.between<Time>(1, random_.chance(50) ? microsecond : 1 + program_.end / 8);
    }

    void add(Time at, Kind kind, std::uint32_t offset = 0, std::uint32_t value = 0, unsigned octets = 4)
    {
        program_.accesses.push_back({at, kind, offset, value, octets, Space::csr});
    }
    void write(Time at, std::uint32_t offset, std::uint32_t value) { add(at, Kind::write, offset, value); }

    void first_set_up()
    {
        add(0, Kind::config_write, 4, random_.chance(97) ? 6 : 2, 2);
        set_up(random_.chance(90) ? random_.between<Time>(0, microsecond) : some_time());
    }

    void set_up(Time at)
    {
        RingSetup s;
        s.size     = random_.chance(50) ? 8 * random_.between(1U, 4U) : 8 * random_.between(1U, ring_most / 8);
        s.head     = random_.chance(70) ? 0 : random_.between(0U, s.size - 1);
        s.given    = random_.chance(70) ? s.size - 1 : random_.between(0U, s.size - 1);
        s.extended = random_.chance(60);
        s.holes    = random_.chance(10);
        s.rctl     = rctl() | reg::RCTL::EN.mask();
        s.rxdctl   = reg::RXDCTL::GRAN.set(0, random_.chance(80) ? 1 : 0);
        s.rxdctl   = reg::RXDCTL::PTHRESH.set(s.rxdctl, random_.between(0U, 40U));
        s.rxdctl   = reg::RXDCTL::HTHRESH.set(s.rxdctl, random_.between(0U, 8U));
        s.rxdctl   = reg::RXDCTL::WTHRESH.set(s.rxdctl, random_.between(0U, 5U));
        s.ims      = random_.chance(80) ? 0x0000'00d4U : random_.word();
        program_.set_ups.push_back(s);
        write(at, reg::FCT::offset, 0x8808);
        write(at, reg::FCAL::offset, 0x00c2'8001);
        write(at, reg::FCAH::offset, 0x0100);
        add(at, Kind::set_up, 0, static_cast<std::uint32_t>(program_.set_ups.size() - 1));
    }

    [[nodiscard]] std::uint32_t rctl()
    {
        std::uint32_t value = random_.chance(80) ? reg::RCTL::BAM.mask() : 0;
        for (const reg::Field bit : {reg::RCTL::SBP, reg::RCTL::UPE, reg::RCTL::MPE, reg::RCTL::LPE, reg::RCTL::SECRC,
                                     reg::RCTL::PMCF, reg::RCTL::DPF, reg::RCTL::VFE, reg::RCTL::CFIEN})
            if (random_.chance(25)) value |= bit.mask();
        value = reg::RCTL::BSIZE.set(value, random_.chance(60) ? 0 : random_.between(0U, 3U));
        value = reg::RCTL::BSEX.set(value, random_.chance(5) ? 1 : 0);
        value = reg::RCTL::RDMTS.set(value, random_.between(0U, 3U));
        return reg::RCTL::MO.set(value, random_.between(0U, 3U));
    }

    // What a host does, and undoes a while later where the rest would be silence otherwise.
    void episode()
    {
        const Time     at   = some_time();
        const unsigned what = static_cast<unsigned>(random_.below(100));
        if (what < 30) return add(at, Kind::serve, 0, random_.between(1U, 40U));
        if (what < 50) return add(at, Kind::read, reg::ICR::offset);
        if (what < 70) return interrupt_episode(at);
        if (what < 73) return reset_episode(at);
        if (what < 79) return control_episode(at);
        if (what < 82) return filter_episode(at);
        if (what < 86) return config_episode(at);
        if (what < 95) return read_episode(at);
        misuse_episode(at);
    }

    void interrupt_episode(Time at)
    {
        const std::uint32_t units = random_.chance(30) ? 0 : random_.between(1U, 40U);
        switch (random_.below(10)) {
            case 0: return write(at, reg::IMS::offset, random_.chance(50) ? 0xd4U : random_.word());
            case 1:
                write(at, reg::IMC::offset, random_.chance(50) ? ~0U : random_.word());
                return write(after(at), reg::IMS::offset, 0xd4U);
            case 2: return write(at, reg::ICS::offset, 1U << random_.below(32));
            case 3: return write(at, reg::ICR::offset, random_.chance(50) ? ~0U : random_.word());
            case 4:
            case 5: return write(at, reg::ITR::offset, 4 * units);
            case 6: return write(at, reg::RDTR::offset, units | (random_.chance(30) ? 0x8000'0000U : 0));
            case 7: return write(at, reg::RADV::offset, units);
            case 8: return write(at, reg::IAM::offset, random_.word());
            default: return write(at, reg::CTRL_EXT::offset, reg::CTRL_EXT::IAME.set(0, random_.chance(70) ? 1 : 0));
        }
    }

    void reset_episode(Time at)
    {
        switch (random_.below(6)) {
            case 0: add(at, Kind::power_on); break;
            case 1:
                add(at, Kind::config_write, 0xcc, 3, 2);  // D3hot and back
                add(at = after(at), Kind::config_write, 0xcc, 0, 2);
                break;
            case 2: return write(at, reg::CTRL_EXT::offset, reg::CTRL_EXT::EE_RST.mask());
            default:
                if (random_.chance(30)) write(at, reg::PBA::offset, random_.between(1U, 48U));
                write(at, reg::CTRL::offset, reg::CTRL::reset | reg::CTRL::RST.mask());
        }
        if (random_.chance(60)) add(after(at), Kind::config_write, 4, 6, 2);
        if (random_.chance(85)) set_up(after(at));
    }

    void control_episode(Time at)
    {
        switch (random_.below(9)) {
            case 8: return write(at, reg::RXCSUM::offset, random_.word() & 0x33ffU);
            case 0: return write(at, reg::RCTL::offset, rctl() | reg::RCTL::EN.set(0, random_.chance(80) ? 1 : 0));
            case 1:
                write(at, reg::RCTL::offset, reg::RCTL::BAM.mask());
                return write(after(at), reg::RCTL::offset, rctl() | reg::RCTL::EN.mask());
            case 2:
            case 3:
                write(at, reg::CTRL::offset, reg::CTRL::GIO_MASTER_DISABLE.set(reg::CTRL::reset, 1));
                if (random_.chance(50)) write(after(at), reg::STATUS::offset, 0);
                return write(after(at), reg::CTRL::offset, reg::CTRL::reset | (random_.word() & reg::CTRL::VME.mask()));
            case 4:
                write(at, reg::CTRL::offset, reg::CTRL::SLU.set(reg::CTRL::reset, 0));
                return write(after(at), reg::CTRL::offset, reg::CTRL::reset | (random_.word() & reg::CTRL::VME.mask()));
            case 5: return write(at, reg::RXDCTL::at(0), random_.word() & 0x013f'3f3fU);
            case 6: return write(at, reg::RFCTL::offset, random_.word() & 0x0003'ffffU);
            default: return write(at, reg::EERD::offset, reg::EERD::ADDR.set(1, random_.between(0U, 70U)));
        }
    }

    void filter_episode(Time at)
    {
        switch (random_.below(4)) {
            case 0: return write(at, reg::MTA::at(random_.between(0U, 127U)), random_.word());
            case 1: return write(at, reg::VFTA::at(0), random_.word());
            case 2: write(at, reg::RAL::at(1), 0x0000'0002); return write(at, reg::RAH::at(1), 0x8000'7700);
            default: return write(at, reg::RAH::at(0), random_.chance(50) ? 0 : 0x8000'0100);
        }
    }

    void config_episode(Time at)
    {
        static constexpr std::array<std::uint32_t, 4> commands{2, 4, 0x406, 6};
        if (random_.chance(20)) return add(at, Kind::config_read, 4 * random_.between(0U, 63U));
        add(at, Kind::config_write, 4, random_.pick(commands), 2);
        add(after(at), Kind::config_write, 4, 6, 2);
    }

    void read_episode(Time at)
    {
        static constexpr std::array offsets{
            reg::STATUS::offset, reg::IMS::offset,  reg::ICS::offset,  reg::RDH::at(0),   reg::MPC::offset,
            reg::GPRC::offset,   reg::RNBC::offset, reg::TORL::offset, reg::TORH::offset, reg::IAC::offset,
            reg::RDFPC::offset,  reg::CTRL::offset, reg::EECD::offset};
        add(at, Kind::read, random_.pick(offsets));
        if (random_.chance(20)) {
            add(at, Kind::write, 0, random_.pick(offsets));
            program_.accesses.back().space = Space::io;
            add(after(at), Kind::read, 4);
            program_.accesses.back().space = Space::io;
        }
    }

    void misuse_episode(Time at)
    {
        const std::uint32_t anywhere = static_cast<std::uint32_t>(random_.below(reg::register_space));
        switch (random_.below(9)) {
            case 0: return add(at, Kind::read, anywhere);
            case 1: return random_.chance(50) ? add(at, Kind::read, anywhere & ~3U) : write(at, anywhere & ~3U, 0);
            case 2:
                return random_.chance(50) ? add(at, Kind::read, reg::TCTL::offset) : write(at, reg::TCTL::offset, 2);
            case 3: return write(at, reg::RDT::at(0), random_.between(0U, 2 * ring_most));
            case 4: return write(at, reg::RDH::at(0), random_.between(0U, ring_most));
            case 5: return write(at, reg::RDLEN::at(0), 128 * random_.between(0U, ring_most / 8));
            case 6: return write(at, reg::RDBAL::at(0), random_.word());
            case 7: return write(at, anywhere | 1U, random_.word());
            default: return write(at, reg::RCTL::offset, random_.word() & ~reg::RCTL::BSEX.mask());
        }
    }

    Random  random_;
    Program program_;
};

}  // namespace overrun::laws
