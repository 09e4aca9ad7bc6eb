#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C: the first one winds a run down to a result that says so, the second one kills.

Never waits for a time: each signal follows something that the program is seen to do.
"""
import json
import os
import pathlib
import signal

from overrun_command import ME, MODES, CommandTest, body, main, pcap, record
from wave_file import Wave

# A week on the wire.
ENDLESS = ("--set", "traffic[0].count=900000000000")


def awaits(process, sig=signal.SIGINT):
    """Whether the process has a handler for the signal (proc(5), SigCgt)."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    caught = next(int(line.split()[1], 16) for line in status.split("\n") if line.startswith("SigCgt"))
    return bool(caught >> (sig - 1) & 1)


def child_of(process):
    """The process id of a child; None while there is none."""
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            if f"\nPPid:\t{process.pid}\n" in status.read_text():
                return int(status.parent.name)
        except OSError:   # it ended meanwhile
            continue
    return None


class Interrupt(CommandTest):
    def until(self, condition, process):
        while not condition():
            self.assertIsNone(process.poll(), "the program ended by itself")

    def running(self, *arguments, **how):
        """A process that has begun to simulate: it will be told by a signal to stop."""
        process = self.start(*arguments, **how)
        self.until(lambda: awaits(process), process)
        return process

    def end(self, process, code=130):
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, code, (out[-500:], err))
        return out, err.decode()

    def balanced(self, result):
        self.assertIs(result["interrupted"], True)
        self.assertEqual(sum(result["fates"].values()) + result["in_flight"], result["offered"])
        self.assertEqual(result["in_flight"], 0)
        registers = result["registers"]
        self.assertEqual(registers["GPRC"] + registers["MPC"], result["offered"])
        return result["offered"]

    def test_a_run_that_is_stopped_has_a_result(self):
        """The wave goes through a FIFO, so that the run is known to be in its middle."""
        os.mkfifo(self.folder / "wave")
        for mode in MODES:
            for sig in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(mode=mode, sig=sig):
                    process = self.start("run", "slow-driver", *ENDLESS, "--mode", mode, "--json", "r.json",
                                         "--vcd", "wave")
                    with open(self.folder / "wave", "rb") as wave:
                        seen = wave.read(3_000_000)
                        process.send_signal(sig)
                        seen += wave.read()
                    out, err = self.end(process)
                    self.assertIn(b"interrupted: the result covers the frames sent until then\n", out)
                    self.assertEqual(err, "")
                    offered = self.balanced(json.loads((self.folder / "r.json").read_text()))
                    self.assertGreater(offered, 1000)
                    self.assertEqual(Wave(seen.decode()).values("wire.busy").count(1), offered)
                    self.assertEqual(sorted(os.listdir(self.folder)), ["r.json", "wave"])

    def test_whoever_prints_no_text_is_told_too(self):
        for mode in MODES:
            for arguments in (("--json", "-"), ("--quiet", "--json", "r.json")):
                process = self.running("run", "no-loss", *ENDLESS, "--mode", mode, *arguments)
                process.send_signal(signal.SIGINT)
                out, err = self.end(process)
                self.assertTrue(err.startswith("overrun: interrupted: "), err)
                self.balanced(json.loads(out or (self.folder / "r.json").read_text()))

    def test_the_second_signal_kills(self):
        os.mkfifo(self.folder / "wave")
        self.write("r.json", "old")
        for mode in MODES:
            process = self.start("run", "no-loss", *ENDLESS, "--mode", mode, "--vcd", "wave", "--json", "r.json")
            # Nobody reads on, so the run waits and cannot wind down.
            with open(self.folder / "wave", "rb") as wave:
                wave.read(1)
                process.send_signal(signal.SIGINT)
                self.until(lambda: not awaits(process), process)
                process.send_signal(signal.SIGINT)
                self.end(process, -signal.SIGINT)
            self.assertEqual((self.folder / "r.json").read_text(), "old")

    def test_a_replay_that_is_stopped(self):
        path = self.write("a.pcap", pcap([record(body(ME, 60))] * 20_000))
        os.mkfifo(self.folder / "wave")
        for mode in MODES:
            process = self.start("replay", *[path] * 50, "--mode", mode, "--json", "r.json", "--vcd", "wave")
            with open(self.folder / "wave", "rb") as wave:
                wave.read(100_000)
                process.send_signal(signal.SIGINT)
                while wave.read(1_000_000):
                    pass
            self.end(process)
            offered = self.balanced(json.loads((self.folder / "r.json").read_text()))
            self.assertGreater(offered, 100)
            self.assertLess(offered, 50 * 20_000)

    def test_check_ends_at_once(self):
        """Whether the terminal sends the signal to all processes or somebody to this one alone; and no child stays."""
        name = self.write("endless.toml", """\
[[traffic]]
count = 900000000000
[[expect]]
fate = "delivered"
equals = 1
""")
        for mode in MODES:
            for everyone in (True, False):
                with self.subTest(mode=mode, everyone=everyone):
                    process = self.running("check", name, "no-loss", "--mode", mode, start_new_session=True)
                    self.until(lambda: child_of(process), process)
                    child = child_of(process)
                    if everyone:
                        os.killpg(process.pid, signal.SIGINT)
                    else:
                        process.send_signal(signal.SIGINT)
                    out, err = self.end(process)
                    self.assertEqual(out.decode(), "interrupted: 0 of 2 scenarios were checked, 0 of them hold\n")
                    self.assertEqual(err, "")
                    self.assertRaises(ProcessLookupError, os.kill, child, 0)


if __name__ == "__main__":
    main()
