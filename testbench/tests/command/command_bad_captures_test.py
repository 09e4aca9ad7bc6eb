#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Captures that are damaged, strange or hostile, made octet by octet: each is refused in one line, or read as it is.

Which of the two is fixed: the words of a refusal and the number of frames of the others are written here.
"""
import os
import resource
import signal
import struct
import subprocess

from overrun_command import ME, MODES, CommandTest, binary, body, main, pcap, record, zipped

FRAME = body(ME, 60)
HEADER = pcap([])
GOOD = pcap([record(FRAME)] * 3)


def header(captured, length):
    """Of a pcap record."""
    return struct.pack("<IIII", 0, 0, captured, length)


def block(kind, content, size=None, trailer=None):
    """Of a pcapng; `size` and `trailer` as they stand in it when they are wrong."""
    content += b"\0" * (-len(content) % 4)
    right = len(content) + 12
    size = right if size is None else size
    return struct.pack("<II", kind, size) + content + struct.pack("<I", size if trailer is None else trailer)


def section(version=1, magic=0x1A2B3C4D):
    return block(0x0A0D0D0A, struct.pack("<IHHq", magic, version, 0, -1))


def interface(linktype=1, snaplen=262144, options=b""):
    return block(1, struct.pack("<HHI", linktype, 0, snaplen) + options)


def resolution(value):
    """The option if_tsresol, and the end of options."""
    return struct.pack("<HHB3xHH", 9, 1, value, 0, 0)


def enhanced(number=0, octets=FRAME, length=None):
    captured = len(octets) if length is None else length
    return block(6, struct.pack("<5I", number, 0, 0, captured, captured) + octets)


BEGINNING = section() + interface()

REFUSED = (
    # pcap
    ("a length of 4 GiB", HEADER + header(60, 60) + FRAME + header(0xFFFFFFFF, 0xFFFFFFFF) + FRAME,
     "after 1 frames", "4294967295"),
    ("a length of 2 GiB", HEADER + header(0x7FFFFFFF, 60) + FRAME, "after 0 frames", "2147483647"),
    ("longer than its snapshot length", HEADER + header(262145, 262145) + bytes(262145), "after 0 frames", "262145"),
    ("an original length of 4 GiB", HEADER + header(60, 0xFFFFFFFF) + FRAME, "frame 1", "4294967295", "16384"),
    ("inside the header of a record", GOOD[:-70], "after 2 frames"),
    ("inside a record", GOOD[:-30], "after 2 frames"),
    ("an unknown version", GOOD[:4] + struct.pack("<HH", 9, 9) + GOOD[8:], "not a readable capture", "9.9"),
    ("a version of long ago", GOOD[:4] + struct.pack("<HH", 1, 0) + GOOD[8:], "not a readable capture"),
    ("a header cut short", GOOD[:23], "not a readable capture"),
    ("a magic number alone", GOOD[:4], "not a readable capture"),
    ("three octets", GOOD[:3], "not a capture"),
    ("octets of no format", bytes(range(1, 250)), "not a capture"),
    # pcapng
    ("no interface and no frame", section(), "not a readable capture", "no Interface Description Block"),
    ("a frame before any interface", section() + enhanced() + interface(), "not a readable capture", "before any"),
    ("an interface and no frame", BEGINNING, "holds no frames"),
    ("a frame of an interface that is not there", BEGINNING + enhanced(7), "after 0 frames", "interface 7"),
    ("interfaces of two link types", BEGINNING + enhanced() + interface(113) + enhanced(1), "after 1 frames",
     "113"),
    ("another link type first", section() + interface(113) + interface() + enhanced(1), "link type LINUX_SLL"),
    ("another order of octets than any", section(magic=0x1A2B3C00), "not a readable capture"),
    ("a version to come", section(version=7) + interface() + enhanced(), "not a readable capture", "7.0"),
    ("a block of 4 GiB", BEGINNING + block(6, bytes(200), size=0xFFFFFFF0), "after 0 frames", "4294967280"),
    ("a block of no octets", BEGINNING + block(6, bytes(200), size=0), "after 0 frames"),
    ("a block of a size between", BEGINNING + enhanced() + block(6, bytes(40), size=33), "after 1 frames", "33"),
    ("two sizes for one block", BEGINNING + block(6, bytes(40), trailer=48), "after 0 frames", "don't match"),
    ("a frame longer than its block", BEGINNING + enhanced(length=5000), "after 0 frames", "too short"),
    ("inside a block", (BEGINNING + enhanced() * 3)[:-8], "after 2 frames"),
    ("a resolution finer than any", section() + interface(options=resolution(100)) + enhanced(),
     "not a readable capture", "10^-100"),
    # gzip
    ("no octet in gzip", zipped(b""), "not a readable capture"),
    ("text in gzip", zipped(b"once upon a time"), "not a readable capture"),
    ("gzip in gzip", zipped(zipped(GOOD)), "not a readable capture"),
    ("no frame in gzip", zipped(HEADER), "holds no frames"),
    ("gzip and something else", zipped(GOOD) + b"garbage", "corrupt gzip"),
    ("gzip and zeros and something else", zipped(GOOD) + bytes(100) + b"garbage", "corrupt gzip"),
    ("gzip with a second member cut short", zipped(GOOD) + zipped(HEADER)[:-1], "truncated gzip"),
    ("two octets of gzip", zipped(GOOD)[:2], "truncated gzip"),
    ("a capture cut short in gzip", zipped(GOOD[:-1]), "after 2 frames"),
)

READ = (
    ("no snapshot length", pcap([record(FRAME)] * 3, snaplen=0), 3),
    ("the longest snapshot length", pcap([record(FRAME)] * 3, snaplen=0xFFFFFFFF), 3),
    ("more than a second of microseconds", pcap([], nano=False) + struct.pack("<IIII", 1, 5000000, 60, 60) + FRAME, 1),
    ("the length of the FCS beside the link type", pcap([record(FRAME)] * 3, linktype=1 | 1 << 26 | 2 << 28), 3),
    ("frames without octets", pcap([record(b"")] * 3), 3),
    ("blocks that nobody knows", section() + block(0xBAD, bytes(40)) + interface() + enhanced()
     + block(0x80000001, b"x") + block(5, bytes(12)) + enhanced() + block(4, bytes(8)), 2),
    ("two interfaces", BEGINNING + interface() + enhanced(0) + enhanced(1), 2),
    ("two sections", (BEGINNING + enhanced()) * 2, 2),
    ("simple packets", BEGINNING + block(3, struct.pack("<I", 60) + FRAME) * 2, 2),
    ("packets as they were once", BEGINNING + block(2, struct.pack("<HH4I", 0, 0, 0, 0, 60, 60) + FRAME), 1),
    ("the finest binary resolution", section() + interface(options=resolution(0x80 | 63)) + enhanced() * 2, 2),
    ("gzip in members", zipped(GOOD[:30]) + zipped(GOOD[30:]) + zipped(b""), 3),
    ("gzip and zeros", zipped(GOOD) + bytes(100), 3),
)


class BadCaptures(CommandTest):
    def test_refused(self):
        for name, data, *words in REFUSED:
            path = self.write("capture", data)
            self.write("old.json", "old")
            before = self.snapshot()
            for mode in MODES:
                with self.subTest(name=name, mode=mode):
                    outcome = self.call("replay", "capture", "--mode", mode, "--json", "old.json", "--vcd", "new.vcd")
                    self.assert_refused(outcome, "overrun: capture: ", *words, before=before)
            with self.subTest(name=name, how="standard input"):
                outcome = self.call("replay", "-", "--mode", "bare", "--json", "old.json", input=data)
                self.assert_refused(outcome, "overrun: standard input: ", *words, before=before)
            os.remove(path)

    def test_read(self):
        for name, data, frames in READ:
            path = self.write("capture", data)
            for mode in MODES:
                with self.subTest(name=name, mode=mode):
                    self.assertEqual(self.json_of("replay", path, "--mode", mode)["offered"], frames)
            with self.subTest(name=name, how="standard input"):
                self.assertEqual(self.json_of("replay", "-", "--mode", "bare", input=data)["offered"], frames)

    def test_every_beginning_of_a_capture(self):
        """Cut anywhere: all frames before the cut, or one line."""
        for data in (GOOD, BEGINNING + enhanced() * 2, zipped(GOOD)):
            whole = {24 + 76 * n for n in (1, 2, 3)} if data is GOOD else {len(data)}
            whole |= {len(BEGINNING) + len(enhanced()) * n for n in (1, 2)} if data[:1] == b"\x0a" else set()
            for size in range(0, len(data) + 1, 3):
                with self.subTest(first=data[:4], size=size):
                    path = self.write("capture", data[:size])
                    outcome = self.call("replay", path, "--mode", "bare", "--quiet")
                    if size in whole:
                        self.assertEqual(outcome.code, 0, outcome)
                    else:
                        self.assert_refused(outcome, path)


    def test_a_capture_where_a_scenario_is_wanted_and_the_reverse(self):
        for name, data in (("a.pcap", GOOD), ("a.pcapng", BEGINNING + enhanced()), ("a", zipped(GOOD))):
            self.assert_refused(self.call("run", self.write(name, data)), name, "a capture", "overrun replay")
        self.write("s.toml", "[[traffic]]\n")
        self.assert_refused(self.call("replay", "s.toml"), "s.toml: not a capture", "overrun run")
        self.write("no-loss", GOOD)   # the built-in one is meant
        self.assertEqual(self.call("run", "no-loss", "--quiet").code, 0)

    def test_a_capture_that_changes_during_the_run(self):
        """The look at it found nothing. The wave goes through a FIFO, so that the run is known to be in its middle."""
        os.mkfifo(self.folder / "wave")
        data = pcap([record(FRAME)] * 50_000)
        end = len(data) - 76 * 1000
        for change, says in ((lambda file: file.truncate(end - 30), "after 48999 frames"),
                             (lambda file: os.pwrite(file.fileno(), b"\xff" * 100, end), "after 49000 frames")):
            for mode in MODES:
                with self.subTest(says=says, mode=mode):
                    self.write("a.pcap", data)
                    process = self.start("replay", "a.pcap", "--mode", mode, "--json", "r.json", "--vcd", "wave")
                    with open(self.folder / "wave", "rb") as wave:
                        wave.read(1000)
                        with open(self.folder / "a.pcap", "r+b") as file:
                            change(file)
                        while wave.read(1_000_000):
                            pass
                    out, err = process.communicate(timeout=300)
                    self.assertEqual((process.returncode, out), (2, b""), err)
                    self.assertIn(f"overrun: a.pcap: reading failed {says}", err.decode())
                    self.assertEqual(err.count(b"\n"), 1)
                    self.assertEqual(sorted(os.listdir(self.folder)), ["a.pcap", "wave"])


class Copy(CommandTest):
    """What can be read only once is copied; where to, and that there may be no room."""

    def test_a_folder_of_the_users_choice(self):
        for folder, says in (("nowhere", "No such file"), ("/proc", "/proc")):
            outcome = self.call("replay", "-", "--mode", "bare", input=GOOD, env={**os.environ, "TMPDIR": folder})
            self.assert_refused(outcome, "standard input: ", folder, says, "TMPDIR", before={})
        for folder in (".", ""):
            outcome = self.call("replay", "-", "--mode", "bare", "--quiet", input=GOOD,
                                env={**os.environ, "TMPDIR": folder})
            self.assertEqual((outcome.code, outcome.err), (0, ""))
        self.assertEqual(self.snapshot(), {})

    def test_no_room(self):
        def little_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        data = pcap([record(body(ME, 1500))] * 200)
        outcome = self.call("replay", "-", "--mode", "bare", input=data, preexec_fn=little_room,
                            env={**os.environ, "TMPDIR": str(self.folder)})
        self.assert_refused(outcome, "standard input: ", str(self.folder), "File too large", "TMPDIR", before={})

    def test_a_slow_input_that_is_no_capture(self):
        """Refused with its first octets, though more may come."""
        process = self.start("replay", "-", stdin=subprocess.PIPE)
        process.stdin.write(b"once upon a time")
        process.stdin.flush()
        self.assertEqual(process.wait(timeout=300), 2)
        self.assertIn(b"not a capture", process.stderr.read())
        process.stdin.close()


class WhatIsReadIsNotWritten(CommandTest):
    def test_standard_input_is_a_file(self):
        path = self.write("mine.pcap", GOOD)
        before = self.snapshot()
        for option in ("--json", "--vcd"):
            with open(path, "rb") as file:
                outcome = self.call("replay", "-", option, "mine.pcap", stdin=file)
            self.assert_refused(outcome, option, "mine.pcap", "replace", before=before)

    def test_standard_output_goes_into_what_is_read(self):
        scenario = '[[traffic]]\nkind = "pcap"\nfile = "mine.pcap"\n'
        self.write("mine.pcap", GOOD)
        self.write("mine.toml", scenario)
        before = self.snapshot()
        for name, arguments in (("mine.pcap", ("replay", "mine.pcap")), ("mine.pcap", ("replay", "-")),
                                ("mine.pcap", ("run", "mine.toml", "--vcd", "-")),
                                ("mine.toml", ("run", "mine.toml", "--json", "-"))):
            with self.subTest(arguments=arguments):
                with open(self.folder / name, "ab") as out, open(self.folder / "mine.pcap", "rb") as file:
                    outcome = self.call(*arguments, stdout=out, stdin=file)
                self.assert_refused(outcome, "standard output", before=before)

    def test_a_scenario_without_suffix_and_a_profile(self):
        self.write("mine", "[[traffic]]\n")
        profile = subprocess.run([binary(), "show", "slow-driver"], capture_output=True, check=True).stdout
        self.write("fast.toml", profile)   # its content does not matter: the refusal comes first
        self.write("s.toml", "[[traffic]]\n")
        before = self.snapshot()
        for name in ("mine", "./mine"):
            self.assert_refused(self.call("run", name, "--json", "mine"), "--json mine", "replace", before=before)
        outcome = self.call("run", "s.toml", "--set", "host.profile=fast.toml", "--json", "fast.toml")
        self.assert_refused(outcome, "fast.toml", before=before)
        # A built-in scenario is not read from a file of its name.
        self.write("no-loss", "old")
        self.assertEqual(self.call("run", "no-loss", "--json", "no-loss", "--quiet").code, 0)


class Environment(CommandTest):
    def test_children_are_heard_though_the_caller_hears_none(self):
        """SIGCHLD ignored is inherited, and then children end without telling how."""
        name = self.write("fails.toml", '[[traffic]]\n[[expect]]\nfate = "delivered"\nequals = 2\n')
        outcome = self.call("check", name, preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
        self.assertEqual((outcome.code, outcome.out.splitlines()[-1]), (1, b"0 of 1 scenarios hold"), outcome)

    def test_a_pipe_that_nobody_reads(self):
        for arguments, says in ((("--json", "-"), "cannot write '-': Broken pipe"),
                                (("--vcd", "-"), "cannot write '-': Broken pipe"),
                                ((), "cannot write standard output: Broken pipe")):
            for mode in MODES:
                with self.subTest(arguments=arguments, mode=mode):
                    reader, writer = os.pipe()
                    os.close(reader)
                    outcome = self.call("run", "no-loss", "--mode", mode, *arguments, stdout=writer)
                    os.close(writer)
                    self.assert_refused(outcome, says, before={})

    def test_names_that_are_empty(self):
        for arguments, *says in ((("run", ""), "scenario"), (("show", ""), "name"), (("regs", ""), "name"),
                                 (("bench", "--json", ""), "--json")):
            self.assert_refused(self.call(*arguments), *says, "needs a value", before={})

    def test_a_replay_is_called_by_what_it_plays(self):
        one, two = self.write("1.pcap", GOOD), self.write("2.pcap", GOOD)
        self.assertEqual(self.json_of("replay", one, two, one)["scenario"], "1.pcap and 2 more")
        self.assertEqual(self.json_of("replay", one, "--set", f"traffic[0].file={two}")["scenario"], "2.pcap")


if __name__ == "__main__":
    main()
