#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Says what the receive path must count for a capture, from the frames alone, and compares a result with it.

It shares no code with the simulator: own file reader, own CRC, own filter. It assumes that nothing is lost for want
of room or descriptors, so it fits runs whose MPC is 0. The rules are those of the 82574L's receive path: MAC control,
address filter with its multicast table (RCTL.MO = 0), VLAN filter, length and CRC classes with RCTL.LPE = 0, statistics.

    check_capture.py CAPTURE...                            prints what must come out, as JSON
    check_capture.py CAPTURE... --compare RESULT.json      exit 1 and one line for each difference
    check_capture.py --self-test                           the checker against closed forms and its broken twin
Exit 2: a file that cannot be read, with one line that says why.
"""
import argparse
import collections
import gzip
import io
import json
import struct
import sys
import zlib

MINIMUM, MAXIMUM, KEPT = 64, 1522, 16383       # octets with FCS: shortest; longest with LPE = 0; where a frame is cut
BROADCAST, PAUSE_ADDRESS = b"\xff" * 6, bytes.fromhex("0180c2000001")
MAC_CONTROL, PAUSE = b"\x88\x08", b"\x00\x01"
TAGGED = b"\x81\x00"
DEFAULT_ADDRESS = bytes.fromhex("020000000001")
BUCKETS = ((64, "PRC64"), (127, "PRC127"), (255, "PRC255"), (511, "PRC511"), (1023, "PRC1023"), (MAXIMUM, "PRC1522"))
REGISTERS = ["CRCERRS", "ALGNERRC", "RXERRC", "MPC", "RLEC", "XONRXC", "XOFFRXC", "FCRUC", *(n for _, n in BUCKETS),
             "GPRC", "BPRC", "MPRC", "GORC", "RUC", "RFC", "ROC", "RJC", "TOR", "TPR"]
FATES = ["too_short", "mac_control", "filtered_address", "filtered_vlan", "runt", "fragment", "crc_error", "oversize", "jabber",
         "delivered"]


class Unreadable(Exception):
    """A capture or result that cannot be used; the text says which and why."""


# Reading: every reader yields (captured octets, length on the wire as the file states it).

def read_capture(data, name):
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable(f"{name}: damaged gzip data: {error}") from None
    magic = data[:4]
    if magic == b"\x0a\x0d\x0d\x0a":
        return read_pcapng(data, name)
    for order in "<>":
        if magic in (struct.pack(order + "I", 0xA1B2C3D4), struct.pack(order + "I", 0xA1B23C4D)):
            return read_pcap(data, name, order)
    raise Unreadable(f"{name}: neither pcap nor pcapng (it begins {magic.hex(' ') or 'nowhere: it is empty'})")


def need_ethernet(linktype, name):
    if linktype != 1:
        raise Unreadable(f"{name}: link type {linktype}, but only Ethernet (1) has frames for this device")


def read_pcap(data, name, order):
    if len(data) < 24:
        raise Unreadable(f"{name}: the file ends inside its header")
    need_ethernet(struct.unpack_from(order + "I", data, 20)[0] & 0x03FFFFFF, name)   # above: whether an FCS is there
    at, number = 24, 0
    while at < len(data):
        number += 1
        if len(data) - at < 16:
            raise Unreadable(f"{name}: the file ends inside the header of frame {number}")
        captured, length = struct.unpack_from(order + "8xII", data, at)
        if captured > len(data) - at - 16:
            raise Unreadable(f"{name}: the file ends inside frame {number}")
        yield data[at + 16:at + 16 + captured], length
        at += 16 + captured


def read_pcapng(data, name):
    at, order, interfaces = 0, "<", []
    while at < len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":   # a section header also says the byte order from here on
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, size = struct.unpack_from(order + "II", data, at) if len(data) - at >= 12 else (0, 0)
        if size < 12 or size % 4 or size > len(data) - at:
            raise Unreadable(f"{name}: a block at octet {at} is broken or cut")
        body, at = data[at + 8:at + size - 4], at + size
        try:
            if kind == 1:
                linktype, snap = struct.unpack_from(order + "HxxI", body)
                need_ethernet(linktype, name)
                interfaces.append(snap)
            elif kind in (2, 6):
                layout = "H10xII" if kind == 2 else "I8xII"
                interface, captured, length = struct.unpack_from(order + layout, body)
                interfaces[interface]
                if captured > len(body) - 20:
                    raise IndexError
                yield body[20:20 + captured], length
            elif kind == 3:
                (length,) = struct.unpack_from(order + "I", body)
                yield body[4:4 + min(length, interfaces[0] or length)], length
        except (struct.error, IndexError):
            raise Unreadable(f"{name}: the block before octet {at} does not hold what it says") from None


# From the file to the wire.

Frame = collections.namedtuple("Frame", "octets length good_fcs")   # octets and length: destination address to FCS


def fcs_of(octets):
    return struct.pack("<I", zlib.crc32(octets))


def on_the_wire(records, name, fcs, truncated, notes):
    """Frames as a NIC sees them: with FCS, at least 64 octets unless the file's own FCS says otherwise."""
    for number, (octets, length) in enumerate(records, 1):
        length = max(length, len(octets))   # editing tools leave such records: the frame is what is there
        complete = len(octets) == length
        if not complete:
            notes["truncated"] += 1
            if truncated == "error":
                raise Unreadable(f"{name}: frame {number} was captured with {len(octets)} of {length} octets")
            if truncated == "skip":
                notes["skipped"] += 1
                continue
        right = complete and length > 4 and octets[-4:] == fcs_of(octets[:-4])
        if (fcs == "present" and length > 4) or (fcs == "auto" and right and length >= MINIMUM):
            notes["fcs_present"] += complete
            if not complete:   # what was sent in place of the octets that were not kept has the FCS that fits it
                body = octets.ljust(length - 4, b"\0")[:length - 4]
                octets, right = body + fcs_of(body), True
        else:
            if length < MINIMUM - 4:
                notes["padded"] += 1
            body = octets.ljust(max(length, MINIMUM - 4), b"\0")
            octets, right, length = body + fcs_of(body), True, len(body) + 4
        yield Frame(octets[:KEPT], min(length, KEPT), right and length <= KEPT)


def most_frequent_station(frames):
    seen = collections.Counter(f.octets[:6] for f in frames if f.length >= 6 and not f.octets[0] & 1)
    return max(seen, key=seen.get) if seen else DEFAULT_ADDRESS   # the first of equals: a Counter keeps their order


# What the device does with one frame.

Asked = collections.namedtuple("Asked", "station promiscuous allmulti table vlans")   # what the driver asks for


def table_bit(group):
    """Which of the multicast table's 4,096 bits is a group's: bits 47 to 36 of the address, its last octet on top."""
    return group[5] << 4 | group[4] >> 4


def fate_of(frame, asked, count):
    """Names the frame's fate and counts it in the registers that count it."""
    address, length, good, station = frame.octets[:6], frame.length, frame.good_fcs, asked.station
    if length < 6:
        return "too_short"
    if length >= 14 and frame.octets[12:14] == MAC_CONTROL and address in (PAUSE_ADDRESS, station):
        count["TPR"] += 1
        count["TOR"] += length
        if frame.octets[14:16] != PAUSE:
            count["FCRUC"] += 1
        elif good and length >= MINIMUM:
            count["XOFFRXC" if any(frame.octets[16:18]) else "XONRXC"] += 1
        return "mac_control"

    group = bool(address[0] & 1)
    by_address = length >= 14 and address in (station, BROADCAST)   # a frame without a whole header matches none
    by_mode = address != BROADCAST and (asked.promiscuous or (group and asked.allmulti))
    by_table = length >= 14 and group and address != BROADCAST and table_bit(address) in asked.table
    if not by_address and not by_mode and not by_table:
        return "filtered_address"
    if asked.vlans is not None and length >= 16 and frame.octets[12:14] == TAGGED:
        if int.from_bytes(frame.octets[14:16], "big") & 0xFFF not in asked.vlans:
            return "filtered_vlan"

    count["TPR"] += 1
    count["TOR"] += length
    if length < MINIMUM or length > MAXIMUM:
        fate, register = {(True, True): ("runt", "RUC"), (True, False): ("fragment", "RFC"),
                          (False, True): ("oversize", "ROC"), (False, False): ("jabber", "RJC")}[length < MINIMUM, good]
        count[register] += 1
        count["RLEC"] += 1
        count["CRCERRS"] += fate == "jabber"
        return fate
    if not good:
        count["CRCERRS"] += 1
        return "crc_error"
    count["GPRC"] += 1
    count["GORC"] += length
    count["BPRC"] += address == BROADCAST
    count["MPRC"] += group and address != BROADCAST
    count[next(register for limit, register in BUCKETS if length <= limit)] += 1
    return "delivered"


def expected(captures, station=None, promiscuous=False, allmulti=False, fcs="auto", truncated="pad", multicast=(),
             vlans=None):
    """What a run must report for `captures`, a list of (name, file content), replayed in this order."""
    notes = dict.fromkeys(("padded", "fcs_present", "truncated", "skipped"), 0)
    frames = [f for name, data in captures for f in on_the_wire(read_capture(data, name), name, fcs, truncated, notes)]
    station = station or most_frequent_station(frames)
    asked = Asked(station, promiscuous, allmulti, {table_bit(group) for group in multicast}, vlans)
    r, fates = dict.fromkeys(REGISTERS, 0), dict.fromkeys(FATES, 0)
    for frame in frames:
        fates[fate_of(frame, asked, r)] += 1
    lengths = r["RUC"] + r["ROC"]
    errors = r["CRCERRS"] + lengths   # what e1000e sums, without the counters that a capture cannot move
    return {
        "mac": station.hex(":"), "offered": len(frames), "in_flight": 0, "fates": fates, "registers": r,
        "ethtool": {"rx_packets": r["GPRC"], "rx_bytes": r["GORC"], "rx_broadcast": r["BPRC"],
                    "rx_multicast": r["MPRC"], "multicast": r["MPRC"], "rx_errors": errors, "rx_length_errors": lengths,
                    "rx_crc_errors": r["CRCERRS"], "rx_missed_errors": 0, "rx_long_length_errors": r["ROC"],
                    "rx_short_length_errors": r["RUC"], "rx_flow_control_xon": r["XONRXC"],
                    "rx_flow_control_xoff": r["XOFFRXC"]},
        "netdev": {"rx.packets": r["GPRC"], "rx.bytes": r["GORC"], "rx.errors": errors, "rx.multicast": r["MPRC"],
                   "rx.length_errors": lengths, "rx.crc_errors": r["CRCERRS"], "rx.missed_errors": 0},
        "replay": notes,
    }


def flat(value, name=""):
    """{"rx": {"packets": 5}} and {"rx.packets": 5} alike as {"rx.packets": 5}."""
    if not isinstance(value, dict):
        return {name: value}
    return {k: v for key, inner in value.items() for k, v in flat(inner, f"{name}.{key}" if name else key).items()}


def differences(want, result):
    """One line for each thing in which an `overrun --json` result departs from what is expected."""
    found = []

    def check(what, expected_value, actual):
        if type(actual) is not int or actual != expected_value:
            found.append(f"{what}: expected {expected_value}, got {'nothing' if actual is None else actual}")

    for name in ("offered", "in_flight"):
        check(name, want[name], result.get(name))
    for group in ("fates", "registers", "ethtool", "netdev", "replay"):
        have = flat(result.get(group) or {})
        optional = group == "fates" or group == "replay"   # fates leave zeros out; nothing skipped need not be said
        names = list(want[group]) + [n for n in have if group == "fates" and n not in want[group]]
        for name in names:
            zero = 0 if optional and (group == "fates" or name == "skipped") else None
            check(f"{group}.{name}", want[group].get(name, 0), have.get(name, zero))
    return found


def self_test():
    """Closed forms, then the broken twin: every number of a right result, changed, must be found."""
    if not __debug__:
        raise SystemExit("check_capture: without assertions (python -O) this checks nothing")
    me, other, group = bytes.fromhex("02aabbccdd01"), bytes.fromhex("02aabbccdd02"), bytes.fromhex("01005e000001")

    def body(to, size, kind=b"\x08\x00", rest=b""):
        return (to + other + kind + rest).ljust(size, b"\0")[:size]

    def whole(octets, wrong=0):
        return octets + bytes(b ^ wrong for b in fcs_of(octets))

    def pcap(records, order="<", magic=0xA1B2C3D4):
        return struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, 65535, 1) + b"".join(
            struct.pack(order + "IIII", 0, 0, len(o), n) + o for o, n in records)

    def pcapng(records, order):
        def block(kind, content):
            content += b"\0" * (-len(content) % 4)
            size = struct.pack(order + "I", len(content) + 12)
            return struct.pack(order + "I", kind) + size + content + size
        return (block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
                + block(1, struct.pack(order + "HHI", 1, 0, 0)) + block(5, b"\0" * 8)
                + b"".join(block(6, struct.pack(order + "5I", 0, 0, 0, len(o), n) + o) for o, n in records[2:])
                + block(2, struct.pack(order + "2H4I", 0, 9, 0, 0, len(records[1][0]), records[1][1]) + records[1][0])
                + block(3, struct.pack(order + "I", records[0][1]) + records[0][0]))

    def full(frames):
        return [(f, len(f)) for f in frames]

    absent = full([body(me, 42), body(me, 60), body(me, 61), body(BROADCAST, 1514), body(group, 60), body(other, 60),
                   body(me, 1519), body(PAUSE_ADDRESS, 60, MAC_CONTROL, PAUSE + b"\0\x01"), whole(body(me, 60)),
                   body(me, 60, MAC_CONTROL, PAUSE)]) + [(body(me, 20), 1000)]
    want = expected([("absent", pcap(absent))])
    assert want["mac"] == me.hex(":") and want["offered"] == 11
    assert want["replay"] == {"padded": 1, "fcs_present": 1, "truncated": 1, "skipped": 0}
    good = {k: want["registers"][k] for k in ("GPRC", "BPRC", "MPRC", "GORC", "PRC64", "PRC127", "PRC1023", "PRC1522")}
    assert good == {"GPRC": 6, "BPRC": 1, "MPRC": 0, "GORC": 3 * 64 + 65 + 1518 + 1004,
                    "PRC64": 3, "PRC127": 1, "PRC1023": 1, "PRC1522": 1}
    assert [want["registers"][k] for k in ("ROC", "XOFFRXC", "XONRXC", "TPR", "TOR")] == [1, 1, 1, 9, 2779 + 1523 + 128]
    assert want["fates"]["filtered_address"] == 2 and want["fates"]["mac_control"] == 2

    for form in (pcap(absent, ">", 0xA1B23C4D), pcapng(absent, "<"), pcapng(absent, ">"), gzip.compress(pcap(absent))):
        assert expected([("form", form)]) == want
    for records, mode, gorc, cut in (([(body(me, 100), 60)], "auto", 104, 0),
                                     ([(body(me, 20), 1000)], "present", 1000, 1),
                                     (full([whole(body(me, 59))]), "auto", 67, 0)):
        r = expected([("length", pcap(records))], fcs=mode)
        assert r["registers"]["GORC"] == gorc and r["replay"]["truncated"] == cut and r["replay"]["fcs_present"] == 0
    control = [whole(body(PAUSE_ADDRESS, size, MAC_CONTROL, code), wrong)   # only a good PAUSE of 64 octets is one
               for size, code, wrong in ((56, PAUSE, 0), (60, PAUSE, 0), (60, PAUSE, 1), (60, b"\0\2", 0))]
    r = expected([("control", pcap(full(control)))], fcs="present")["registers"]
    assert [r[k] for k in ("XONRXC", "FCRUC", "TPR", "TOR", "CRCERRS", "RLEC")] == [1, 1, 4, 60 + 3 * 64, 0, 0]
    assert expected([("skip", pcap(absent))], truncated="skip")["registers"]["PRC1023"] == 0
    assert expected([("all", pcap(absent))], allmulti=True)["registers"]["MPRC"] == 1
    assert expected([("all", pcap(absent))], promiscuous=True)["fates"]["filtered_address"] == 0
    assert expected([("tie", pcap(full([body(b"\0" * 6, 60), body(me, 60)])))])["mac"] == "00:00:00:00:00:00"
    assert expected([("none", pcap(full([body(group, 60)])))])["mac"] == "02:00:00:00:00:01"

    groups = [bytes.fromhex("01005e" + rest) for rest in ("010203", "090203", "01020f", "010213", "010204")]
    tags = [TAGGED + bytes.fromhex(rest) for rest in ("000a", "a00a", "f00a", "0014", "0000")]
    chosen = pcap(full([body(to, 60) for to in groups] + [body(me, 60, tag) for tag in tags] + [body(me, 60)]))
    for mode, delivered, by_vlan in ((dict(), 6, 0), (dict(multicast=groups[:1]), 8, 0), (dict(vlans=[]), 1, 5),
                                     (dict(multicast=[groups[2]]), 7, 0), (dict(vlans=[10]), 4, 2),
                                     (dict(vlans=[20, 4095], promiscuous=True), 7, 4)):
        r = expected([("chosen", chosen)], station=me, **mode)["fates"]
        assert (r["delivered"], r["filtered_vlan"]) == (delivered, by_vlan), mode

    present = full([whole(body(me, n), wrong) for n in (56, 60, 1518, 1519, 16379, 16380) for wrong in (0, 1)]
                   + [me[:5], me])
    r = expected([("present", pcap(present))], fcs="present", station=me)
    assert {k: v for k, v in r["fates"].items() if v} == {"too_short": 1, "filtered_address": 1, "runt": 1, "jabber": 4,
                                                          "fragment": 1, "crc_error": 2, "oversize": 2, "delivered": 2}
    assert [r["registers"][k] for k in ("CRCERRS", "RLEC", "RJC", "GORC")] == [6, 8, 4, 64 + 1522]
    assert r["registers"]["TOR"] == 2 * (60 + 64 + 1522 + 1523 + KEPT + KEPT)   # 16384 octets are cut to 16383

    headless = full([me, group, BROADCAST, other, me[:5], me[:4]])   # four octets hold no FCS: such a record is padded
    for mode, *ends in ((dict(), 0, 5, 1, 0), (dict(allmulti=True), 1, 4, 1, 0), (dict(promiscuous=True), 3, 1, 1, 1)):
        r = expected([("headless", pcap(headless))], fcs="present", station=me, **mode)["fates"]
        assert [r[k] for k in ("fragment", "filtered_address", "too_short", "delivered")] == ends

    result = json.loads(json.dumps(want))
    assert differences(want, result) == []
    for group_name in ("fates", "registers", "ethtool", "netdev", "replay"):
        for name in want[group_name]:
            twin = json.loads(json.dumps(want))
            twin[group_name][name] += 1
            assert len(differences(want, twin)) == 1, name
    assert differences(want, dict(result, fates=dict(result["fates"], fifo_overrun=1)))
    assert differences(want, dict(result, registers={})) and differences(want, dict(result, offered=12))
    sll = pcap([])[:20] + b"\x71\0\0\0"
    for broken in (b"", b"text", pcap(absent)[:-1], sll, pcapng(absent, "<")[:-4], pcap(absent)):
        try:
            expected([("broken", broken)], truncated="error")   # the last one is broken in this alone
        except Unreadable:
            continue
        raise AssertionError("a broken file was read")
    print("check_capture: all of its own checks hold")


def address(text):
    """None for "auto", else the six octets of "02:00:00:00:00:01"."""
    octets = bytes.fromhex(text.replace(":", "")) if len(text) == 17 else b""
    if len(octets) != 6 and text != "auto":
        raise ValueError
    return octets or None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("capture", nargs="*", help="pcap or pcapng, also gzipped; - is standard input")
    parser.add_argument("--mac", type=address, metavar="auto|ADDRESS")
    parser.add_argument("--promiscuous", action="store_true")
    parser.add_argument("--allmulti", action="store_true")
    parser.add_argument("--multicast", type=lambda text: list(map(address, text.split(","))), default=(),
                        metavar="ADDRESS,...")
    parser.add_argument("--vlans", type=lambda text: list(map(int, text.split(","))), metavar="VLAN,...")
    parser.add_argument("--fcs", choices=("auto", "present", "absent"), default="auto")
    parser.add_argument("--truncated", choices=("pad", "skip", "error"), default="pad")
    parser.add_argument("--compare", metavar="RESULT.json", help="what `overrun replay --json` wrote")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if not options.capture:
        parser.error("no capture given")
    try:
        captures = []
        for name in options.capture:
            with (io.BytesIO(sys.stdin.buffer.read()) if name == "-" else open(name, "rb")) as file:
                captures.append((name, file.read()))
        want = expected(captures, options.mac, options.promiscuous, options.allmulti, options.fcs, options.truncated,
                        options.multicast, options.vlans)
        if not options.compare:
            return print(json.dumps(want, indent=2))
        with open(options.compare, encoding="utf-8") as file:
            result = json.load(file)
        if not isinstance(result, dict):
            raise Unreadable(f"{options.compare}: not a result")
    except (OSError, ValueError, Unreadable) as error:
        print(f"check_capture: {error}", file=sys.stderr)
        return 2
    found = differences(want, result)
    print("\n".join(found) if found else f"check_capture: {want['offered']} frames, all counters as expected")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
