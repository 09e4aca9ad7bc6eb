// SPDX-License-Identifier: Apache-2.0
// Holds the Linux names to e1000e's arithmetic (contract B.7), written down here once more, by the registers' names.
// Each register holds a power of two of its own, so that no two mappings look alike.
#include "testbench/counters/linux_views.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "testbench/counters/linux_names.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

using Registers = std::vector<std::string>;
using Formulas  = std::map<std::string, Registers>;

/// What a name adds up; the names that are missing are software's or never written, so 0.
const Formulas ethtool_formulas{
    {"rx_packets", {"GPRC"}},
    {"rx_bytes", {"GORC"}},
    {"rx_broadcast", {"BPRC"}},
    {"rx_multicast", {"MPRC"}},
    {"multicast", {"MPRC"}},
    {"rx_errors", {"RXERRC", "CRCERRS", "ALGNERRC", "RUC", "ROC", "CEXTERR"}},
    {"rx_length_errors", {"RUC", "ROC"}},
    {"rx_short_length_errors", {"RUC"}},
    {"rx_long_length_errors", {"ROC"}},
    {"rx_crc_errors", {"CRCERRS"}},
    {"rx_frame_errors", {"ALGNERRC"}},
    {"rx_align_errors", {"ALGNERRC"}},
    {"rx_missed_errors", {"MPC"}},
    {"rx_no_buffer_count", {"RNBC"}},
    {"rx_flow_control_xon", {"XONRXC"}},
    {"rx_flow_control_xoff", {"XOFFRXC"}},
    {"rx_smbus", {"MGTPRC"}},
    {"dropped_smbus", {"MGTPDC"}},
    {"tx_packets", {"GPTC"}},
    {"tx_bytes", {"GOTC"}},
    {"tx_broadcast", {"BPTC"}},
    {"tx_multicast", {"MPTC"}},
    {"tx_errors", {"ECOL", "LATECOL"}},
    {"tx_aborted_errors", {"ECOL"}},
    {"tx_window_errors", {"LATECOL"}},
    {"tx_abort_late_coll", {"LATECOL"}},
    {"tx_deferred_ok", {"DC"}},
    {"tx_single_coll_ok", {"SCC"}},
    {"tx_multi_coll_ok", {"MCC"}},
    {"collisions", {"COLC"}},
    {"tx_flow_control_xon", {"XONTXC"}},
    {"tx_flow_control_xoff", {"XOFFTXC"}},
    {"tx_tcp_seg_good", {"TSCTC"}},
    {"tx_tcp_seg_failed", {"TSCTFC"}},
    {"tx_smbus", {"MGTPTC"}},
};

/// rtnl_link_stats64 under iproute2's names. dropped, over_errors and fifo_errors are never written by e1000e.
const Formulas netdev_formulas{
    {"rx.packets", {"GPRC"}},
    {"rx.bytes", {"GORC"}},
    {"rx.multicast", {"MPRC"}},
    {"rx.errors", {"RXERRC", "CRCERRS", "ALGNERRC", "RUC", "ROC", "CEXTERR"}},
    {"rx.length_errors", {"RUC", "ROC"}},
    {"rx.crc_errors", {"CRCERRS"}},
    {"rx.frame_errors", {"ALGNERRC"}},
    {"rx.missed_errors", {"MPC"}},
    {"tx.packets", {"GPTC"}},
    {"tx.bytes", {"GOTC"}},
    {"tx.collisions", {"COLC"}},
    {"tx.errors", {"ECOL", "LATECOL"}},
    {"tx.aborted_errors", {"ECOL"}},
    {"tx.window_errors", {"LATECOL"}},
};

/// Register number n of the table holds 2^n.
RegisterTotals distinct_registers()
{
    static_assert(reg::counter_table.size() <= 64);
    RegisterTotals totals{};
    for (std::size_t i = 0; i < totals.size(); ++i) totals[i] = std::uint64_t{1} << i;
    return totals;
}

std::uint64_t sum_of(const RegisterTotals& totals, const Registers& names)
{
    std::uint64_t sum = 0;
    for (const std::string& name : names) {
        const auto value = register_value(totals, name);
        REQUIRE(value);
        sum += *value;
    }
    return sum;
}

/// The names whose value is not what the formulas say.
template <class Names, class View>
std::vector<std::string> wrong_names(const Names& names, const Formulas& formulas, View view)
{
    const RegisterTotals     totals = distinct_registers();
    std::vector<std::string> wrong;
    for (const auto& [name, registers] : formulas)
        if (std::find(names.begin(), names.end(), name) == names.end()) wrong.push_back(name + " does not exist");
    for (const std::string_view name : names) {
        const auto formula = formulas.find(std::string{name});
        const auto right   = formula == formulas.end() ? 0 : sum_of(totals, formula->second);
        if (view(totals, name) != right) wrong.emplace_back(name);
    }
    return wrong;
}

template <class Names, class View>
void hold_to(const Names& names, const Formulas& formulas, View view)
{
    CHECK(wrong_names(names, formulas, view) == std::vector<std::string>{});

    // The broken twin: a formula with another register must be noticed, whichever it is.
    for (const auto& [name, registers] : formulas) {
        Formulas twin = formulas;
        twin[name].push_back("TPR");
        CHECK(wrong_names(names, twin, view) == std::vector<std::string>{name});
        twin[name] = {};
        CHECK(wrong_names(names, twin, view) == std::vector<std::string>{name});
    }
}

}  // namespace

TEST_CASE("every name of ethtool -S is the sum of registers that e1000e makes", "[linux_views]")
{
    STATIC_REQUIRE(ethtool_names.size() == 53);
    hold_to(ethtool_names, ethtool_formulas, ethtool_value);
}

TEST_CASE("every name of ip -s -s link is the sum of registers that e1000e makes", "[linux_views]")
{
    STATIC_REQUIRE(netdev_names.size() == 22);
    hold_to(netdev_names, netdev_formulas, netdev_value);
}

TEST_CASE("every statistics register is found by its name", "[linux_views]")
{
    const RegisterTotals totals = distinct_registers();
    std::uint64_t        all    = 0;
    for (const reg::CounterInfo& counter : reg::counter_table) {
        const auto value = register_value(totals, counter.name);
        REQUIRE(value);
        CHECK((all & *value) == 0);
        all |= *value;
    }
    CHECK(all == (~std::uint64_t{0} >> (64 - reg::counter_table.size())));
}

TEST_CASE("the register map names the same ethtool counter as the views, where one register makes one", "[linux_views]")
{
    for (const reg::CounterInfo& counter : reg::counter_table) {
        // tx_carrier_errors is fed by TNCRS on other devices; on an 82574 e1000e does not read it.
        if (counter.ethtool.empty() || counter.name == "TNCRS") continue;
        INFO(counter.name << " " << counter.ethtool);
        const auto formula = ethtool_formulas.find(std::string{counter.ethtool});
        REQUIRE(formula != ethtool_formulas.end());
        CHECK(formula->second == Registers{std::string{counter.name}});
    }
}

TEST_CASE("a name that nobody has is no counter", "[linux_views]")
{
    const RegisterTotals totals = distinct_registers();
    for (const char* name : {"", "rx_dropped", "rx_fifo_errors", "RX_PACKETS", "rx_packets ", "rx.packets", "GPRC"})
        CHECK_FALSE(ethtool_value(totals, name));
    for (const char* name : {"", "rx", "packets", "rx_packets", "rx.nohandler"})
        CHECK_FALSE(netdev_value(totals, name));
    for (const char* name : {"", "GORCL", "gprc", "RDT"}) CHECK_FALSE(register_value(totals, name));
}
