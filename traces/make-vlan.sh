#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures a trunk: VLANs 10, 20 and 30 and untagged frames on one cable; iperf3 and ping send, tcpdump records.
# It touches only interfaces, processes and namespaces that it made itself; ends by itself within a minute.
#
# Usage: make-vlan.sh [OUTPUT]     default: vlan.pcap beside this script
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/vlan.pcap}
script=make-vlan.sh
source "$here/capture.sh"
package+=([iperf3]=iperf3 [ping]=iputils-ping [python3]=python3)
begin

# Sub-interfaces eth0.VLAN at both ends, 198.51.100.0/24 (RFC 5737) in parts of 64 addresses. Each is one end of a veth
# pair whose other end trunk.py joins to the cable, because not every kernel has 802.1Q.
priority=([10]=0 [20]=5 [30]=3)
declare -A mac=([$server]=$server_mac [$client]=$client_mac) host=([$server]=1 [$client]=2)
subnet() { echo "198.51.100.$((($1 / 10 - 1) * 64 + $2))"; }   # VLAN, host
for name in "$server" "$client"; do
    for vlan in "${!priority[@]}"; do
        ip -n "$name" link add "eth0.$vlan" address "${mac[$name]}" type veth peer name "tag$vlan"
        ip -n "$name" address add "$(subnet "$vlan" "${host[$name]}")/26" brd + dev "eth0.$vlan"
        without_offloads "$name" "eth0.$vlan"
        without_offloads "$name" "tag$vlan"
        (inside "$name" bash -c "echo 1 >/proc/sys/net/ipv6/conf/tag$vlan/disable_ipv6") 2>/dev/null || true
        ip -n "$name" link set "tag$vlan" up
    done
done
record
for name in "$server" "$client"; do
    ports=()
    for vlan in "${!priority[@]}"; do ports+=("tag$vlan:$vlan:${priority[$vlan]}"); done
    inside "$name" python3 "$here/trunk.py" eth0 "${ports[@]}" >"$work/trunk-$name.log" 2>&1 &
    processes+=("$!")
    await "trunk.py" grep -q '^trunk' "$work/trunk-$name.log"
    for vlan in "${!priority[@]}"; do ip -n "$name" link set "eth0.$vlan" up; done
done

inside "$server" iperf3 --server --one-off --bind "$(subnet 10 1)" >"$work/server.log" 2>&1 &
processes+=("$!")
await "iperf3" listens "$server" 5201

at_server() { (inside "$server" "$@") >>"$work/senders.log" 2>&1 || die "$1: $(tail -n 1 "$work/senders.log")"; }
at_server ping -c 10 -i 0.02 "$client_ip"                    # untagged
(inside "$client" iperf3 --client "$(subnet 10 1)" --reverse --bytes 200000 --length 1448 --repeating-payload) \
    >"$work/client.log" 2>&1 || die "iperf3: $(tail -n 1 "$work/client.log")"
at_server ping -c 50 -i 0.01 "$(subnet 20 2)"
at_server ping -c 40 -i 0.01 -s 500 "$(subnet 30 2)"
stop_recording
publish "$work/cable.pcap" "$output" "$(grep 'receiver$' "$work/client.log")"
