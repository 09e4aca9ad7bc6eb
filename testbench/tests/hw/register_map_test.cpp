// SPDX-License-Identifier: Apache-2.0
// The register map against the device contract: masks, resets, offsets, aliases, counters.
// Expected values come from the contract, not from the map.
#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hw/registers/82574l.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

const reg::RegisterInfo& row_named(std::string_view name)
{
    const auto offset = reg::offset_named(name);
    if (!offset) throw std::runtime_error{"no register " + std::string{name}};
    return *reg::find(*offset);
}

/// What a register returns after a write when nothing but its storage acts.
std::uint32_t read_back(std::string_view name, std::uint32_t written)
{
    const reg::RegisterInfo& row = row_named(name);
    return written & row.writable & row.readable;
}

using Record = std::vector<std::string>;

/// Words of a text, in records that end with a comma.
std::vector<Record> records(const std::string& text)
{
    std::vector<Record> all;
    std::istringstream  lines{text};
    for (std::string record, word; std::getline(lines, record, ',');) {
        std::istringstream words{record};
        for (all.emplace_back(); words >> word;) all.back().push_back(word);
    }
    return all;
}

const auto hex = [](const std::string& digits) { return static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16)); };

}  // namespace

TEST_CASE("every register's reset, masks and fields agree with each other")
{
    for (const reg::RegisterInfo& row : reg::register_table) {
        INFO(row.name);
        CHECK((row.reset & ~row.readable) == 0);
        CHECK((row.writable & (row.write_one_clears | row.write_one_sets | row.self_clearing)) == 0);
        CHECK((row.self_clearing & row.readable) == 0);
        CHECK_FALSE(row.text.empty());
        CHECK(row.stage <= 8);
        std::uint32_t seen = 0;
        for (const reg::FieldInfo& field : row.fields) {
            INFO(field.name);
            CHECK((seen & field.bits.mask()) == 0);
            CHECK(field.bits.get(row.reset) == field.reset);
            CHECK_FALSE(field.text.empty());
            seen |= field.bits.mask();
        }
        CHECK((row.status != reg::Status::absent || (row.readable | row.writable) == 0));
        CHECK(row.is_counter() == (row.counter != reg::Counter::count));
    }
}

TEST_CASE("the masks are those of Linux's register self-test")
{
    // Contract E.2: name, M, W; write p & W, expect p & W & M.
    const auto tests = records(R"(
        FCAL   ffffffff ffffffff, FCAH   0000ffff ffffffff, FCT    0000ffff ffffffff, VET    0000ffff ffffffff,
        RDTR   0000ffff ffffffff, RDBAH0 ffffffff ffffffff, RDLEN0 000fff80 000fffff, RDH0   0000ffff 0000ffff,
        RDT0   0000ffff 0000ffff, FCRTH  0000fff8 0000fff8, FCTTV  0000ffff 0000ffff, TIPG   3fffffff 3fffffff,
        TDBAH0 ffffffff ffffffff, TDLEN0 000fff80 000fffff, RDBAL0 fffffff0 fffffff0, TXCW   c000ffff 0000ffff,
        TDBAL0 fffffff0 fffffff0, TIDV   0000ffff 0000ffff)");
    for (const std::uint32_t p : {0x5a5a5a5au, 0xa5a5a5a5u, 0u, 0xffffffffu}) {
        for (const Record& test : tests) {
            INFO(test[0] << " " << std::hex << p);
            CHECK(read_back(test[0], p & hex(test[2])) == (p & hex(test[2]) & hex(test[1])));
        }
        for (unsigned n = 0; n < 15; ++n) CHECK(read_back("RAH" + std::to_string(n), p) == (p & 0x8003ffff));
        for (unsigned n = 0; n < 128; ++n) CHECK(read_back("MTA" + std::to_string(n), p) == p);
    }
    for (const std::uint32_t p : {0u, 0x003ffffbu & 0x06dfb3feu, 0x06dfb3feu})
        CHECK((read_back("RCTL", p) & 0x06dfb3fe) == p);
    CHECK((read_back("RCTL", 0) == 0 && read_back("TCTL", 0) == 0));
    CHECK(((row_named("STATUS").writable | row_named("STATUS").write_zero_clears) & 0x7ffff033) == 0);
}

TEST_CASE("the fields of RCTL are exactly those of the contract")
{
    // Mask of the self-test, DTYP 11:10 and FLXBUF 30:27.
    CHECK(row_named("RCTL").writable == (0x06dfb3feu | 0x00000c00u | 0x78000000u));
    CHECK(row_named("RCTL").readable == row_named("RCTL").writable);
    CHECK((reg::RCTL::EN.mask() == 0x2 && reg::RCTL::BSIZE.mask() == 0x30000));
    CHECK(reg::RCTL::MO.set(0xffffffff, 0) == 0xffffcfff);
    CHECK(reg::RCTL::LBM.get(0x00000080) == 2);
    CHECK((reg::RCTL::LBM.in(0x00000080) && !reg::RCTL::LBM.in(0xffffff3f)));
}

TEST_CASE("causes 0 to 18 can be raised by software, enabled and disabled")
{
    constexpr std::uint32_t causes = 0x01f7ffff;  // contract B.4: 0..18 and 20..24
    CHECK((row_named("ICR").write_one_clears == causes && row_named("ICR").read_clear == causes));
    CHECK((row_named("ICS").write_one_sets == causes && row_named("IMS").write_one_sets == causes));
    CHECK((row_named("IMS").readable == causes && row_named("IMC").readable == 0));
    for (const char* name : {"ICR", "ICS"}) CHECK(row_named(name).readable == (causes | 0x80000000));
    CHECK(reg::IMC::RXT0.mask() == 0x80);
    CHECK(reg::ICR::INT_ASSERTED.mask() == 0x80000000);
    CHECK(read_back("IAM", 0xffffffff) == 0xffffffff);
}

TEST_CASE("the registers are those of the contract, each at its offset and with its reset")
{
    // Name, offset, reset; element 0 of arrays.
    const auto expected = records(R"(
        CTRL 0000 00140241,  STATUS 0008 00080283, CTRL_EXT 0018 0,     VET 0038 8100,         TXCW 0178 0,
        RXCW 0180 0,         SCTL 0024 0,          LEDCTL 0e00 68302,   PBA 1000 00140014,     PBS 1008 28,
        EECD 0010 300,       EERD 0014 2,          EEWR 102c 2,         FLA 001c 0,            MDIC 0020 0,
        EXTCNF_CTRL 0f00 8,  EXTCNF_SIZE 0f08 0,   POEMB 0f10 30d,      EEMNGCTL 1010 80000000, SWSM 5b50 1,
        FWSM 5b54 0,         SW_FW_SYNC 5b5c 0,    ICR 00c0 0,          ICS 00c8 0,            IMS 00d0 0,
        IMC 00d8 0,          IAM 00e0 0,           ITR 00c4 0,          EIAC 00dc 0,           IVAR 00e4 0,
        EITR 00e8 0,         PBACLR 5b68 0,        FCAL 0028 0,         FCAH 002c 0,           FCT 0030 0,
        FCTTV 0170 0,        FCRTL 2160 0,         FCRTH 2168 0,        FCRTV 5f40 0,          RCTL 0100 0,
        PSRCTL 2170 40402,   RDBAL 2800 0,         RDBAH 2804 0,        RDLEN 2808 0,          RDH 2810 0,
        RDT 2818 0,          RDTR 2820 0,          RXDCTL 2828 10000,   RADV 282c 0,           RSRPD 2c00 0,
        RAID 2c08 0,         CPUVEC 2c10 0,        ERT 2008 0,          RDFH 2410 0,           RDFT 2418 0,
        RDFHS 2420 0,        RDFTS 2428 0,         RDFPC 2430 0,        RXCSUM 5000 300,       RFCTL 5008 0,
        MTA 5200 0,          RAL 5400 0,           RAH 5404 0,          VFTA 5600 0,           MRQC 5818 0,
        RETA 5c00 0,         RSSRK 5c80 0,         RSSIM 5864 0,        RSSIR 5868 0,          TCTL 0400 0,
        TCTL_EXT 0404 0,     TIPG 0410 602008,     AIT 0458 0,          TDBAL 3800 0,          TDBAH 3804 0,
        TDLEN 3808 0,        TDH 3810 0,           TDT 3818 0,          TIDV 3820 0,           TXDCTL 3828 0,
        TADV 382c 0,         TARC 3840 403,        TDFH 3410 600,       TDFT 3418 600,         TDFHS 3420 600,
        TDFTS 3428 600,      TDFPC 3430 0,         WUC 5800 0,          WUFC 5808 0,           WUS 5810 0,
        MANC 5820 10000000,  MANC2H 5860 0,        MDEF 5890 0,         GCR 5b00 06800200,     GCR2 5b64 0,
        FACTPS 5b30 20000004, SYSTIML b600 0,      SYSTIMH b604 0,      TIMINCA b608 0,        TIMADJL b60c 0,
        TIMADJH b610 0,      TSYNCTXCTL b614 0,    TXSTMPL b618 0,      TXSTMPH b61c 0,        TSYNCRXCTL b620 0,
        RXSTMPL b624 0,      RXSTMPH b628 0,       RXCFGL b634 88f7,    RXUDP b638 319)");
    for (const Record& line : expected) {
        INFO(line[0]);
        CHECK(reg::offset_named(line[0]) == hex(line[1]));
        CHECK(row_named(line[0]).name == line[0]);
        CHECK(row_named(line[0]).reset == hex(line[2]));
    }
    const auto plain = std::count_if(reg::register_table.begin(), reg::register_table.end(),
                                     [](const reg::RegisterInfo& row) { return !row.is_counter(); });
    CHECK(static_cast<std::size_t>(plain) == expected.size());

    // Name, elements, octets from one to the next.
    for (const Record& line :
         records("RAL 16 8, RAH 16 8, MTA 128 4, VFTA 128 4, RETA 32 4, RSSRK 10 4, EITR 5 4, MDEF 8 4")) {
        INFO(line[0]);
        CHECK(std::to_string(row_named(line[0]).count) == line[1]);
        CHECK(std::to_string(row_named(line[0]).stride) == line[2]);
    }
    for (const char* name :
         {"RDBAL", "RDBAH", "RDLEN", "RDH", "RDT", "RXDCTL", "TDBAL", "TDBAH", "TDLEN", "TDH", "TDT", "TXDCTL", "TARC"})
        CHECK((row_named(name).count == 2 && row_named(name).stride == 0x100));
}

TEST_CASE("only PBA, PBS and FLA survive CTRL.RST")
{
    std::set<std::string_view> survivors;
    for (const reg::RegisterInfo& row : reg::register_table)
        if (row.survives_reset) survivors.insert(row.name);
    CHECK(survivors == std::set<std::string_view>{"FLA", "PBA", "PBS"});
}

TEST_CASE("an offset leads to its register and back")
{
    std::size_t mapped = 0;
    for (std::uint32_t at = 0; at < reg::register_space; at += 4) mapped += reg::find(at) != nullptr ? 1 : 0;
    std::size_t listed = 0;
    for (const reg::RegisterInfo& row : reg::register_table) {
        for (std::uint32_t i = 0; i < row.count; ++i) {
            const std::uint32_t at = row.offset + i * row.stride;
            REQUIRE(reg::find(at) == &row);
            REQUIRE(row.element(at) == i);
            REQUIRE(reg::offset_named(reg::name_at(at)) == at);
        }
        listed += row.count;
    }
    CHECK(mapped == listed);

    CHECK(reg::name_at(0x2818) == "RDT0");
    CHECK(reg::name_at(0x2918) == "RDT1");
    CHECK(reg::name_at(0x547c) == "RAH15");
    CHECK(reg::name_at(0x53fc) == "MTA127");
    CHECK(reg::RDT::at(1) == 0x2918);
    CHECK(reg::RAH::at(15) == 0x547c);
    CHECK(reg::EITR::at(4) == 0x00f8);
    CHECK(reg::RSSRK::at(9) == 0x5ca4);
    CHECK(reg::offset_named("RDT") == 0x2818);
    for (const std::uint32_t hole : {0x000cu, 0x0040u, 0x2802u, 0x281au, 0x1fffcu, 0x20000u, 0xfffffffcu})
        CHECK(reg::find(hole) == nullptr);
    for (const std::string_view name : {"", "RDT2", "RDT01", "RAL16", "RAL-1", "RALx", "CTRL0", "XYZ"})
        CHECK_FALSE(reg::offset_named(name).has_value());
}

TEST_CASE("aliases answer as the registers that older drivers mean")
{
    const std::pair<std::uint32_t, std::uint32_t> aliases[] = {
        {0x0004, 0x0000}, {0x0040, 0x5400}, {0x0044, 0x5404}, {0x00bc, 0x547c}, {0x0108, 0x2820},
        {0x0110, 0x2800}, {0x0114, 0x2804}, {0x0118, 0x2808}, {0x0120, 0x2810}, {0x0128, 0x2818},
        {0x0160, 0x2168}, {0x0168, 0x2160}, {0x0420, 0x3800}, {0x0424, 0x3804}, {0x0428, 0x3808},
        {0x0430, 0x3810}, {0x0438, 0x3818}, {0x0440, 0x3820}, {0x0600, 0x5600}, {0x07fc, 0x57fc}};
    for (const auto& [from, to] : aliases) {
        INFO(std::hex << from);
        CHECK(reg::resolve_alias(from) == to);
        CHECK(reg::find(from) == nullptr);
        CHECK(reg::find(to) != nullptr);
    }
    for (const std::uint32_t own : {0x0000u, 0x00c0u, 0x0100u, 0x0800u, 0x2820u, 0x1fffcu})
        CHECK(reg::resolve_alias(own) == own);
}

TEST_CASE("the counters are those of the contract, each at its offset")
{
    // Offset, name, name in `ethtool -S` or -, and whether it is a pair.
    const auto expected = records(R"(
        4000 CRCERRS rx_crc_errors,      4004 ALGNERRC rx_align_errors,        4008 SYMERRS -,
        400c RXERRC -,                   4010 MPC rx_missed_errors,            4014 SCC tx_single_coll_ok,
        4018 ECOL tx_aborted_errors,     401c MCC tx_multi_coll_ok,            4020 LATECOL tx_abort_late_coll,
        4028 COLC collisions,            4030 DC tx_deferred_ok,               4034 TNCRS tx_carrier_errors,
        4038 SEC -,                      403c CEXTERR -,                       4040 RLEC -,
        4048 XONRXC rx_flow_control_xon, 404c XONTXC tx_flow_control_xon,      4050 XOFFRXC rx_flow_control_xoff,
        4054 XOFFTXC tx_flow_control_xoff, 4058 FCRUC -,                       405c PRC64 -,
        4060 PRC127 -,                   4064 PRC255 -,                        4068 PRC511 -,
        406c PRC1023 -,                  4070 PRC1522 -,                       4074 GPRC rx_packets,
        4078 BPRC rx_broadcast,          407c MPRC rx_multicast,               4080 GPTC tx_packets,
        4088 GORC rx_bytes pair,         4090 GOTC tx_bytes pair,              40a0 RNBC rx_no_buffer_count,
        40a4 RUC rx_short_length_errors, 40a8 RFC -,                           40ac ROC rx_long_length_errors,
        40b0 RJC -,                      40b4 MGTPRC rx_smbus,                 40b8 MGTPDC dropped_smbus,
        40bc MGTPTC tx_smbus,            40c0 TOR - pair,                      40c8 TOT - pair,
        40d0 TPR -,                      40d4 TPT -,                           40d8 PTC64 -,
        40dc PTC127 -,                   40e0 PTC255 -,                        40e4 PTC511 -,
        40e8 PTC1023 -,                  40ec PTC1522 -,                       40f0 MPTC tx_multicast,
        40f4 BPTC tx_broadcast,          40f8 TSCTC tx_tcp_seg_good,           40fc TSCTFC tx_tcp_seg_failed,
        4100 IAC -,                      4104 ICRXPTC -,                       4108 ICRXATC -,
        410c ICTXPTC -,                  4110 ICTXATC -,                       4118 ICTXQEC -,
        411c ICTXQMTC -,                 4120 ICRXDMTC -,                      4124 ICRXOC -)");
    REQUIRE(reg::counter_count == expected.size());
    for (std::size_t i = 0; i < reg::counter_count; ++i) {
        const reg::CounterInfo& info    = reg::counter_table[i];
        const auto              counter = static_cast<reg::Counter>(i);
        const Record&           line    = expected[i];
        const bool              wide    = line.size() == 4;
        INFO(line[1]);
        REQUIRE(info.offset == hex(line[0]));
        CHECK(info.name == line[1]);
        CHECK(info.ethtool == (line[2] == "-" ? "" : line[2]));
        CHECK(info.wide == wide);
        CHECK(reg::counter_named(line[1]) == counter);
        const reg::RegisterInfo& low  = *reg::find(info.offset);
        const reg::RegisterInfo& last = *reg::find(info.offset + (wide ? 4 : 0));  // the one whose read clears
        CHECK((low.counter == counter && last.counter == counter));
        CHECK((low.writable == 0 && last.writable == 0));
        CHECK(low.read_clear == (wide ? 0 : 0xffffffff));
        CHECK(last.read_clear == 0xffffffff);
    }
    CHECK_FALSE(reg::counter_named("GORCL").has_value());
}

TEST_CASE("queue 1 is storage while the engine acts on queue 0")
{
    for (const std::string_view name : {"RDBAL", "RDBAH", "RDLEN", "RDH", "RDT", "RXDCTL"}) {
        const reg::RegisterInfo& row = row_named(name);
        INFO(name);
        CHECK((row.count == 2 && row.stride == 0x100));
        CHECK((row.status_of(0) == reg::Status::engine && row.status_of(1) == reg::Status::storage));
    }
    CHECK(row_named("RAL").status_of(15) == reg::Status::engine);
    CHECK(row_named("TDT").status_of(0) == reg::Status::storage);
}
