# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What every make-*.sh here shares: two network namespaces, a cable between them, a recorder, and the removal of it all.
# It touches only interfaces, processes and namespaces that it made itself. Source it; it is no command.
#
# The sourcing script names itself (`script`) and its tools (`package[TOOL]=DEBIAN-PACKAGE`), then calls `begin`.
# Afterwards there are: $work, a folder that goes away; $server and $client, namespaces whose eth0 are the two ends of a
# cable, with addresses and without link; and the functions below.

server_mac=02:00:c0:00:02:01 server_ip=192.0.2.1   # locally administered; RFC 5737 documentation network
client_mac=02:00:c0:00:02:02 client_ip=192.0.2.2
step_limit=50   # seconds; also ends what a killed script could not
namespaces=() processes=()
declare -A package=([ip]=iproute2 [tc]=iproute2 [ethtool]=ethtool [tcpdump]=tcpdump [timeout]=coreutils
                    [mktemp]=coreutils)

# shellcheck disable=SC2154  # the sourcing script names itself
die() { echo "$script: $*" >&2; exit 2; }

cleanup() {
    local id name
    for id in "${processes[@]}"; do kill "$id" 2>/dev/null || true; done
    for id in "${processes[@]}"; do wait "$id" 2>/dev/null || true; done
    for name in "${namespaces[@]}"; do ip netns del "$name" 2>/dev/null || true; done   # takes its veth end along
    rm -rf "$work"
}

# Runs a command in a namespace, until `step_limit` at most. Replaces the shell, so that `&` gives the id to stop.
inside() { local name=$1; shift; exec timeout "$step_limit" ip netns exec "$name" "$@"; }

# Waits up to ten seconds for a condition.
await() {
    local what=$1; shift
    for _ in {1..100}; do "$@" 2>/dev/null && return; sleep 0.1; done
    die "gave up waiting for $what"
}

# A condition for `await`: a TCP port of the server answers. By way of lo, not of the cable.
answers() { (inside "$server" bash -c "exec 3<>/dev/tcp/$1/$2"); }

# A condition for `await`: a namespace listens at a TCP port. Connects nowhere, for programs that serve one client only.
listens() { (inside "$1" grep -q "$(printf ':%04X [0-9A-F:]* 0A ' "$2")" /proc/net/tcp); }

# Frames as on a wire: cut to the MTU, checksums filled in.
without_offloads() {
    local name=$1 interface=$2 feature features
    (inside "$name" ethtool -K "$interface" tx off rx off sg off tso off gso off gro off lro off) &>/dev/null || true
    features=$(inside "$name" ethtool -k "$interface")
    for feature in tx-checksumming tcp-segmentation-offload generic-segmentation-offload generic-receive-offload; do
        grep -q "^$feature: off" <<<"$features" || die "cannot switch off $feature on the veth pair"
    done
}

# Checks what is needed and lays the cable.
begin() {
    local tool name missing=()
    PATH=$PATH:/usr/sbin:/sbin
    for tool in "${!package[@]}"; do
        command -v "$tool" >/dev/null || missing+=("$tool (package ${package[$tool]})")
    done
    ((${#missing[@]} == 0)) || die "missing: $(printf '%s, ' "${missing[@]}" | sed 's/, $//')"
    ((EUID == 0)) || die "needs root, to make network namespaces"

    work=$(mktemp -d)
    server=overrun-server-$$
    client=overrun-client-$$
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP

    for name in "$server" "$client"; do
        namespaces+=("$name")   # first, so that an interrupt right after the next line leaves nothing behind
        ip netns add "$name" || die "cannot make network namespace $name"
        ip -n "$name" link set lo up
    done
    # Both ends are born inside, so the host's own network never sees them.
    ip -n "$server" link add eth0 address "$server_mac" type veth peer name eth0 address "$client_mac" netns "$client"
    ip -n "$server" address add "$server_ip/24" brd + dev eth0
    ip -n "$client" address add "$client_ip/24" brd + dev eth0
    for name in "$server" "$client"; do
        without_offloads "$name" eth0
        # 24 octets a frame beyond what the kernel counts: preamble, FCS, gap. So the times fit a 1 Gb/s wire.
        tc -n "$name" qdisc add dev eth0 root tbf rate 1gbit overhead 24 burst 3200 limit 4mb 2>/dev/null ||
            echo "$script: this kernel has no tbf: frames will come faster than 1 Gb/s" >&2
    done
}

# No IPv6 and no ARP on the cable: what is recorded is then what the programs send, frame for frame.
quiet_cable() {
    local name
    for name in "$server" "$client"; do
        if [[ -e /proc/sys/net/ipv6 ]]; then
            (inside "$name" bash -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6')
        fi
    done
    ip -n "$server" neighbour add "$client_ip" lladdr "$client_mac" dev eth0 nud permanent
    ip -n "$client" neighbour add "$server_ip" lladdr "$server_mac" dev eth0 nud permanent
}

# Records at the client, from before the link comes up.
record() {
    ip -n "$client" link set eth0 up
    inside "$client" tcpdump -Z root -i eth0 -n -s 0 -B 8192 --time-stamp-precision=nano -w "$work/cable.pcap" \
        2>"$work/tcpdump.log" &
    recorder=$!
    processes+=("$recorder")
    await "tcpdump" grep -q '^tcpdump: listening' "$work/tcpdump.log"
    ip -n "$server" link set eth0 up
}

# Starts a program that goes on in a namespace, until the script ends.
start() {
    local name=$1; shift
    inside "$name" "$@" >"$work/programs.log" 2>&1 &
    processes+=("$!")
}

# Lets the last frames reach the file and stops recording: $work/cable.pcap is whole.
stop_recording() {
    local id left=()
    sleep 2
    kill "$recorder"
    wait "$recorder" || true
    for id in "${processes[@]}"; do ((id == recorder)) || left+=("$id"); done   # its id may soon be another's
    processes=("${left[@]}")
    grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" ||
        die "tcpdump lost frames: $(tail -n 1 "$work/tcpdump.log")"
}

# The finished capture ($1) takes its place ($2) at once or not at all.
publish() {
    (($(stat -c %s "$1") < 2000000)) || die "the capture is larger than 2 MB"
    cp "$1" "$2.part"
    mv "$2.part" "$2"
    echo "$2: $(stat -c %s "$2") octets${3:+, $3}"
    echo "Every run gives other counters: README.md says how to count them for the scenario."
}
