#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Joins interfaces to a trunk: what comes from one of them leaves with an 802.1Q tag, and the tag decides the way back.

It reads nothing but the tag and forwards nothing from one interface to another. It runs until it is killed.

    trunk.py TRUNK INTERFACE:VLAN:PRIORITY...
"""
import selectors
import socket
import struct
import sys

ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA = 0x0003, 263, 8   # <linux/if_packet.h>
PACKET_OUTGOING, TP_STATUS_VLAN_VALID = 4, 1 << 4
AUXDATA = struct.Struct("=IIIHHHH")                      # struct tpacket_auxdata
TPID = b"\x81\x00"


def open_interface(name):
    endpoint = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    endpoint.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    endpoint.bind((name, ETH_P_ALL))
    return endpoint


def receive(endpoint):
    """A frame without its tag, and the tag's VLAN or None; (None, None) for what this host sent itself."""
    frame, extra, _, source = endpoint.recvmsg(65536, socket.CMSG_SPACE(AUXDATA.size))
    if source[2] == PACKET_OUTGOING:
        return None, None
    for level, kind, data in extra:   # Linux has taken the tag out of the frame by now
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, *_, tci, _ = AUXDATA.unpack(data[:AUXDATA.size])
            if status & TP_STATUS_VLAN_VALID:
                return frame, tci & 0xFFF
    return frame, None


def main():
    trunk = open_interface(sys.argv[1])
    ports = {}   # VLAN -> socket
    tags = {}    # socket -> tag
    events = selectors.DefaultSelector()
    events.register(trunk, selectors.EVENT_READ)
    for text in sys.argv[2:]:
        name, vlan, priority = text.split(":")
        port = open_interface(name)
        ports[int(vlan)] = port
        tags[port] = TPID + struct.pack(">H", int(priority) << 13 | int(vlan))
        events.register(port, selectors.EVENT_READ)
    print("trunk", *sys.argv[1:], flush=True)
    while True:
        for key, _ in events.select():
            frame, vlan = receive(key.fileobj)
            if frame is None:
                continue
            if key.fileobj is not trunk:
                trunk.send(frame[:12] + tags[key.fileobj] + frame[12:])
            elif vlan in ports:
                ports[vlan].send(frame)


if __name__ == "__main__":
    main()
