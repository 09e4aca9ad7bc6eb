#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures one HTTP download between two network namespaces of its own: nginx serves, curl fetches, tcpdump records.
# Never touches an interface, process or namespace that it did not make itself; ends by itself within a minute.
#
# Usage: make-web.sh [OUTPUT]     default: web.pcap beside this script
set -euo pipefail

output=${1:-$(cd "$(dirname "$0")" && pwd)/web.pcap}
server_mac=02:00:c0:00:02:01 server_ip=192.0.2.1   # locally administered; RFC 5737 documentation network
client_mac=02:00:c0:00:02:02 client_ip=192.0.2.2
lines=20000
content_sha256=4f454b555525112c9fe4a0d42deca04c0007eadef7461dba74eaa5310e361f44
step_limit=50   # seconds; also ends what a killed script could not

die() { echo "make-web.sh: $*" >&2; exit 2; }

declare -A package=([ip]=iproute2 [tc]=iproute2 [ethtool]=ethtool [tcpdump]=tcpdump [nginx]=nginx-light [curl]=curl
                    [timeout]=coreutils [sha256sum]=coreutils [seq]=coreutils [mktemp]=coreutils)
missing=()
PATH=$PATH:/usr/sbin:/sbin
for tool in "${!package[@]}"; do
    command -v "$tool" >/dev/null || missing+=("$tool (package ${package[$tool]})")
done
((${#missing[@]} == 0)) || die "missing: $(printf '%s, ' "${missing[@]}" | sed 's/, $//')"
((EUID == 0)) || die "needs root, to make network namespaces"

work=$(mktemp -d)
server=overrun-web-server-$$
client=overrun-web-client-$$
namespaces=() processes=()

cleanup() {
    local id name
    for id in "${processes[@]}"; do kill "$id" 2>/dev/null || true; done
    for id in "${processes[@]}"; do wait "$id" 2>/dev/null || true; done
    for name in "${namespaces[@]}"; do ip netns del "$name" 2>/dev/null || true; done   # takes its veth end along
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Runs a command in a namespace, until `step_limit` at most. Replaces the shell, so that `&` gives the id to stop.
inside() { local name=$1; shift; exec timeout "$step_limit" ip netns exec "$name" "$@"; }

# Waits up to ten seconds for a condition.
await() {
    local what=$1; shift
    for _ in {1..100}; do "$@" 2>/dev/null && return; sleep 0.1; done
    die "gave up waiting for $what"
}

# 1. What is served: the same octets every time.
mkdir "$work/root"
seq -f 'Line %06.0f of the file that traces/make-web.sh serves.' "$lines" >"$work/root/lines.txt"
touch -d @0 "$work/root/lines.txt"
[[ $(sha256sum <"$work/root/lines.txt") == "$content_sha256  -" ]] || die "the served file came out different"

# 2. Two namespaces and a cable. Both ends are born inside, so the host's own network never sees them.
for name in "$server" "$client"; do
    namespaces+=("$name")   # first, so that an interrupt right after the next line leaves nothing behind
    ip netns add "$name" || die "cannot make network namespace $name"
    ip -n "$name" link set lo up
done
ip -n "$server" link add eth0 address "$server_mac" type veth peer name eth0 address "$client_mac" netns "$client"
ip -n "$server" address add "$server_ip/24" dev eth0
ip -n "$client" address add "$client_ip/24" dev eth0
for name in "$server" "$client"; do   # frames as on a wire: cut to the MTU, checksums filled in
    (inside "$name" ethtool -K eth0 tx off rx off sg off tso off gso off gro off lro off) >/dev/null 2>&1 || true
    features=$(inside "$name" ethtool -k eth0)
    for feature in tx-checksumming tcp-segmentation-offload generic-segmentation-offload generic-receive-offload; do
        grep -q "^$feature: off" <<<"$features" || die "cannot switch off $feature on the veth pair"
    done
done
# 24 octets a frame beyond what the kernel counts: preamble, FCS, gap. So the times fit a 1 Gb/s wire.
for name in "$server" "$client"; do
    tc -n "$name" qdisc add dev eth0 root tbf rate 1gbit overhead 24 burst 3200 limit 4mb 2>/dev/null ||
        echo "make-web.sh: this kernel has no tbf: frames will come faster than 1 Gb/s" >&2
done

# 3. Record at the client, from before the link comes up.
ip -n "$client" link set eth0 up
inside "$client" tcpdump -Z root -i eth0 -n -s 0 --time-stamp-precision=nano -w "$work/web.pcap" 2>"$work/tcpdump.log" &
processes+=($!)
await "tcpdump" grep -q '^tcpdump: listening' "$work/tcpdump.log"
ip -n "$server" link set eth0 up

# 4. Serve. No version in the answers, nothing written outside the work folder.
cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/error.log;
events {}
http {
    access_log off;
    server_tokens off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    server { listen $server_ip:80; root $work/root; default_type text/plain; }
}
CONF
inside "$server" nginx -c "$work/nginx.conf" -e "$work/error.log" 2>"$work/nginx.log" &
processes+=($!)
answers() { (inside "$server" bash -c "exec 3<>/dev/tcp/$server_ip/80"); }   # by way of lo, not of the cable
await "nginx" answers

# 5. Fetch, let the last frames reach the file, stop recording.
(inside "$client" curl --fail --silent --show-error --noproxy '*' --max-time 20 --user-agent curl \
    --output "$work/got" "http://$server_ip/lines.txt")
cmp "$work/root/lines.txt" "$work/got" || die "the download differs from the file"
sleep 2
kill "${processes[0]}"
wait "${processes[0]}" || true
unset 'processes[0]'   # its id may soon be another's
grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" ||
    die "tcpdump lost frames: $(tail -n 1 "$work/tcpdump.log")"
(($(stat -c %s "$work/web.pcap") < 2000000)) || die "the capture is larger than 2 MB"

cp "$work/web.pcap" "$output.part"
mv "$output.part" "$output"
echo "$output: $(stat -c %s "$output") octets, download right (sha256 $content_sha256)"
echo "Every run gives other acknowledgements, so other counters: README.md says how to count them for web.toml."
