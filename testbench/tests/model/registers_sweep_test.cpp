// SPDX-License-Identifier: Apache-2.0
// Every register of the map on the device: reset value, patterns, resets, holes, aliases, and Linux's own register
// test. Where a row has fields, their access kinds decide what a write leaves, not the row's masks.
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using reg::Access;
using reg::RegisterInfo;
using test::BareNic;
using test::Totals;

namespace {

constexpr std::array<std::uint32_t, 4> patterns{0x5a5a5a5a, 0xa5a5a5a5, 0, 0xffffffff};

using Kinds = std::map<Access, Access>;  ///< what a broken device makes of an access kind

/// A register as its fields describe it.
class Word {
public:
    Word(const RegisterInfo& row, std::uint32_t content, const Kinds& instead = {}) : content_{content}
    {
        std::uint32_t rest = ~0U;
        for (const reg::FieldInfo& field : row.fields) {
            const auto other = instead.find(field.access);
            bits_[other == instead.end() ? field.access : other->second] |= field.bits.mask();
            rest &= ~field.bits.mask();
        }
        // One number without fields, or storage between fields.
        bits_[Access::rw] |= rest & row.writable;
        bits_[Access::w1c] |= rest & row.write_one_clears;
        bits_[Access::ro] |= rest & row.readable & ~row.writable & ~row.write_one_clears;
    }

    void write(std::uint32_t value)
    {
        const std::uint32_t stored = bits_[Access::rw] | bits_[Access::rs];
        content_                   = (content_ & ~stored) | (value & stored);
        content_ |= value & bits_[Access::w1s];
        content_ &= ~(value & (bits_[Access::w1c] | bits_[Access::rc_w1c]));
        content_ &= ~(~value & bits_[Access::w0c]);
    }
    std::uint32_t read()
    {
        std::uint32_t visible = 0;
        for (const auto& [access, mask] : bits_)
            if (access != Access::sc && access != Access::wo) visible |= mask;
        const std::uint32_t value = content_ & visible;
        content_ &= ~(bits_[Access::rc] | bits_[Access::rc_w1c]);
        content_ |= bits_[Access::rs];
        return value;
    }

private:
    std::map<Access, std::uint32_t> bits_;
    std::uint32_t                   content_;
};

/// Live or acting registers, each of which a test case below or another file covers.
bool acts(std::uint32_t offset)
{
    static const std::set<std::uint32_t> offsets{reg::CTRL::offset, reg::STATUS::offset, reg::EECD::offset,
                                                 reg::EERD::offset, reg::ICR::offset,    reg::ICS::offset,
                                                 reg::IMS::offset,  reg::IMC::offset,    reg::PBA::offset};
    return offsets.count(offset) != 0;
}

template <class Visit>
void for_each_register(Visit&& visit)
{
    for (const RegisterInfo& row : reg::register_table)
        if (!row.is_counter())
            for (std::uint32_t i = 0; i < row.count; ++i) visit(row, i, row.offset + i * row.stride);
}

/// The NVM's auto-load fills the station address; everything else is as the row says.
std::uint32_t reset_value(const RegisterInfo& row, std::uint32_t offset)
{
    return offset == reg::RAL::at(0) ? 0x00000002 : offset == reg::RAH::at(0) ? 0x80000100 : row.reset;
}

struct Device {
    std::function<std::uint32_t(std::uint32_t)>       read;
    std::function<void(std::uint32_t, std::uint32_t)> write;
};

/// Registers that a device gets wrong: their reset value, or what a pattern leaves.
std::set<std::string> wrong(const Device& device)
{
    std::set<std::string> names;
    for_each_register([&](const RegisterInfo& row, std::uint32_t, std::uint32_t offset) {
        if (acts(offset)) return;
        Word word{row, reset_value(row, offset)};
        if (device.read(offset) != word.read()) names.insert(reg::name_at(offset));
        for (const std::uint32_t pattern : patterns) {
            device.write(offset, pattern);
            word.write(pattern);
            for (int twice = 0; twice < 2; ++twice)
                if (device.read(offset) != word.read()) names.insert(reg::name_at(offset));
        }
    });
    return names;
}

Device device_of(BareNic& nic)
{
    return {[&](std::uint32_t offset) { return nic.read(offset); },
            [&](std::uint32_t offset, std::uint32_t value) { nic.write(offset, value); }};
}

}  // namespace

TEST_CASE("every register resets, stores and clears as its fields say", "[registers_sweep]")
{
    BareNic nic;
    CHECK(wrong(device_of(nic)).empty());
}

TEST_CASE("a device with one access kind wrong is caught", "[registers_sweep]")
{
    const auto twin = [](const Kinds& instead, std::uint32_t reset_change) {
        std::map<std::uint32_t, Word> words;
        for_each_register([&](const RegisterInfo& row, std::uint32_t, std::uint32_t offset) {
            words.emplace(offset, Word{row, reset_value(row, offset) ^ reset_change, instead});
        });
        return wrong({[&](std::uint32_t offset) { return words.at(offset).read(); },
                      [&](std::uint32_t offset, std::uint32_t value) { words.at(offset).write(value); }});
    };
    CHECK(twin({}, 0).empty());
    CHECK(twin({{Access::sc, Access::rw}}, 0).count("RDTR") == 1);
    CHECK(twin({{Access::ro, Access::rw}}, 0).count("MDIC") == 1);
    CHECK(twin({{Access::rs, Access::rw}}, 0) == std::set<std::string>{"SWSM"});
    CHECK(twin({{Access::rw, Access::ro}}, 0).count("RCTL") == 1);
    CHECK(twin({}, 0x10).count("TIPG") == 1);
}

TEST_CASE("registers that show live state read as after a reset with the link up", "[registers_sweep]")
{
    BareNic nic;
    CHECK(nic.read(0x0000) == 0x00140241);
    CHECK(nic.read(0x0008) == 0x00080283);
    CHECK(nic.read(0x0010) == 0x00000300);
    CHECK(nic.read(0x0014) == 0x00000002);
    CHECK(nic.read(0x00c8) == 0x00000004);  // LSC: the link has come up
    CHECK(nic.read(0x00c0) == 0x00000004);
    CHECK(nic.read(0x00c0) == 0);
    CHECK(nic.read(0x00d0) == 0);
    CHECK(nic.read(0x00d8) == 0);
    CHECK(nic.read(0x1000) == 0x00140014);
}

TEST_CASE("registers that act keep exactly their storage bits", "[registers_sweep]")
{
    BareNic nic;
    for (const std::uint32_t pattern : patterns) {
        const auto after = [&](std::uint32_t offset, std::uint32_t but = 0) {
            nic.write(offset, pattern & ~but);
            return nic.read(offset);
        };
        // CTRL: the fields of contract B.1 without RST.
        CHECK(after(0x0000, 1U << 26U) == (pattern & (0xdbfc1bedU)));
        CHECK((after(0x0008) & 0xfff7fffdU) == 0x00000281);  // all but LU, which follows SLU, and bit 19
        // EECD: SK, CS, DI, REQ, SELSHAD, INITSRAM, AUPDEN, SEC1VAL; GNT follows REQ.
        CHECK(after(0x0010) == ((pattern & 0x00560047U) | (pattern & 0x40U) << 1U | 0x300U));
        // PBA: the upper half is what 40 KiB leave, whatever is written there.
        const std::uint32_t rxa = pattern & 0xffffU;
        CHECK(after(0x1000) == ((rxa > 40 ? 0 : 40 - rxa) << 16U | rxa));
    }
    nic.write(0x1000, 0x00990020);
    CHECK(nic.read(0x1000) == 0x00080020);
}

TEST_CASE("accesses to registers without an engine behind them are counted", "[registers_sweep]")
{
    BareNic       nic;
    std::uint64_t counted = 0;
    for_each_register([&](const RegisterInfo& row, std::uint32_t i, std::uint32_t offset) {
        if (acts(offset)) return;
        const bool engine = row.status_of(i) == reg::Status::engine;
        counted += engine ? 0 : 1;
        static_cast<void>(nic.read(offset));
        nic.write(offset, 0xffffffff);
        INFO(reg::name_at(offset));
        CHECK(nic.misuse()["unimplemented_read"] == counted);
        CHECK(nic.misuse()["unimplemented_write"] == counted);
        if (row.status == reg::Status::absent) CHECK(nic.read(offset) == 0);
        if (row.status == reg::Status::absent) ++counted, nic.write(offset, 0);
    });
    CHECK(counted > 100);
}

TEST_CASE("offsets without a register read 0, ignore writes and are counted", "[registers_sweep]")
{
    BareNic       nic;
    std::uint64_t holes = 0;
    for (std::uint32_t offset = 0; offset < 0x20000; offset += 4) {
        if (reg::find(reg::resolve_alias(offset)) != nullptr) continue;
        nic.write(offset, 0xffffffff);
        REQUIRE(nic.read(offset) == 0);
        ++holes;
    }
    CHECK(holes > 30000);
    CHECK(nic.misuse() == Totals{{"unmapped_read", holes}, {"unmapped_write", holes}});

    std::uint64_t unaligned = 0;
    for (const std::uint32_t offset : {0x01U, 0x02U, 0x0101U, 0x2819U, 0x281aU, 0x281bU, 0x5402U}) {
        nic.write(offset, 0xffffffff);
        CHECK(nic.read(offset) == 0);
        ++unaligned;
    }
    CHECK(nic.misuse()["unaligned_access"] == 2 * unaligned);
    CHECK((nic.read(0x5400) == 2 && nic.read(0x2818) == 0 && nic.read(0x0100) == 0));

    for (const std::uint32_t offset : {0x20000U, 0x80000000U, 0xfffffffcU}) CHECK(nic.read(offset) == 0);
    // The flash window: reads 0, ignores writes. The MSI-X window is for a later stage.
    nic.write(0, 1, Space::flash);
    CHECK(nic.read(0, Space::flash) == 0);
    CHECK(nic.misuse()["unmapped_read"] == holes + 4);
    CHECK(nic.read(0, Space::msix) == 0);
    CHECK(nic.misuse()["unimplemented_read"] == 1);
}

TEST_CASE("an alias is its register", "[registers_sweep]")
{
    BareNic nic;
    for (const reg::AliasInfo& alias : reg::alias_table) {
        for (std::uint32_t i = 0; i < alias.dwords; ++i) {
            const std::uint32_t from = alias.offset + 4 * i, to = alias.target + 4 * i;
            if (acts(to)) continue;
            const RegisterInfo& row = *reg::find(to);
            INFO(std::hex << from << " for " << to);
            for (const std::uint32_t pattern : patterns) {
                Word word{row, reset_value(row, to)};
                word.write(pattern);
                const std::uint32_t expected = word.read();
                nic.write(from, pattern);
                CHECK(nic.read(to) == expected);
                nic.write(to, ~pattern);
                nic.write(to, pattern);
                CHECK(nic.read(from) == expected);
            }
        }
    }
    nic.write(0x0004, 0x00140241 | 1U << 30U);  // CTRL's
    CHECK(nic.read(0x0000) == (0x00140241 | 1U << 30U));
}

TEST_CASE("the I/O window reaches registers indirectly, if I/O is enabled", "[registers_sweep]")
{
    BareNic nic{{}, {}, 1U | test::memory_enable};
    nic.write(0, 0x5400, Space::io);
    CHECK(nic.read(0, Space::io) == 0x5400);
    CHECK(nic.read(4, Space::io) == 2);
    nic.write(4, 0x12345678, Space::io);
    CHECK(nic.read(0x5400) == 0x12345678);

    // Beyond the registers, and between two of them.
    for (const auto& [address, misuse] : {std::pair<std::uint32_t, const char*>{0x20000, "unmapped_read"},
                                          {0x5402, "unaligned_access"},
                                          {0x000c, "unmapped_read"}}) {
        nic.write(0, address, Space::io);
        const auto before = nic.misuse()[misuse];
        CHECK(nic.read(4, Space::io) == 0);
        CHECK(nic.misuse()[misuse] == before + 1);
    }
    CHECK(nic.read(8, Space::io) == 0);

    // Each window has its own enable in PCI Command.
    nic.write(0, 0x5400, Space::io);
    nic.set_command(1);
    CHECK(nic.read(0x5400) == 0xffffffff);
    CHECK(nic.read(4, Space::io) == 0x12345678);
    nic.write(4, 7, Space::io);
    nic.set_command(test::memory_enable);
    CHECK(nic.read(0x5400) == 7);
    CHECK(nic.read(4, Space::io) == 0xffffffff);
    nic.write(4, 8, Space::io);
    nic.set_command(0);
    nic.write(0x5400, 9);
    nic.set_command(test::memory_enable);
    CHECK(nic.read(0x5400) == 7);
}

TEST_CASE("CTRL.RST resets everything but PBA, PBS and FLA", "[registers_sweep]")
{
    BareNic                                nic;
    std::map<std::uint32_t, std::uint32_t> kept;
    for_each_register([&](const RegisterInfo&, std::uint32_t, std::uint32_t offset) {
        // RCTL without EN, CTRL with SLU and without RST.
        const std::uint32_t value = offset == 0x0100 ? 0x0658a15cU : 0xa5a5a5a5U;
        nic.write(offset, offset == 0 ? 0xa1a5a5e5U : value);
        if (offset == 0x1000 || offset == 0x1008 || offset == 0x001c) kept[offset] = nic.read(offset);
    });
    CHECK(kept == std::map<std::uint32_t, std::uint32_t>{{0x1000, 0x0000a5a5}, {0x1008, 0x25}, {0x001c, 0xa5a5a5a5}});
    nic.run_for(1 * millisecond);
    nic.write(0x0000, 0x04140241);
    CHECK(nic.read(0x0000) == 0x04140241);  // RST reads 1 until it is over
    nic.run_for(1 * microsecond);
    CHECK(nic.read(0x0000) == 0x00140241);
    nic.run_for(10 * millisecond);  // the NVM is loaded again
    for_each_register([&](const RegisterInfo& row, std::uint32_t, std::uint32_t offset) {
        const auto survivor = kept.find(offset);
        INFO(reg::name_at(offset));
        CHECK(nic.read(offset) == (survivor == kept.end() ? reset_value(row, offset) : survivor->second));
    });

    // PERST# leaves nothing.
    nic.reset();
    nic.set_command(test::memory_enable);
    CHECK((nic.read(0x1000) == 0x00140014 && nic.read(0x1008) == 0x28 && nic.read(0x001c) == 0));
}

TEST_CASE("the register test of ethtool -t passes, and moves nothing over the bus", "[registers_sweep]")
{
    // Contract E.2, in its order. Traffic goes on; bus mastering is on.
    BareNic nic;
    for (int i = 0; i < 3000; ++i) nic.send(test::body_to(test::everyone, 64 + static_cast<std::uint32_t>(i) % 1400));
    unsigned   failures = 0;
    const auto pattern  = [&](std::uint32_t offset, std::uint32_t mask, std::uint32_t write) {
        for (const std::uint32_t p : patterns) {
            nic.run_for(700 * nanosecond);
            nic.write(offset, p & write);
            nic.run_for(700 * nanosecond);
            if (nic.read(offset) != (p & write & mask)) ++failures;
        }
    };
    const auto set = [&](std::uint32_t offset, std::uint32_t mask, std::uint32_t write) {
        nic.write(offset, write & mask);
        nic.run_for(10 * microsecond);
        if ((nic.read(offset) & mask) != (write & mask)) ++failures;
    };
    constexpr std::uint32_t toggle = 0x7ffff033;
    const std::uint32_t     before = nic.read(0x0008) & toggle;
    nic.write(0x0008, toggle);
    CHECK((nic.read(0x0008) & toggle) == before);

    constexpr std::uint32_t all = 0xffffffff;
    for (const std::uint32_t offset : {0x0028U}) pattern(offset, all, all);                                // FCAL
    for (const std::uint32_t offset : {0x002cU, 0x0030U, 0x0038U, 0x2820U}) pattern(offset, 0xffff, all);  // ... RDTR
    pattern(0x2804, all, all);                                                                             // RDBAH0
    pattern(0x2808, 0xfff80, 0xfffff);                                                                     // RDLEN0
    for (const std::uint32_t offset : {0x2810U, 0x2818U}) pattern(offset, 0xffff, 0xffff);                 // RDH0, RDT0
    pattern(0x2168, 0xfff8, 0xfff8);
    pattern(0x0170, 0xffff, 0xffff);
    pattern(0x0410, 0x3fffffff, 0x3fffffff);
    pattern(0x3804, all, all);
    pattern(0x3808, 0xfff80, 0xfffff);
    set(0x0100, all, 0);
    set(0x0100, 0x06dfb3fe, 0x003ffffb);
    set(0x0400, all, 0);
    set(0x0100, 0x06dfb3fe, all);  // EN over a garbage ring
    CHECK(nic.read(0x2810) == 0xffff);
    pattern(0x2800, 0xfffffff0, all);
    pattern(0x0178, 0xc000ffff, 0xffff);
    pattern(0x3800, 0xfffffff0, all);
    pattern(0x3820, 0xffff, 0xffff);
    for (std::uint32_t n = 0; n < 15; ++n) pattern(0x5404 + 8 * n, 0x8003ffff, all);
    for (std::uint32_t n = 0; n < 128; ++n) pattern(0x5200 + 4 * n, all, all);
    CHECK(failures == 0);
    CHECK(nic.dma.records.empty());
    CHECK(nic.counters()["MPC"] > 0);  // frames came, and had nowhere to go
    CHECK(nic.ledger.breach().empty());

    // The check of the bus can fail: with a ring in place the same RCTL does reach memory.
    nic.write(0x0000, 0x04140241);
    nic.run_for(1 * millisecond);
    nic.receive(0x06dfb3fe & ~0xc0U);
    nic.finish();
    CHECK_FALSE(nic.dma.records.empty());
    CHECK(nic.ledger.breach().empty());
}
