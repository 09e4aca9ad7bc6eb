#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Counts with tshark and awk what a NIC's counters must say when it takes the frames that a display filter names.
# It does not use the simulator. Right where no frame carries its FCS and none is cut; it refuses others.
#
# Usage: count.sh CAPTURE DISPLAY-FILTER
set -euo pipefail

(($# == 2)) || { echo "usage: count.sh CAPTURE DISPLAY-FILTER" >&2; exit 2; }
command -v tshark >/dev/null || { echo "count.sh: missing: tshark (package tshark)" >&2; exit 2; }
fields() { tshark -r "$1" "${@:2}" 2>/dev/null; }   # as root it warns of that

with_fcs=$(fields "$1" -o eth.fcs:Always -o eth.check_fcs:TRUE -Y 'eth.fcs.status == 1' | wc -l)
cut_short=$(fields "$1" -Y 'frame.cap_len < frame.len' | wc -l)
((with_fcs == 0 && cut_short == 0)) ||
    { echo "count.sh: $1: $with_fcs frames carry their FCS, $cut_short are cut: not for this script" >&2; exit 2; }
echo "offered $(fields "$1" -T fields -e frame.number | wc -l), padded to 60 octets" \
    "$(fields "$1" -Y 'frame.len < 60' -T fields -e frame.number | wc -l)"

# On the wire a frame is as long as in the file, at least 60 octets, and 4 for the FCS.
fields "$1" -Y "$2" -T fields -e frame.len -e eth.dst | awk '
    { l = ($1 < 60 ? 60 : $1) + 4; frames++; octets += l
      b = l == 64 ? 64 : l < 128 ? 127 : l < 256 ? 255 : l < 512 ? 511 : l < 1024 ? 1023 : 1522; n[b]++
      if ($2 == "ff:ff:ff:ff:ff:ff") broadcast++; else if ($2 ~ /^.[13579bdf]/) multicast++ }
    END { printf "GPRC %d GORC %d BPRC %d MPRC %d", frames, octets, broadcast, multicast
          printf " PRC64 %d PRC127 %d PRC255 %d", n[64], n[127], n[255]
          printf " PRC511 %d PRC1023 %d PRC1522 %d\n", n[511], n[1023], n[1522] }'
