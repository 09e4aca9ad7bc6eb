#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures bulk TCP to the client: iperf3 sends 500,000 octets on each of two connections, tcpdump records.
# It touches only interfaces, processes and namespaces that it made itself; ends by itself within a minute.
#
# Usage: make-bulk-tcp.sh [OUTPUT]     default: bulk-tcp.pcap beside this script
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/bulk-tcp.pcap}
script=make-bulk-tcp.sh
source "$here/capture.sh"
package+=([iperf3]=iperf3)
begin
record

inside "$server" iperf3 --server --one-off --bind "$server_ip" >"$work/server.log" 2>&1 &
processes+=("$!")
await "iperf3" listens "$server" 5201

# The client asks the server to send (--reverse): so the long frames come to the NIC that records. Blocks of one frame
# stop the sender close to where it should; what is on its way then still comes, so the number of frames varies.
(inside "$client" iperf3 --client "$server_ip" --reverse --parallel 2 --bytes 500000 --length 1448 \
    --repeating-payload) >"$work/client.log" 2>&1 || die "iperf3: $(tail -n 1 "$work/client.log")"
grep -q 'receiver$' "$work/client.log" || die "iperf3 says nothing of what was received"
stop_recording
publish "$work/cable.pcap" "$output" "$(grep 'SUM.*receiver$' "$work/client.log")"
