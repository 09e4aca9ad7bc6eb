#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures three microbursts, half a second apart: python3 sends 200, 400 and 800 datagrams as fast as it can, tcpdump
# records. Never touches an interface, process or namespace that it did not make itself; ends by itself within a minute.
#
# Usage: make-microburst.sh [OUTPUT]     default: microburst.pcap beside this script
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/microburst.pcap}
script=make-microburst.sh
source "$here/capture.sh"
package+=([python3]=python3)
begin
quiet_cable
record

# A datagram of 18 octets is a frame of 60, so 64 with its FCS: the shortest there is. The receiver keeps Linux from
# answering that nobody listens.
cat >"$work/receive.py" <<'PY'
import socket
import sys

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
receiver.bind((sys.argv[1], 5000))
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    receiver.recv(64)
PY
cat >"$work/send.py" <<'PY'
import socket
import sys
import time

sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.connect((sys.argv[1], 5000))
begin, number = time.monotonic(), 0
for position, length in enumerate(map(int, sys.argv[2:])):
    frames = [(number + i).to_bytes(4, "big").ljust(18, b".") for i in range(length)]
    number += length
    time.sleep(max(0.0, begin + position / 2 - time.monotonic()))
    for frame in frames:
        sender.send(frame)
PY
bursts=(200 400 800)
inside "$client" python3 "$work/receive.py" "$client_ip" 1400 >"$work/receive.log" 2>&1 &
receiver=$!
processes+=("$receiver")
await "the receiver" grep -q '^ready' "$work/receive.log"
(inside "$server" python3 "$work/send.py" "$client_ip" "${bursts[@]}")
wait "$receiver" || die "not every datagram arrived"
stop_recording
publish "$work/cable.pcap" "$output" "all 1,400 datagrams arrived"
