// SPDX-License-Identifier: Apache-2.0
// Bring-up and bring-down against a device made of a table: the order of steps, and every way in which they can fail.
// There is no NIC: the driver finds what the test put there.
#include <functional>
#include <map>

#include "driver_sim/driver/driver.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

/// A bus to a device that answers as a healthy one does unless told otherwise.
class TableBus {
public:
    struct Entry {
        Time          at;
        bool          write;
        std::uint32_t offset;
        std::uint32_t value;
    };

    std::uint32_t read32(std::uint32_t offset)
    {
        log.push_back({now_, false, offset, answer(offset)});
        now_ += nanosecond;
        return log.back().value;
    }
    void write32(std::uint32_t offset, std::uint32_t value)
    {
        log.push_back({now_, true, offset, value});
        now_ += nanosecond;
        registers[offset] = value;
        if (offset == reg::CTRL::offset && reg::CTRL::RST.in(value)) registers = {{offset, reg::CTRL::reset}};
    }
    std::uint32_t config_read(std::uint32_t offset, unsigned) { return offset == 0 ? device_id : command; }
    void          config_write(std::uint32_t, std::uint32_t value, unsigned) { command = value; }
    DmaBuffer     allocate(std::uint64_t octets) { return memory.allocate(octets); }
    void          revoke(const DmaBuffer& buffer)
    {
        revoked += buffer.octets;
        memory.revoke(buffer);
    }
    template <class T>
    T peek(std::uint64_t address)
    {
        return load<T>(address);
    }
    template <class T>
    T load(std::uint64_t address)
    {
        T value;
        std::memcpy(&value, memory.at(address), sizeof value);
        return value;
    }
    template <class T>
    void store(std::uint64_t address, const T& value)
    {
        std::memcpy(memory.at(address), &value, sizeof value);
    }
    std::span<const std::byte> view(std::uint64_t address, std::uint32_t octets)
    {
        return {memory.at(address), octets};
    }
    void fence() {}
    void spend(Time t) { now_ += t; }
    void sleep_until(Time t) { now_ = std::max(now_, t); }
    bool wait_interrupt(Time t)
    {
        sleep_until(t);
        return false;
    }
    Time now() const { return now_; }
    void set_interrupt_handler(InterruptHandler* handler) { handlers.emplace_back(log.size(), handler); }

    // The device.
    std::uint32_t                 device_id    = 0x10d3'8086;
    std::uint32_t                 command      = 0;
    bool                          master_stuck = false, nvm_stuck = false, eerd_stuck = false, link_dead = false;
    std::array<std::uint16_t, 64> nvm{};
    std::map<std::uint32_t, std::uint32_t>                 registers;
    HostMemory                                             memory{std::uint64_t{16} << 20U};
    std::vector<Entry>                                     log;
    std::vector<std::pair<std::size_t, InterruptHandler*>> handlers;  ///< and how long the log was
    std::uint64_t                                          revoked = 0;

private:
    std::uint32_t answer(std::uint32_t offset)
    {
        const std::uint32_t value = registers[offset];
        if (offset == reg::STATUS::offset) {
            const bool off = reg::CTRL::GIO_MASTER_DISABLE.in(registers[reg::CTRL::offset]) && !master_stuck;
            return reg::STATUS::LU.set(reg::STATUS::GIO_MASTER_ENABLE.set(0, off ? 0 : 1), link_dead ? 0 : 1);
        }
        if (offset == reg::EECD::offset) return reg::EECD::AUTO_RD.set(0, nvm_stuck ? 0 : 1);
        if (offset == reg::EERD::offset && !eerd_stuck)
            return reg::EERD::DATA.set(reg::EERD::DONE.mask(), nvm[reg::EERD::ADDR.get(value) % 64]);
        if (reg::find(offset) != nullptr && reg::find(offset)->is_counter()) registers[offset] = 0;
        return value;
    }

    Time now_ = 0;
};
static_assert(Bus<TableBus>);

struct Bench {
    Bench()
    {
        bus.nvm = {0x0002, 0x0000, 0x0100, 0x0420};
        seal();
    }
    /// Makes the NVM's checksum right.
    void seal()
    {
        std::uint16_t sum = 0;
        for (std::size_t i = 0; i < 63; ++i) sum = static_cast<std::uint16_t>(sum + bus.nvm[i]);
        bus.nvm[63] = static_cast<std::uint16_t>(0xbaba - sum);
    }
    [[nodiscard]] std::optional<DriverError> open() { return driver.open(); }

    /// Where in the log an access stands; log.size() when nowhere from `from` on.
    [[nodiscard]] std::size_t find(
        bool write, std::uint32_t offset, std::size_t from = 0,
        const std::function<bool(std::uint32_t)>& what = [](std::uint32_t) { return true; }) const
    {
        for (std::size_t i = from; i < bus.log.size(); ++i)
            if (bus.log[i].write == write && bus.log[i].offset == offset && what(bus.log[i].value)) return i;
        return bus.log.size();
    }
    [[nodiscard]] std::size_t reset_at(std::size_t from = 0) const
    {
        return find(true, reg::CTRL::offset, from, [](std::uint32_t v) { return reg::CTRL::RST.in(v); });
    }
    [[nodiscard]] bool wrote(std::size_t at) const { return at < bus.log.size(); }

    DriverSettings   settings{};
    TableBus         bus;
    Driver<TableBus> driver{bus, settings, Probe{}};
};

}  // namespace

TEST_CASE("bring-up masks, silences, resets, waits, and masks again", "[driver]")
{
    Bench b;
    REQUIRE_FALSE(b.open());
    const auto& log = b.bus.log;
    CHECK((b.bus.command & 6U) == 6);
    CHECK((log[0].write && log[0].offset == reg::IMC::offset && log[0].value == ~0U));

    const std::size_t reset = b.reset_at();
    REQUIRE(b.wrote(reset));
    const std::size_t silence =
        b.find(true, reg::CTRL::offset, 0, [](std::uint32_t v) { return reg::CTRL::GIO_MASTER_DISABLE.in(v); });
    const std::size_t silent  = b.find(false, reg::STATUS::offset, silence,
                                       [](std::uint32_t v) { return !reg::STATUS::GIO_MASTER_ENABLE.in(v); });
    const std::size_t stopped = b.find(true, reg::RCTL::offset, silent, [](std::uint32_t v) { return v == 0; });
    const std::size_t split   = b.find(true, reg::PBA::offset);
    CHECK(silence < silent);
    CHECK(silent < stopped);
    CHECK(stopped < reset);
    CHECK(split < reset);
    CHECK(reg::PBA::RXA.get(log[split].value) == 20);
    CHECK(log[reset].at - log[stopped].at >= 10 * millisecond);

    // Not looked at while it resets; then the NVM is loaded, and 25 ms later the causes are gone.
    CHECK(log[reset + 1].at - log[reset].at >= 1 * millisecond);
    const std::size_t loaded =
        b.find(false, reg::EECD::offset, reset, [](std::uint32_t v) { return reg::EECD::AUTO_RD.in(v); });
    const std::size_t masked  = b.find(true, reg::IMC::offset, reset);
    const std::size_t cleared = b.find(false, reg::ICR::offset, reset);
    CHECK(loaded < masked);
    CHECK(masked < cleared);
    CHECK(log[masked].at - log[loaded].at >= 25 * millisecond);
    CHECK(cleared < b.find(true, reg::EERD::offset));
    CHECK_FALSE(b.wrote(b.reset_at(reset + 1)));
}

TEST_CASE("bring-up takes the address from the NVM and leaves no other filter open", "[driver]")
{
    Bench b;
    REQUIRE_FALSE(b.open());
    CHECK(b.driver.address() == MacAddress{{0x02, 0, 0, 0, 0, 0x01}});
    auto& registers = b.bus.registers;
    CHECK(registers[reg::RAL::at(0)] == 0x0000'0002);
    CHECK(registers[reg::RAH::at(0)] == 0x8000'0100);
    for (std::uint32_t i = 1; i < reg::RAL::count; ++i)
        CHECK((registers[reg::RAH::at(i)] == 0 && registers.contains(reg::RAH::at(i))));
    for (std::uint32_t i = 0; i < 128; ++i) {
        CHECK((registers.contains(reg::MTA::at(i)) && registers[reg::MTA::at(i)] == 0));
        CHECK((registers.contains(reg::VFTA::at(i)) && registers[reg::VFTA::at(i)] == 0));
    }
    CHECK(reg::CTRL::SLU.in(registers[reg::CTRL::offset]));
    CHECK_FALSE(reg::CTRL::GIO_MASTER_DISABLE.in(registers[reg::CTRL::offset]));
    CHECK((registers[reg::FCT::offset] == 0x8808 && registers[reg::FCAL::offset] == 0x00c2'8001 &&
           registers[reg::FCAH::offset] == 0x0100));
}

TEST_CASE("the ring is right before receive is on, the tail after, interrupts last", "[driver]")
{
    Bench b;
    REQUIRE_FALSE(b.open());
    const auto        enabled = [](std::uint32_t v) { return reg::RCTL::EN.in(v); };
    const std::size_t on      = b.find(true, reg::RCTL::offset, 0, enabled);
    REQUIRE(b.wrote(on));
    for (const std::uint32_t offset :
         {reg::RDBAL::at(0), reg::RDBAH::at(0), reg::RDLEN::at(0), reg::RDH::at(0), reg::RXDCTL::at(0),
          reg::RDTR::offset, reg::RADV::offset, reg::ITR::offset, reg::RFCTL::offset}) {
        CAPTURE(offset);
        CHECK(b.find(true, offset, b.reset_at()) < on);
    }
    CHECK(b.bus.registers[reg::RDLEN::at(0)] == 256 * 16);
    const std::size_t tail = b.find(true, reg::RDT::at(0), on);
    CHECK(b.bus.log[tail].value == 255);
    const std::size_t unmasked = b.find(true, reg::IMS::offset);
    CHECK(tail < unmasked);
    CHECK_FALSE(b.wrote(b.find(true, reg::IMS::offset, unmasked + 1)));
    CHECK((b.bus.registers[reg::IMS::offset] & reg::ICR::RXT0.mask()) != 0);
    REQUIRE(b.bus.handlers.size() == 1);
    CHECK(b.bus.handlers[0].first <= unmasked);
    // What the counters held is forgotten before the first frame can count.
    for (const reg::CounterInfo& counter : reg::counter_table) CHECK(b.find(false, counter.offset, b.reset_at()) < on);
}

TEST_CASE("a foreign device is left alone", "[driver]")
{
    Bench b;
    b.bus.device_id = 0x100e'8086;
    CHECK(b.open() == DriverError::no_device);
    CHECK(b.bus.log.empty());
    CHECK(b.bus.command == 0);
    b.bus.device_id = ~0U;
    CHECK(b.open() == DriverError::no_device);
}

TEST_CASE("a device that does not fall silent is not reset", "[driver]")
{
    Bench b;
    b.bus.master_stuck = true;
    CHECK(b.open() == DriverError::master_stuck);
    CHECK_FALSE(b.wrote(b.reset_at()));
    // Linux looks 800 times, 100 us apart.
    CHECK(b.bus.now() >= 80 * millisecond);
    CHECK(b.bus.now() < 81 * millisecond);
}

TEST_CASE("an NVM that does not load or answer, or does not add up, ends the bring-up", "[driver]")
{
    Bench loading;
    loading.bus.nvm_stuck = true;
    CHECK(loading.open() == DriverError::nvm_timeout);

    Bench silent;
    silent.bus.eerd_stuck = true;
    CHECK(silent.open() == DriverError::nvm_timeout);

    Bench wrong;
    wrong.bus.nvm[20] ^= 1;
    CHECK(wrong.open() == DriverError::nvm_checksum);

    for (const Bench* b : {&loading, &silent, &wrong}) {
        CHECK_FALSE(b->wrote(b->find(true, reg::IMS::offset)));
        CHECK_FALSE(b->wrote(b->find(true, reg::RDBAL::at(0))));
    }
}

TEST_CASE("a group address in the NVM and a dead link are errors", "[driver]")
{
    Bench group;
    group.bus.nvm[0] = 0x0003;
    group.seal();
    CHECK(group.open() == DriverError::bad_address);

    Bench dead;
    dead.bus.link_dead = true;
    CHECK(dead.open() == DriverError::no_link);
    CHECK(dead.bus.now() >= 5 * second);
    CHECK(dead.bus.now() < 6 * second);
}

TEST_CASE("every error has a text of its own", "[driver]")
{
    std::map<std::string_view, int> texts;
    for (const DriverError error : {DriverError::no_device, DriverError::master_stuck, DriverError::nvm_timeout,
                                    DriverError::nvm_checksum, DriverError::bad_address, DriverError::no_link})
        ++texts[text_of(error)];
    CHECK(texts.size() == 6);
}

TEST_CASE("totals add up what each read clears, both halves of a pair", "[driver]")
{
    Bench b;
    REQUIRE_FALSE(b.open());
    const auto total = [&b](reg::Counter counter) {
        return b.driver.register_totals()[static_cast<std::size_t>(counter)];
    };
    CHECK(total(reg::Counter::GPRC) == 0);
    for (const std::uint32_t n : {5U, 0xffff'ffffU, 7U}) {
        b.bus.registers[reg::GPRC::offset]  = n;
        b.bus.registers[reg::GORCL::offset] = n;
        b.bus.registers[reg::GORCH::offset] = 1;
        b.driver.read_statistics();
    }
    CHECK(total(reg::Counter::GPRC) == 0x1'0000'000bU);
    CHECK(total(reg::Counter::GORC) == 0x1'0000'000bU + 3 * (std::uint64_t{1} << 32U));
    // The low half first: the high half's read clears both.
    CHECK(b.find(false, reg::GORCL::offset, b.bus.log.size() - 100) <
          b.find(false, reg::GORCH::offset, b.bus.log.size() - 100));
}

TEST_CASE("bring-down masks, stops receive, waits, resets and gives the memory back", "[driver]")
{
    Bench b;
    REQUIRE_FALSE(b.open());
    const std::size_t begin = b.bus.log.size();
    REQUIRE_FALSE(b.driver.close());
    const auto&       log    = b.bus.log;
    const std::size_t masked = b.find(true, reg::IMC::offset, begin);
    const std::size_t stopped =
        b.find(true, reg::RCTL::offset, begin, [](std::uint32_t v) { return !reg::RCTL::EN.in(v); });
    const std::size_t counted = b.find(false, reg::MPC::offset, begin);
    const std::size_t reset   = b.reset_at(begin);
    CHECK(masked < stopped);
    CHECK(stopped < counted);
    CHECK(counted < reset);
    REQUIRE(b.wrote(reset));
    CHECK(log[counted].at - log[stopped].at >= 10 * millisecond);
    CHECK_FALSE(b.wrote(b.find(true, reg::IMS::offset, begin)));
    CHECK(b.bus.handlers.back().second == nullptr);
    CHECK(b.bus.revoked == 256 * 16 + 256 * 2048);
}
