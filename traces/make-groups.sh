#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures a mix of ARP, broadcast and multicast: arping, ping and python3 send, tcpdump records, editcap writes pcapng.
# It touches only interfaces, processes and namespaces that it made itself; ends by itself within a minute.
#
# Usage: make-groups.sh [OUTPUT]     default: groups.pcapng beside this script
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/groups.pcapng}
script=make-groups.sh
source "$here/capture.sh"
package+=([arping]=iputils-arping [ping]=iputils-ping [python3]=python3 [editcap]=wireshark-common)
begin
record

# ping6 wants an address that is ready; Linux first makes sure for a second that nobody else has it.
link_local() { (inside "$server" ip -6 address show dev eth0 | grep 'scope link' | grep -qv tentative); }
await "an IPv6 address" link_local

# What a host hears in a quiet network. $1 is the highest exit code that is right: arping and ping end with 1 where
# nobody answers.
at_server() {
    local worst=$1 code=0; shift
    (inside "$server" "$@") >>"$work/senders.log" 2>&1 || code=$?
    ((code <= worst)) || die "$1 ended with $code: $(tail -n 1 "$work/senders.log")"
}
at_server 0 ping -c 5 -i 0.05 "$client_ip"              # unicast, after an ARP request
at_server 1 ping -b -c 10 -i 0.05 192.0.2.255           # directed broadcast, which Linux does not answer
at_server 0 ping -6 -c 10 -i 0.05 ff02::1%eth0          # all nodes, 33:33:00:00:00:01
arping=()
at_server 0 arping -b -c 5 -I eth0 "$client_ip" &       # requests that stay broadcast; one a second, so all at once
arping+=("$!")
at_server 1 arping -U -c 3 -I eth0 "$server_ip" &       # gratuitous requests
arping+=("$!")
at_server 1 arping -A -c 3 -I eth0 "$server_ip" &       # gratuitous answers
arping+=("$!")
for last in {101..104}; do
    at_server 1 arping -c 5 -I eth0 "192.0.2.$last" &   # requests for nobody
    arping+=("$!")
done
for id in "${arping[@]}"; do wait "$id" || exit 2; done

# Datagrams to groups: address, port, how many, octets. 239.1.2.3 and 239.9.2.3 end in the same two octets; 239.1.2.20
# does not.
cat >"$work/groups.py" <<'PY'
import socket
import sys
import time

sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(sys.argv[1]))
sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sender.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")   # to all stations there: no route needed
for group, port, count, octets in (("239.1.2.3", 5000, 100, 1316), ("239.9.2.3", 5000, 40, 1316),
                                   ("239.1.2.20", 5000, 60, 500), ("224.0.0.251", 5353, 20, 120),
                                   ("239.255.255.250", 1900, 20, 200), ("255.255.255.255", 6000, 30, 300)):
    for number in range(count):
        sender.sendto(number.to_bytes(2, "big").ljust(octets, b"."), (group, port))
        time.sleep(0.001)
PY
at_server 0 python3 "$work/groups.py" "$server_ip"
stop_recording
editcap -F pcapng "$work/cable.pcap" "$work/cable.pcapng"
publish "$work/cable.pcapng" "$output"
