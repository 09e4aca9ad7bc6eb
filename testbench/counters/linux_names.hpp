// SPDX-License-Identifier: Apache-2.0
// Linux's names of counters: those of `ethtool -S` for e1000e and those of `ip -j -s -s link`, in their order.
// What each counts is in docs/counters.md.
#pragma once

#include <array>
#include <string_view>

namespace overrun {

/// `ethtool -S` of Linux's e1000e driver.
inline constexpr std::array<std::string_view, 53> ethtool_names{
    "rx_packets",
    "tx_packets",
    "rx_bytes",
    "tx_bytes",
    "rx_broadcast",
    "tx_broadcast",
    "rx_multicast",
    "tx_multicast",
    "rx_errors",
    "tx_errors",
    "tx_dropped",
    "multicast",
    "collisions",
    "rx_length_errors",
    "rx_over_errors",
    "rx_crc_errors",
    "rx_frame_errors",
    "rx_no_buffer_count",
    "rx_missed_errors",
    "tx_aborted_errors",
    "tx_carrier_errors",
    "tx_fifo_errors",
    "tx_heartbeat_errors",
    "tx_window_errors",
    "tx_abort_late_coll",
    "tx_deferred_ok",
    "tx_single_coll_ok",
    "tx_multi_coll_ok",
    "tx_timeout_count",
    "tx_restart_queue",
    "rx_long_length_errors",
    "rx_short_length_errors",
    "rx_align_errors",
    "tx_tcp_seg_good",
    "tx_tcp_seg_failed",
    "rx_flow_control_xon",
    "rx_flow_control_xoff",
    "tx_flow_control_xon",
    "tx_flow_control_xoff",
    "rx_csum_offload_good",
    "rx_csum_offload_errors",
    "rx_header_split",
    "alloc_rx_buff_failed",
    "tx_smbus",
    "rx_smbus",
    "dropped_smbus",
    "rx_dma_failed",
    "tx_dma_failed",
    "rx_hwtstamp_cleared",
    "uncorr_ecc_errors",
    "corr_ecc_errors",
    "tx_hwtstamp_timeouts",
    "tx_hwtstamp_skipped",
};

/// The members of `stats64` in iproute2's JSON, as "rx.bytes".
inline constexpr std::array<std::string_view, 22> netdev_names{
    "rx.bytes",           "rx.packets",       "rx.errors",
    "rx.dropped",         "rx.over_errors",   "rx.multicast",
    "rx.length_errors",   "rx.crc_errors",    "rx.frame_errors",
    "rx.fifo_errors",     "rx.missed_errors", "tx.bytes",
    "tx.packets",         "tx.errors",        "tx.dropped",
    "tx.carrier_errors",  "tx.collisions",    "tx.aborted_errors",
    "tx.fifo_errors",     "tx.window_errors", "tx.heartbeat_errors",
    "tx.carrier_changes",
};

}  // namespace overrun
