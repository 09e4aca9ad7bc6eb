#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C: the first one winds a run down to a result that says so, the second one kills, and no file stays half done.

Each signal follows something that the program is seen to do; no test waits for a time.
"""
import json
import os
import pathlib
import signal
import subprocess

from overrun_command import ME, MODES, CommandTest, body, child_of, main, pcap, record
from wave_file import Wave

# A week on the wire.
ENDLESS = ("--set", "traffic[0].count=900000000000")
ENDLESS_SCENARIO = """\
[[traffic]]
count = 900000000000
[[expect]]
fate = "delivered"
equals = 1
"""


def awaits(process, sig=signal.SIGINT):
    """Whether the process has a handler for the signal (proc(5), SigCgt)."""
    return in_set(process, "SigCgt", sig)


def in_set(process, name, sig):
    """Whether the signal is in one of the sets of /proc/PID/status."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    those = next(int(line.split()[1], 16) for line in status.split("\n") if line.startswith(name))
    return bool(those >> (sig - 1) & 1)


def octets_read(process):
    """How much the process has read so far (proc(5), io)."""
    text = pathlib.Path(f"/proc/{process.pid}/io").read_text()
    return int(text.split("rchar: ")[1].split()[0])


class Interrupt(CommandTest):
    def start(self, *arguments, **how):
        """With the usual effect of each signal, also where these tests run in the background."""
        def usual():
            for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(sig, signal.SIG_DFL)
        return super().start(*arguments, **{"preexec_fn": usual, **how})

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
            for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
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
            # The pipe is read no further, so the run waits and cannot wind down.
            with open(self.folder / "wave", "rb") as wave:
                wave.read(1)
                process.send_signal(signal.SIGINT)
                self.until(lambda: not in_set(process, "ShdPnd", signal.SIGINT), process)
                process.send_signal(signal.SIGINT)
                self.end(process, -signal.SIGINT)
            self.assertEqual((self.folder / "r.json").read_text(), "old")
            self.assertEqual(sorted(os.listdir(self.folder)), ["r.json", "wave"])

    def test_a_signal_that_the_caller_ignores_stays_ignored(self):
        """As for what a script starts in the background, or with nohup."""
        def deaf():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        process = self.start("run", "no-loss", *ENDLESS, "--json", "-", preexec_fn=deaf)
        self.until(lambda: awaits(process, signal.SIGTERM), process)
        for sig in (signal.SIGINT, signal.SIGHUP):
            self.assertFalse(awaits(process, sig))
            self.assertTrue(in_set(process, "SigIgn", sig))
        process.send_signal(signal.SIGTERM)
        self.balanced(json.loads(self.end(process)[0]))

    def ends_without_result(self, process, doing, *, everything=None):
        """One line that says what was going on; the folder is as it was."""
        out, err = self.end(process)
        self.assertEqual((out, err), (b"", f"overrun: interrupted while {doing}; no result was written\n"))
        self.assertEqual(sorted(os.listdir(self.folder)), everything)
        self.assertEqual((self.folder / "r.json").read_text(), "old")

    def test_while_captures_are_looked_at(self):
        """Three gigabytes in many small reads of the same file, before a frame is played."""
        path = self.write("a.pcap", pcap([record(body(ME, 60))] * 20_000))
        self.write("r.json", "old")
        for mode in MODES:
            for sig in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(mode=mode, sig=sig):
                    process = self.start("replay", *[path] * 2000, "--mode", mode, "--json", "r.json", "--vcd", "w")
                    self.until(lambda: octets_read(process) > 200_000_000, process)
                    process.send_signal(sig)
                    self.ends_without_result(process, f"reading {path}", everything=["a.pcap", "r.json"])

    def test_while_a_capture_is_waited_for(self):
        """A pipe that is never written to, or not to its end."""
        self.write("r.json", "old")
        os.mkfifo(self.folder / "pipe")
        beginning = pcap([record(body(ME, 60))] * 100)
        for mode in MODES:
            arguments = ("--mode", mode, "--json", "r.json", "--vcd", "w")
            process = self.running("replay", "pipe", *arguments)
            process.send_signal(signal.SIGINT)
            self.ends_without_result(process, "reading pipe", everything=["pipe", "r.json"])

            process = self.start("replay", "pipe", *arguments)
            with open(self.folder / "pipe", "wb") as pipe:
                pipe.write(beginning)
                pipe.flush()
                process.send_signal(signal.SIGINT)
                self.ends_without_result(process, "reading pipe", everything=["pipe", "r.json"])

            process = self.running("replay", "-", *arguments, stdin=subprocess.PIPE)
            process.stdin.write(beginning)
            process.stdin.flush()
            process.send_signal(signal.SIGTERM)
            self.until_ended(process)
            self.ends_without_result(process, "reading standard input", everything=["pipe", "r.json"])

    def until_ended(self, process):
        """Standard input stays open until then."""
        process.wait(timeout=300)
        process.stdin.close()
        process.stdin = None

    def test_while_a_reader_is_waited_for(self):
        """The first output is open already; its temporary file must go."""
        self.write("r.json", "old")
        os.mkfifo(self.folder / "wave")
        process = self.running("run", "no-loss", "--json", "r.json", "--vcd", "wave")
        process.send_signal(signal.SIGINT)
        self.ends_without_result(process, "waiting for a reader of 'wave'", everything=["r.json", "wave"])

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
        """Whether the signal goes to all processes, as from a terminal, or to this one alone; and no child stays."""
        name = self.write("endless.toml", ENDLESS_SCENARIO)
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

    def test_check_ends_while_a_capture_is_waited_for(self):
        os.mkfifo(self.folder / "pipe")
        name = self.write("s.toml", '[[traffic]]\nkind = "pcap"\nfile = "pipe"\n[[expect]]\nfate = "delivered"\n'
                                    'equals = 1\n')
        for sig in (signal.SIGINT, signal.SIGTERM):
            for everyone in (True, False):
                process = self.running("check", name, start_new_session=True)
                self.until(lambda: child_of(process), process)
                child = child_of(process)
                (os.killpg if everyone else os.kill)(process.pid, sig)
                self.assertEqual(self.end(process),
                                 (b"interrupted: 0 of 1 scenarios were checked, 0 of them hold\n", ""))
                self.assertRaises(ProcessLookupError, os.kill, child, 0)

    def test_the_child_of_a_killed_check_dies(self):
        name = self.write("endless.toml", ENDLESS_SCENARIO)
        process = self.running("check", name)
        self.until(lambda: child_of(process), process)
        child = pathlib.Path(f"/proc/{child_of(process)}/stat")
        process.kill()
        self.end(process, -signal.SIGKILL)
        while child.exists() and child.read_text().rpartition(")")[2].split()[0] not in "ZX":
            pass   # an orphan is killed at once, but not necessarily before its parent's end is seen

    def test_bench_ends_at_once(self):
        self.write("r.json", "old")
        for everyone in (True, False):
            process = self.running("bench", "--only", "bare.64.10G", "--json", "r.json", start_new_session=True)
            self.until(lambda: child_of(process), process)
            child = child_of(process)
            (os.killpg if everyone else os.kill)(process.pid, signal.SIGINT)
            self.assertEqual(self.end(process), (b"", "overrun: bench: interrupted; no result was written\n"))
            self.assertRaises(ProcessLookupError, os.kill, child, 0)
            self.assertEqual(os.listdir(self.folder), ["r.json"])
            self.assertEqual((self.folder / "r.json").read_text(), "old")


if __name__ == "__main__":
    main()
