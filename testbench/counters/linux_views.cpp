// SPDX-License-Identifier: Apache-2.0
// e1000e's arithmetic as one table: each Linux name is a sum of registers.
// A name that no register feeds is 0, as on a real e1000e.
#include "testbench/counters/linux_views.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

#include "testbench/counters/linux_names.hpp"

namespace overrun {

namespace {

using reg::Counter;

struct Sum {
    std::string_view       name;
    std::array<Counter, 6> counters;
    std::size_t            count;

    constexpr Sum(std::string_view name_, std::initializer_list<Counter> list)
        : name{name_}, counters{}, count{list.size()}
    {
        std::copy(list.begin(), list.end(), counters.begin());
    }
};

constexpr std::array ethtool_sums{
    Sum{"rx_packets", {Counter::GPRC}},
    Sum{"tx_packets", {Counter::GPTC}},
    Sum{"rx_bytes", {Counter::GORC}},
    Sum{"tx_bytes", {Counter::GOTC}},
    Sum{"rx_broadcast", {Counter::BPRC}},
    Sum{"tx_broadcast", {Counter::BPTC}},
    Sum{"rx_multicast", {Counter::MPRC}},
    Sum{"tx_multicast", {Counter::MPTC}},
    Sum{"rx_errors",
        {Counter::RXERRC, Counter::CRCERRS, Counter::ALGNERRC, Counter::RUC, Counter::ROC, Counter::CEXTERR}},
    Sum{"tx_errors", {Counter::ECOL, Counter::LATECOL}},
    Sum{"multicast", {Counter::MPRC}},
    Sum{"collisions", {Counter::COLC}},
    Sum{"rx_length_errors", {Counter::RUC, Counter::ROC}},
    Sum{"rx_crc_errors", {Counter::CRCERRS}},
    Sum{"rx_frame_errors", {Counter::ALGNERRC}},
    Sum{"rx_no_buffer_count", {Counter::RNBC}},
    Sum{"rx_missed_errors", {Counter::MPC}},
    Sum{"tx_aborted_errors", {Counter::ECOL}},
    Sum{"tx_window_errors", {Counter::LATECOL}},
    Sum{"tx_abort_late_coll", {Counter::LATECOL}},
    Sum{"tx_deferred_ok", {Counter::DC}},
    Sum{"tx_single_coll_ok", {Counter::SCC}},
    Sum{"tx_multi_coll_ok", {Counter::MCC}},
    Sum{"rx_long_length_errors", {Counter::ROC}},
    Sum{"rx_short_length_errors", {Counter::RUC}},
    Sum{"rx_align_errors", {Counter::ALGNERRC}},
    Sum{"tx_tcp_seg_good", {Counter::TSCTC}},
    Sum{"tx_tcp_seg_failed", {Counter::TSCTFC}},
    Sum{"rx_flow_control_xon", {Counter::XONRXC}},
    Sum{"rx_flow_control_xoff", {Counter::XOFFRXC}},
    Sum{"tx_flow_control_xon", {Counter::XONTXC}},
    Sum{"tx_flow_control_xoff", {Counter::XOFFTXC}},
    Sum{"tx_smbus", {Counter::MGTPTC}},
    Sum{"rx_smbus", {Counter::MGTPRC}},
    Sum{"dropped_smbus", {Counter::MGTPDC}},
};

/// iproute2's name and the ethtool name with the same arithmetic; those left out are never written by e1000e.
struct NetdevName {
    std::string_view netdev;
    std::string_view ethtool;
};

constexpr std::array netdev_as_ethtool{
    NetdevName{"rx.bytes", "rx_bytes"},
    NetdevName{"rx.packets", "rx_packets"},
    NetdevName{"rx.errors", "rx_errors"},
    NetdevName{"rx.multicast", "multicast"},
    NetdevName{"rx.length_errors", "rx_length_errors"},
    NetdevName{"rx.crc_errors", "rx_crc_errors"},
    NetdevName{"rx.frame_errors", "rx_frame_errors"},
    NetdevName{"rx.missed_errors", "rx_missed_errors"},
    NetdevName{"tx.bytes", "tx_bytes"},
    NetdevName{"tx.packets", "tx_packets"},
    NetdevName{"tx.errors", "tx_errors"},
    NetdevName{"tx.collisions", "collisions"},
    NetdevName{"tx.aborted_errors", "tx_aborted_errors"},
    NetdevName{"tx.window_errors", "tx_window_errors"},
};

}  // namespace

std::optional<std::uint64_t> register_value(const RegisterTotals& totals, std::string_view name)
{
    const auto counter = reg::counter_named(name);
    if (!counter) return std::nullopt;
    return totals[static_cast<std::size_t>(*counter)];
}

std::optional<std::uint64_t> ethtool_value(const RegisterTotals& totals, std::string_view name)
{
    if (std::find(ethtool_names.begin(), ethtool_names.end(), name) == ethtool_names.end()) return std::nullopt;
    std::uint64_t value = 0;
    for (const Sum& sum : ethtool_sums)
        if (sum.name == name)
            for (const Counter counter : std::span{sum.counters}.first(sum.count))
                value += totals[static_cast<std::size_t>(counter)];
    return value;
}

std::optional<std::uint64_t> netdev_value(const RegisterTotals& totals, std::string_view name)
{
    if (std::find(netdev_names.begin(), netdev_names.end(), name) == netdev_names.end()) return std::nullopt;
    for (const NetdevName& row : netdev_as_ethtool)
        if (row.netdev == name) return ethtool_value(totals, row.ethtool);
    return 0;
}

}  // namespace overrun
