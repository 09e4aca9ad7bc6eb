// SPDX-License-Identifier: Apache-2.0
// What programs never do because QEMU as a whole behaves differently there: that it still does.
// The random programs avoid only what is shown here.
#include <array>
#include <cstring>

#include "testbench/differential/differential.hpp"
#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/qemu/machine_for_tests.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;
using namespace overrun::differential;

namespace {

constexpr std::uint32_t receive = reg::RCTL::EN.mask() | reg::RCTL::SECRC.mask() | reg::RCTL::BAM.mask();

/// QEMU alone, with a legacy ring of 8 whose descriptors are all but one with the device.
struct Alone {
    explicit Alone(std::uint32_t rctl, std::uint32_t given = 7)
    {
        theirs.reset();
        for (std::uint32_t i = 0; i < 8; ++i) {
            const RxDescriptorRead fresh{memory_base + 0x1'0000 + i * 2048U, 0};
            std::memcpy(theirs.at(memory_base + i * 16U), &fresh, sizeof fresh);
        }
        theirs.write(reg::RDBAL::at(0), static_cast<std::uint32_t>(memory_base));
        theirs.write(reg::RDBAH::at(0), static_cast<std::uint32_t>(memory_base >> 32U));
        theirs.write(reg::RDLEN::at(0), 128);
        theirs.write(reg::RCTL::offset, rctl);
        theirs.write(reg::RDT::at(0), given);
        static_cast<void>(read(reg::ICR::offset));
    }
    void send(std::uint32_t frames, std::uint32_t octets = 60)
    {
        for (std::uint32_t i = 0; i < frames; ++i) theirs.append(body_to(station, octets + fcs_octets));
        theirs.start();
    }
    [[nodiscard]] std::uint32_t read(std::uint32_t offset) { return theirs.read(std::array{offset})[0]; }
    [[nodiscard]] bool          uses(std::uint32_t descriptors)
    {
        machine.flush();
        return machine.run_until([&] { return read(reg::RDH::at(0)) == descriptors; },
                                 qtest::in_time(std::chrono::seconds{2}));
    }
    [[nodiscard]] bool stays_at(std::uint32_t descriptors)
    {
        machine.run_until([] { return false; }, qtest::in_time(std::chrono::milliseconds{30}));
        return read(reg::RDH::at(0)) == descriptors;
    }

    qtest::Machine machine{qemu_settings()};
    QemuDevice     theirs{machine};
};

}  // namespace

TEST_CASE("QEMU puts an FCS that is kept into a descriptor of its own, as four zero octets")
{
    if (!known_qemu()) return;
    Alone alone{receive & ~reg::RCTL::SECRC.mask()};
    alone.send(1);
    REQUIRE(alone.uses(2));
    RxDescriptorLegacy first, second;
    std::memcpy(&first, alone.theirs.at(memory_base), sizeof first);
    std::memcpy(&second, alone.theirs.at(memory_base + 16), sizeof second);
    CHECK(first.length == 60);
    CHECK((first.status & rx_status::eop) == 0);
    CHECK(second.length == 4);
    CHECK((second.status & rx_status::eop) != 0);
}

TEST_CASE("QEMU keeps frames that come while the receiver is off")
{
    if (!known_qemu()) return;
    Alone alone{receive & ~reg::RCTL::EN.mask()};
    alone.send(3);
    CHECK(alone.stays_at(0));
    alone.theirs.write(reg::RCTL::offset, receive);
    CHECK(alone.uses(3));
}

TEST_CASE("QEMU keeps frames that find no descriptor, and counts nothing")
{
    if (!known_qemu()) return;
    Alone alone{receive, 2};
    alone.send(5);
    REQUIRE(alone.uses(2));
    CHECK(alone.read(reg::MPC::offset) == 0);
    CHECK(alone.read(reg::RNBC::offset) == 0);
    CHECK((alone.read(reg::ICR::offset) & reg::ICR::RXO.mask()) == 0);
    alone.theirs.write(reg::RDT::at(0), 7);
    CHECK(alone.uses(5));
}

TEST_CASE("QEMU begins no frame that the free descriptors cannot hold")
{
    if (!known_qemu()) return;
    Alone alone{receive | reg::RCTL::BSIZE.set(0, 3), 2};
    alone.send(1, 700);
    CHECK(alone.stays_at(0));
    CHECK((alone.read(reg::ICR::offset) & reg::ICR::RXO.mask()) != 0);
    alone.theirs.write(reg::RDT::at(0), 3);
    CHECK(alone.uses(3));
}

TEST_CASE("QEMU's software reset leaves filters and rings as they were, before 10.0.13")
{
    if (!known_qemu()) return;
    Alone alone{receive};
    alone.theirs.write(reg::MTA::at(3), 0x1234);
    alone.theirs.write(reg::CTRL::offset, reg::CTRL::reset | reg::CTRL::RST.mask());
    const bool left = qtest::version_of(alone.machine.version()) < qtest::Version{10, 0, 13};
    CHECK(alone.read(reg::MTA::at(3)) == (left ? 0x1234 : 0));
    CHECK(alone.read(reg::RDLEN::at(0)) == (left ? 128 : 0));
}

TEST_CASE("QEMU compares the destination address whatever RAH.ASEL says")
{
    if (!known_qemu()) return;
    Alone               alone{receive};
    const std::uint64_t value = other_station.value();
    alone.theirs.write(reg::RAL::at(1), static_cast<std::uint32_t>(value));
    alone.theirs.write(reg::RAH::at(1),
                       static_cast<std::uint32_t>(value >> 32U) | reg::RAH::AV.mask() | reg::RAH::ASEL.set(0, 1));
    alone.theirs.append(body_to(other_station, 64));
    alone.theirs.start();
    CHECK(alone.uses(1));
}
