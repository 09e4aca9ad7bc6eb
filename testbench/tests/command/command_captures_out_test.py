#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Captures that a run writes, read back by tshark: what was delivered, what was lost and why, and when.

Without tshark it is skipped (exit 77).
"""
import collections
import os
import shutil
import signal
import subprocess
import unittest

from overrun_command import (BROADCAST, ME, MODES, OTHER, WEB, CommandTest, body, main, pcap, record, whole)

BASE = 1_700_000_000 * 10**9   # nanoseconds


@unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
class CapturesOut(CommandTest):
    def fields(self, path, *names, only=""):
        call = ["tshark", "-r", str(self.folder / path), "-o", "eth.fcs:Never", "-T", "fields",
                *(word for name in names for word in ("-e", name)), *(["-Y", only] if only else [])]
        out = subprocess.run(call, capture_output=True, text=True, check=True).stdout
        return [tuple(line.split("\t")) for line in out.split("\n")[:-1]]

    def octets(self, path):
        """The frames of a classic capture with nanoseconds, or of tshark's translation into one."""
        made = self.folder / "made.pcap"
        subprocess.run(["tshark", "-r", str(self.folder / path), "-F", "nsecpcap", "-w", str(made)],
                       capture_output=True, check=True)
        data, at, frames = made.read_bytes(), 24, []
        while at < len(data):
            seconds, nanoseconds, kept, length = (int.from_bytes(data[at + i:at + i + 4], "little")
                                                  for i in (0, 4, 8, 12))
            self.assertEqual(kept, length)
            frames.append((seconds * 10**9 + nanoseconds, data[at + 16:at + 16 + kept]))
            at += 16 + kept
        return frames

    def test_what_is_delivered_is_what_came_with_its_time(self):
        records = [record(body(to, 60 + 13 * i, rest=bytes(range(i))), at_ns=BASE + i * 100_001)
                   for i, to in enumerate((ME, OTHER, ME, BROADCAST, ME, OTHER, ME))]
        path = self.write("in.pcap", pcap(records))
        want = [(at, octets) for octets, _, at in records if octets[:6] in (ME, BROADCAST)]
        for mode in MODES:
            for name in ("out.pcap", "out.pcapng"):
                with self.subTest(mode=mode, name=name):
                    outcome = self.call("replay", path, "--pcap-out", name, "--quiet", "--mode", mode)
                    self.assertEqual((outcome.code, outcome.err), (0, ""), outcome)
                    self.assertEqual(self.octets(name), want)
            self.assertEqual(self.call("replay", path, "--pcap-out", "-", "--mode", mode).out,
                             (self.folder / "out.pcap").read_bytes())

    def test_frames_with_their_fcs_say_so(self):
        for strip, length, status in (("false", "64", "1"), ("true", "60", "")):
            self.call("run", "no-loss", "--set", f"driver.strip_fcs={strip}", "--set", "traffic[0].count=3",
                      "--pcap-out", "fcs.pcapng")
            call = ["tshark", "-r", str(self.folder / "fcs.pcapng"), "-o", "eth.check_fcs:TRUE", "-T", "fields",
                    "-e", "frame.len", "-e", "eth.fcs.status"]
            out = subprocess.run(call, capture_output=True, text=True, check=True).stdout
            lines = set(out.splitlines())
            self.assertEqual(lines, {f"{length}\t{status}"})

    def test_counts_of_the_capture_of_this_project(self):
        for mode in MODES:
            outcome = self.call("replay", WEB, "--pcap-out", "out.pcapng", "--drops-out", "lost.pcapng", "--json", "-",
                                "--mode", mode)
            result = outcome.result()
            self.assertEqual(len(self.fields("out.pcapng", "frame.number")), result["fates"]["delivered"])
            self.assertEqual(self.fields("lost.pcapng", "frame.number"), [])   # filtered frames are not lost

    def test_lost_frames_say_why(self):
        for mode in MODES:
            outcome = self.call("run", "errors", "--pcap-out", "out.pcapng", "--drops-out", "lost.pcapng", "--json", "-",
                                "--mode", mode)
            self.assertEqual(outcome.code, 0, outcome)
            fates = outcome.result()["fates"]
            for harmless in ("delivered", "filtered_address", "filtered_vlan", "mac_control"):
                fates.pop(harmless, None)
            comments = [comment for comment, in self.fields("lost.pcapng", "frame.comment")]
            self.assertEqual(collections.Counter(comment.split(" ")[0] for comment in comments), fates)
            wrong = self.fields("lost.pcapng", "frame.comment", only="frame.packet_flags_crc_error == 1")
            self.assertEqual({comment.split(" ")[0] for comment, in wrong} - {"crc_error", "fragment", "jabber",
                                                                             "align_error"}, set())
            self.assertGreater(len(wrong), 0)

    def test_losses_stand_between_the_frames_delivered(self):
        for mode in MODES:
            outcome = self.call("run", "slow-driver", "--pcap-out", "out.pcapng", "--drops-out", "lost.pcapng",
                                "--quiet", "--mode", mode)
            self.assertEqual(outcome.code, 0, outcome)
            # 63 descriptors and 256 frames in the FIFO, then 276 are lost; the next one comes at 1 ms.
            self.assertEqual(self.fields("out.pcapng", "frame.number", "frame.drop_count", only="frame.drop_count"),
                             [("320", "276")])
            times = [at for at, _ in self.octets("lost.pcapng")]
            self.assertEqual(times, [i * 672 for i in range(319, 595)])

    def test_a_lost_frame_has_its_octets(self):
        records = [record(whole(body(ME, 100 + i, rest=bytes(range(50))), i % 2), at_ns=BASE + i * 10**6)
                   for i in range(8)]
        path = self.write("in.pcap", pcap(records))
        for mode in MODES:
            for name in ("lost.pcap", "lost.pcapng"):
                outcome = self.call("replay", path, "--fcs", "present", "--drops-out", name, "--quiet", "--mode", mode)
                self.assertEqual(outcome.code, 0, outcome)
                self.assertEqual(self.octets(name), [(at, octets) for octets, _, at in records[1::2]])

    def test_results_do_not_change(self):
        for arguments in (("run", "slow-driver"), ("run", "errors"), ("run", "overload"), ("replay", WEB)):
            for mode in MODES:
                plain = self.json_of(*arguments, "--mode", mode)
                outcome = self.call(*arguments, "--mode", mode, "--json", "-", "--pcap-out", "o.pcap", "--drops-out",
                                    "l.pcapng", "--stats-interval", "7us", "--stats-out", "s.csv", "--vcd", "w.vcd")
                result = outcome.result()
                for one in (plain, result):
                    one.pop("wall_s"), one.pop("rate")
                self.assertEqual(result, plain)

    def test_ctrl_c_leaves_whole_files(self):
        os.mkfifo(self.folder / "wave")
        for mode in MODES:
            process = self.start("run", "overload", "--set", "traffic[0].count=900000000000", "--mode", mode,
                                 "--vcd", "wave", "--pcap-out", "o.pcapng", "--drops-out", "l.pcapng",
                                 "--stats-interval", "100us", "--stats-out", "s.csv", "--json", "r.json",
                                 preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            with open(self.folder / "wave", "rb") as wave:
                wave.read(3_000_000)
                process.send_signal(signal.SIGINT)
                wave.read()
            process.communicate(timeout=300)
            self.assertEqual(process.returncode, 130)
            self.assertGreater(len(self.fields("o.pcapng", "frame.number")), 10)
            self.fields("l.pcapng", "frame.number")
            for name in ("o.pcapng", "l.pcapng"):
                self.assertIn(b"interrupted: the run was stopped", (self.folder / name).read_bytes())
            self.assertTrue((self.folder / "s.csv").read_text().endswith("stopped before its end\n"))
            self.assertEqual(sorted(os.listdir(self.folder)),
                             ["l.pcapng", "o.pcapng", "r.json", "s.csv", "wave"])


if __name__ == "__main__":
    main()
