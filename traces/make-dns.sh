#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures 1,200 small UDP queries to a server: four dig processes ask dnsmasq, tcpdump records, gzip packs.
# It touches only interfaces, processes and namespaces that it made itself; ends by itself within a minute.
#
# Usage: make-dns.sh [OUTPUT]     default: dns.pcap.gz beside this script
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/dns.pcap.gz}
script=make-dns.sh
source "$here/capture.sh"
package+=([dnsmasq]=dnsmasq-base [dig]=bind9-dnsutils [gzip]=gzip [awk]=mawk [seq]=coreutils)
askers=4 names=300
begin

# A zone of our own (RFC 2606) and no other server to ask: the same names and addresses every time.
seq -f 'host-%03.0f' 1 "$names" | while read -r name; do
    echo "host-record=$name.example.com,198.51.100.$((10#${name#host-} % 254 + 1))"
done >"$work/zone.conf"
for asker in $(seq "$askers"); do
    seq -f 'host-%03.0f.example.com' "$names" |
        awk -v asker="$asker" '{ print $0, NR % 4 == asker % 4 ? "AAAA" : "A" }' >"$work/asks-$asker"
done

record
start "$server" dnsmasq --no-daemon --conf-file="$work/zone.conf" --no-resolv --no-hosts --no-poll --user=root \
    --pid-file= --listen-address="$server_ip" --bind-interfaces --local=/example.com/ --cache-size=1000
# By way of lo, not of the cable.
serves() { (inside "$server" dig "@$server_ip" +short +time=1 +tries=1 host-001.example.com | grep -q '^198'); }
await "dnsmasq" serves

# No cookie and no EDNS: a query is its name and 34 octets more from each client.
asking=()
for asker in $(seq "$askers"); do
    inside "$client" dig "@$server_ip" +nocookie +noedns +time=5 +tries=1 -f "$work/asks-$asker" \
        >"$work/answers-$asker" &
    asking+=("$!")
done
processes+=("${asking[@]}")
for id in "${asking[@]}"; do wait "$id" || die "dig got no answer"; done
answered=$(cat "$work"/answers-* | grep -c 'status: NOERROR') || true
((answered == askers * names)) || die "$answered answers to $((askers * names)) queries"
stop_recording
gzip --best --no-name "$work/cable.pcap"
publish "$work/cable.pcap.gz" "$output" "$answered queries answered"
