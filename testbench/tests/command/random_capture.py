# SPDX-License-Identifier: Apache-2.0
"""Captures drawn at random: every kind of frame that a receive path tells apart, whole, cut, right and wrong.

A seed decides all of it.
"""
import random

from overrun_command import BROADCAST, GROUP, ME, OTHER, PAUSE_ADDRESS, body, pcap, pcapng, record, whole, zipped

# Around every limit: header, shortest frame, buckets, longest frame with and without tag, where a frame is cut.
LENGTHS = (0, 1, 5, 6, 13, 14, 15, 17, 20, 42, 55, 56, 59, 60, 61, 63, 64, 65, 123, 124, 127, 128, 251, 252, 255, 256,
           507, 508, 511, 512, 1019, 1020, 1023, 1024, 1500, 1514, 1515, 1518, 1519, 1522, 1523, 2000, 9000, 16379,
           16380, 16384)


def frame(draw, present):
    """Octets of one frame as a capture keeps them, with FCS when `present`; and how many of them must be kept."""
    to = draw.choice((ME, ME, ME, ME, OTHER, GROUP, BROADCAST, PAUSE_ADDRESS, bytes(6)))
    size = draw.choice(LENGTHS) if draw.random() < 0.6 else draw.randint(14, 1514)
    kind, rest, wrong, least = b"\x08\x00", draw.randbytes(draw.randint(0, 60)), draw.choice((0, 0, 0, 1, 0x80)), 0
    shape = draw.random()
    if shape < 0.15:     # IEEE 802.1Q tag
        kind, rest = b"\x81\x00", draw.randbytes(2) + b"\x08\x00" + rest
    elif shape < 0.35:   # PAUSE with and without time, right or wrong, of any length
        kind, rest, least = b"\x88\x08", draw.choice((b"\0\1\0\0", b"\0\1\0\x10", b"\0\1\xff\xff")) + bytes(40), 16
        size = max(size, least)
    elif shape < 0.40:   # another MAC control frame: a right one, as no document says whether FCRUC counts a wrong one
        kind, rest, least, wrong, size = b"\x88\x08", draw.choice((b"\0\2", b"\1\1")) + bytes(40), 16, 0, 60
    octets = body(to, size, kind, rest)
    return (whole(octets[:16380], wrong) if present else octets), least


def capture(seed, present=False, count=150):
    """A file, whose frames end in an FCS when `present`: the same for the same seed."""
    draw = random.Random(seed)
    records = []
    for _ in range(count):
        octets, least = frame(draw, present)
        length = len(octets)
        if draw.random() < 0.15 and length > least:   # cut at a snapshot length
            octets = octets[:draw.randint(least, length)]
        records.append(record(octets, length))
    order = draw.choice("<>")
    # 10 Gb/s carry the longest frame in 13 us: none of them waits.
    data = draw.choice((lambda: pcap(records, order, nano=True), lambda: pcap(records, order, nano=False),
                        lambda: pcapng(records, order)))()
    return zipped(data) if draw.random() < 0.3 else data
