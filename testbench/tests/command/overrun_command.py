# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command share: calling it, folders of their own, captures made octet by octet.

The program under test is $OVERRUN_BINARY, and what it must say is known beforehand.
"""
import gzip
import importlib.util
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
WEB = str(ROOT / "traces" / "web.pcap")
MODES = ("lazy", "detailed", "bare")
PATIENCE = 300   # seconds: only a hanging program takes that long

ME, OTHER = bytes.fromhex("02aabbccdd01"), bytes.fromhex("02aabbccdd02")
GROUP, BROADCAST = bytes.fromhex("01005e000001"), b"\xff" * 6
PAUSE_ADDRESS = bytes.fromhex("0180c2000001")


def binary():
    path = os.environ.get("OVERRUN_BINARY")
    if not path:
        sys.exit("OVERRUN_BINARY must name the program to test")
    return os.path.abspath(path)


def check_capture():
    """The independent counter, as a module."""
    place = ROOT / "traces" / "check_capture.py"
    spec = importlib.util.spec_from_file_location("check_capture", place)
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


def child_of(process):
    """The process id of a child; None while there is none."""
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            if f"\nPPid:\t{process.pid}\n" in status.read_text():
                return int(status.parent.name)
        except OSError:   # it ended meanwhile
            continue
    return None


# Frames and files.

def fcs(octets):
    return struct.pack("<I", zlib.crc32(octets))


def body(to, size, kind=b"\x08\x00", rest=b""):
    """A frame of `size` octets without FCS."""
    return (to + OTHER + kind + rest).ljust(size, b"\0")[:size]


def whole(octets, wrong=0):
    """With its FCS; with `wrong` not 0, with a wrong one."""
    return octets + bytes(b ^ wrong for b in fcs(octets))


def record(octets, length=None, at_ns=None):
    """What a capture keeps of one frame: octets, length on the wire, time stamp (None: 100 us after the one before)."""
    return octets, len(octets) if length is None else length, at_ns


def timed(records, gap_ns=100_000):
    """Fills in the time stamps that are None."""
    last = -gap_ns
    for octets, length, at in records:
        last = last + gap_ns if at is None else at
        yield octets, length, last


def pcap(records, order="<", nano=True, linktype=1, snaplen=262144, gap_ns=100_000):
    unit = 1 if nano else 1000
    out = [struct.pack(order + "IHHIIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snaplen, linktype)]
    for octets, length, at in timed(records, gap_ns):
        out.append(struct.pack(order + "IIII", at // 10**9, at % 10**9 // unit, len(octets), length) + octets)
    return b"".join(out)


def pcapng(records, order="<", gap_ns=100_000):
    def block(kind, content):
        content += b"\0" * (-len(content) % 4)
        size = struct.pack(order + "I", len(content) + 12)
        return struct.pack(order + "I", kind) + size + content + size
    nanoseconds = struct.pack(order + "HHB3xHH", 9, 1, 9, 0, 0)   # if_tsresol
    out = [block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)),
           block(1, struct.pack(order + "HHI", 1, 0, 262144) + nanoseconds)]
    for octets, length, at in timed(records, gap_ns):
        head = struct.pack(order + "5I", 0, at >> 32, at & 0xFFFFFFFF, len(octets), length)
        out.append(block(6, head + octets))
    return b"".join(out)


def zipped(data):
    return gzip.compress(data, mtime=0)


# The program.

class Outcome:
    """What one call left behind."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err.decode("utf-8", "backslashreplace")

    def result(self):
        """The JSON on standard output, which must be there alone."""
        return json.loads(self.out)

    def __str__(self):
        out = self.out[:2000].decode("utf-8", "replace")
        return f"exit code {self.code}\n--- stdout\n{out}\n--- stderr\n{self.err}"


class CommandTest(unittest.TestCase):
    """A folder for each test, and calls of the program in it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="overrun-command-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def start(self, *arguments, **how):
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.folder,
               **how}
        process = subprocess.Popen([binary(), *arguments], **how)
        self.addCleanup(self._end, process)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()

    def call(self, *arguments, input=None, **how):
        if input is not None:
            how["stdin"] = subprocess.PIPE
        process = self.start(*arguments, **how)
        out, err = process.communicate(input, timeout=PATIENCE)
        if process.stdin:
            process.stdin.close()
        return Outcome(process.returncode, out or b"", err or b"")

    def json_of(self, command, *arguments, **how):
        outcome = self.call(command, "--json", "-", *arguments, **how)
        self.assertEqual(outcome.code, 0, outcome)
        self.assertEqual(outcome.err, "", outcome)
        result = outcome.result()
        self.assertEqual(sum(result["fates"].values()) + result["in_flight"], result["offered"])
        return result

    def without_rights(self):
        """How to call the program as a user whom permissions stop; skips the test where that is not possible."""
        os.chmod(self.folder, 0o755)
        how = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            trial = subprocess.run([binary(), "--version"], stdout=subprocess.DEVNULL, check=False, **how)
            usable = trial.returncode == 0
        except OSError:
            usable = False
        if not usable:
            self.skipTest("the program cannot be called by a user without rights")
        return how

    def snapshot(self):
        """Everything below the folder, to see that a call changed nothing."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            status = path.lstat()
            content = path.read_bytes() if path.is_file() else None
            found[str(path)] = (status.st_mode, status.st_mtime_ns, content)
        return found

    def assert_refused(self, outcome, *words, before=None):
        """Exit 2, one line on standard error with all of `words`, nothing else."""
        self.assertEqual(outcome.code, 2, outcome)
        self.assertEqual(outcome.out, b"", outcome)
        self.assertTrue(outcome.err.startswith("overrun: ") and outcome.err.endswith("\n"), outcome)
        self.assertEqual(outcome.err.count("\n"), 1, outcome)
        for word in words:
            self.assertIn(word, outcome.err)
        if before is not None:
            self.assertEqual(self.snapshot(), before)


def main():
    """Runs the tests of the calling script; exit 77 when all of them were skipped."""
    binary()
    program = unittest.main(module="__main__", exit=False)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if result.testsRun and len(result.skipped) == result.testsRun else 0)
