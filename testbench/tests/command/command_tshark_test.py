#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Replayed captures against tshark's reading of the same files: addresses, lengths and whether each FCS is right.

Without tshark it is skipped (exit 77).
"""
import collections
import random
import shutil
import subprocess
import unittest

from overrun_command import (BROADCAST, GROUP, ME, MODES, OTHER, WEB, CommandTest, body, main, pcap, pcapng, record,
                             whole)

GOOD = "1"   # eth.fcs.status


@unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
class Tshark(CommandTest):
    def read(self, path, *options):
        """(destination, whether it is a group's, length, FCS status) of each frame."""
        fields = ("eth.dst", "eth.dst.ig", "frame.len", "eth.fcs.status")
        call = ["tshark", "-r", path, *options, "-T", "fields", *(word for name in fields for word in ("-e", name))]
        lines = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
        for line in lines:
            to, group, length, status = line.split("\t")
            yield to, group in ("1", "True"), int(length), status

    def hold(self, path, frames, present):
        """Every counter that tshark's reading decides. Frames have at least 60 octets, or 64 with FCS."""
        stations = collections.Counter(to for to, group, _, _ in frames if not group)
        station = stations.most_common(1)[0][0]
        mine = [frame for frame in frames if frame[0] in (station, "ff:ff:ff:ff:ff:ff")]
        good = [frame for frame in mine if not present or frame[3] == GOOD]
        octets = [max(length, 60) + 4 if not present else length for _, _, length, _ in good]
        want = {"GPRC": len(good), "GORC": sum(octets), "BPRC": sum(group for _, group, _, _ in good), "MPRC": 0,
                "CRCERRS": len(mine) - len(good), "TPR": len(mine), "MPC": 0,
                "PRC64": sum(n == 64 for n in octets), "PRC1522": sum(n >= 1024 for n in octets)}
        for mode in MODES:
            result = self.json_of("replay", path, "--fcs", "present" if present else "absent", "--mode", mode)
            self.assertEqual(result["mac"], station)
            self.assertEqual({name: result["registers"][name] for name in want}, want)
            self.assertEqual(result["fates"].get("filtered_address", 0), len(frames) - len(mine))
            self.assertEqual(result["offered"], len(frames))

    def test_the_capture_of_this_project(self):
        frames = list(self.read(WEB))
        self.assertEqual(len(frames), 1418)
        self.hold(WEB, frames, present=False)

    def test_captures_drawn_at_random(self):
        for seed, present in ((1, False), (2, True)):
            draw = random.Random(seed)
            records = []
            for _ in range(300):
                to = draw.choice((ME, ME, OTHER, GROUP, BROADCAST))
                octets = body(to, draw.randint(60, 1514), rest=draw.randbytes(99))
                records.append(record(whole(octets, draw.choice((0, 0, 1))) if present else octets))
            path = self.write("random.pcap", draw.choice((pcap, pcapng))(records))
            options = ("-o", "eth.fcs:Always", "-o", "eth.check_fcs:TRUE") if present else ("-o", "eth.fcs:Never")
            frames = list(self.read(path, *options))
            with self.subTest(seed=seed):
                if present:
                    self.assertGreater(sum(status != GOOD for *_, status in frames), 50)
                self.hold(path, frames, present)


if __name__ == "__main__":
    main()
