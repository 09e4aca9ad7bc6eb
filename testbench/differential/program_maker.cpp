// SPDX-License-Identifier: Apache-2.0
// What programs do, and how often.
// It leaves out what our engine does not act on and what QEMU is known to do otherwise as a whole.
#include "testbench/differential/program_maker.hpp"

#include <algorithm>
#include <array>

#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/multicast_hash.hpp"
#include "hw/registers/82574l.hpp"
#include "testbench/differential/dice.hpp"
#include "testbench/differential/frame_maker.hpp"

namespace overrun::differential {

namespace {

using Kind = Step::Kind;

class ProgramMaker {
public:
    ProgramMaker(std::uint64_t seed, std::span<const Octets> captured) : dice_{seed}, captured_{captured} {}

    [[nodiscard]] Program make()
    {
        addresses();
        multicast_table();
        vlan_table();
        control();
        formats();
        ring();
        for (std::uint32_t episodes = dice_.between(3, 9); episodes > 0; --episodes) {
            batches();
            episode();
        }
        batches();
        sweep();
        return std::move(program_);
    }

private:
    void write(std::uint32_t offset, std::uint32_t value) { program_.push_back(write_step(offset, value)); }

    void addresses()
    {
        if (dice_.chance(15)) write(reg::RAH::at(0), 0);  // the station's own entry is off
        for (std::uint32_t n = dice_.below(4); n > 0; --n) {
            const std::uint64_t value = dice_.pick(address_pool).value();
            const std::uint32_t entry = dice_.between(0, 14);
            write(reg::RAL::at(entry), static_cast<std::uint32_t>(value));
            write(reg::RAH::at(entry),
                  static_cast<std::uint32_t>(value >> 32U) | (dice_.chance(85) ? reg::RAH::AV.mask() : 0));
        }
    }
    void multicast_table()
    {
        offset_ = dice_.below(4);
        for (std::uint32_t n = dice_.below(5); n > 0; --n) {
            const MacAddress&   address = dice_.pick(address_pool);
            const MulticastHash at      = multicast_hash(address.octets[4], address.octets[5], offset_);
            write(reg::MTA::at(at.word), 1U << at.bit | (dice_.chance(20) ? dice_.word() : 0));
        }
        if (dice_.chance(10)) write(reg::MTA::at(dice_.below(reg::MTA::count)), dice_.word());
    }
    void vlan_table()
    {
        for (std::uint32_t n = dice_.below(4); n > 0; --n) {
            const std::uint32_t vlan = dice_.pick(vlan_pool);
            write(reg::VFTA::at(vlan >> 5U), dice_.chance(80) ? 1U << (vlan & 31U) : dice_.word());
        }
    }

    void control()
    {
        std::uint32_t value = reg::RCTL::SECRC.mask() | reg::RCTL::EN.mask();
        const auto    maybe = [&](reg::Field bit, unsigned percent) {
            if (dice_.chance(percent)) value |= bit.mask();
        };
        maybe(reg::RCTL::UPE, 40);
        maybe(reg::RCTL::MPE, 30);
        maybe(reg::RCTL::BAM, 70);
        maybe(reg::RCTL::LPE, 25);
        maybe(reg::RCTL::SBP, 10);
        maybe(reg::RCTL::VFE, 25);
        maybe(reg::RCTL::CFIEN, 8);
        maybe(reg::RCTL::CFI, 8);
        maybe(reg::RCTL::DPF, 8);
        maybe(reg::RCTL::PMCF, 8);
        if (dice_.chance(50)) {
            value = reg::RCTL::BSIZE.set(value, dice_.below(4));
            if (dice_.chance(20)) value = reg::RCTL::BSEX.set(reg::RCTL::BSIZE.set(value, dice_.between(1, 3)), 1);
            if (dice_.chance(10)) value = reg::RCTL::FLXBUF.set(value, dice_.between(1, 15));
        }
        value        = reg::RCTL::RDMTS.set(value, dice_.below(3));
        value        = reg::RCTL::MO.set(value, dice_.chance(90) ? offset_ : dice_.below(4));
        long_frames_ = reg::RCTL::LPE.in(value);
        write(reg::RCTL::offset, value);
    }

    void formats()
    {
        std::uint32_t rfctl = dice_.chance(60) ? reg::RFCTL::EXTEN.mask() : 0;
        for (const reg::Field bit : {reg::RFCTL::IPV6_DIS, reg::RFCTL::IPV6_XSUM_DIS, reg::RFCTL::IPV6_EX_DIS,
                                     reg::RFCTL::ACK_DIS, reg::RFCTL::ACKD_DIS})
            if (dice_.chance(10)) rfctl |= bit.mask();
        write(reg::RFCTL::offset, rfctl);
        std::uint32_t rxcsum = reg::RXCSUM::PCSS.set(0, dice_.one_of({0, 14, 34, 255}));
        for (const reg::Field bit : {reg::RXCSUM::IPOFL, reg::RXCSUM::TUOFL})
            if (dice_.chance(75)) rxcsum |= bit.mask();
        if (dice_.chance(40)) rxcsum |= reg::RXCSUM::PCSD.mask();
        write(reg::RXCSUM::offset, rxcsum);
        write(reg::CTRL::offset, reg::CTRL::reset | (dice_.chance(40) ? reg::CTRL::VME.mask() : 0));
        vlan_type_ = static_cast<std::uint16_t>(dice_.one_of({0x8100, 0x8100, 0x8100, 0x88a8, 0x9100}));
        write(reg::VET::offset, vlan_type_);
        if (dice_.chance(50)) {
            write(reg::FCT::offset, 0x8808);
            write(reg::FCAL::offset, 0x00c2'8001);
            write(reg::FCAH::offset, 0x0100);
        }
    }

    void ring()
    {
        RingShape shape;
        shape.size           = dice_.one_of({8, 16, 32, 64, 64, 128, 256, 512});
        shape.head           = dice_.chance(60) ? 0 : dice_.below(shape.size);
        shape.skew           = dice_.one_of({0, 0, 0, 2, 14, 63});
        shape.holes          = dice_.chance(5);
        std::uint32_t rxdctl = reg::RXDCTL::GRAN.set(0, dice_.below(2));
        rxdctl               = reg::RXDCTL::PTHRESH.set(rxdctl, dice_.below(64));
        rxdctl               = reg::RXDCTL::HTHRESH.set(rxdctl, dice_.below(17));
        write(reg::RXDCTL::at(0), reg::RXDCTL::WTHRESH.set(rxdctl, dice_.below(9)));
        program_.push_back(plain_step(Kind::tail, dice_.one_of({1, 1, 4, 8, 16})));
        program_.push_back(ring_step(shape));
    }

    void batches()
    {
        FrameWishes wishes;
        wishes.vlan_type = vlan_type_;
        wishes.station   = dice_.one_of({30, 60, 90});
        wishes.tagged    = dice_.one_of({0, 25, 60});
        wishes.longest   = long_frames_ && dice_.chance(50) ? 9014 : 1514;
        if (dice_.chance(40)) wishes.longest = 200;
        for (std::uint32_t n = dice_.between(1, 3); n > 0; --n) {
            if (dice_.chance(4)) program_.push_back(plain_step(Kind::starve, dice_.below(6)));
            const std::uint32_t most = dice_.chance(60) ? 16 : 64;
            for (std::uint32_t frames = dice_.between(1, most); frames > 0; --frames) {
                if (!captured_.empty() && dice_.chance(15)) {
                    program_.push_back(frame_step(captured()));
                } else if (dice_.chance(2)) {
                    FrameWishes oversize = wishes;
                    oversize.longest     = 4000;
                    program_.push_back(frame_step(random_frame(dice_, oversize)));
                } else if (dice_.chance(1)) {
                    program_.push_back(frame_step(random_frame(dice_, wishes)));
                    program_.back().octets.resize(dice_.between(14, 59));  // a runt
                } else {
                    program_.push_back(frame_step(random_frame(dice_, wishes)));
                }
            }
            program_.push_back(plain_step(Kind::sync));
        }
    }
    /// Mostly to the station, or the filter would let few of them through.
    Octets captured()
    {
        Octets frame = captured_[dice_.below(static_cast<std::uint32_t>(captured_.size()))];
        if (dice_.chance(80))
            for (std::size_t i = 0; i < address_octets; ++i)
                frame[i] = static_cast<std::byte>(address_pool[0].octets[i]);
        return frame;
    }

    void episode()
    {
        switch (dice_.below(10)) {
            case 0: return addresses();
            case 1: return multicast_table();
            case 2: return vlan_table();
            case 3: return control();
            case 4: return formats();
            case 5: return ring();
            case 6: return sweep();
            case 7: return interrupts();
            case 8: return program_.push_back(plain_step(Kind::counters));
            default: return program_.push_back(plain_step(Kind::tail, dice_.one_of({1, 2, 4, 8})));
        }
    }

    void interrupts()
    {
        // Bits 3, 5, 8 and 10 to 14 are unknown to QEMU's IMS.
        constexpr std::uint32_t known = 0x0000'02d7;
        if (dice_.chance(60)) write(reg::IMS::offset, dice_.word() & known);
        if (dice_.chance(30)) write(reg::IMC::offset, dice_.word());
        if (dice_.chance(40)) write(reg::ICS::offset, dice_.word() & known);
        if (dice_.chance(20)) write(reg::ICR::offset, dice_.word() & known);
        program_.push_back(read_step(reg::IMS::offset));
        program_.push_back(read_step(reg::ICS::offset));
        program_.push_back(read_step(reg::ICR::offset));
    }

    void sweep()
    {
        static constexpr std::array offsets{
            reg::CTRL::offset,   reg::STATUS::offset, reg::RCTL::offset, reg::RFCTL::offset,
            reg::RXCSUM::offset, reg::RDBAL::at(0),   reg::RDBAH::at(0), reg::RDLEN::at(0),
            reg::RDH::at(0),     reg::RDT::at(0),     reg::VET::offset,  reg::FCAL::offset,
            reg::FCAH::offset,   reg::FCT::offset,    reg::IMS::offset,  reg::RXDCTL::at(0)};
        for (std::uint32_t n = dice_.between(1, 6); n > 0; --n) program_.push_back(read_step(dice_.pick(offsets)));
        program_.push_back(read_step(reg::MTA::at(dice_.below(reg::MTA::count))));
        program_.push_back(read_step(reg::VFTA::at(dice_.below(reg::VFTA::count))));
        const std::uint32_t entry = dice_.below(15);
        program_.push_back(read_step(reg::RAL::at(entry)));
        program_.push_back(read_step(reg::RAH::at(entry)));
    }

    Dice                    dice_;
    std::span<const Octets> captured_;
    Program                 program_;
    std::uint32_t           offset_      = 0;  // RCTL.MO
    std::uint16_t           vlan_type_   = 0x8100;
    bool                    long_frames_ = false;
};

}  // namespace

Program random_program(std::uint64_t seed, std::span<const Octets> captured)
{
    return ProgramMaker{seed, captured}.make();
}

}  // namespace overrun::differential
