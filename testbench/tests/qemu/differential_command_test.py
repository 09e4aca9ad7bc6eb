#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`overrun differential`: the share of the long run that continuous integration does, its result, and its ends.

Each test that ends a run looks for a QEMU that was left behind.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "command"))
from overrun_command import PATIENCE, WEB, CommandTest, child_of, main  # noqa: E402

WARNING = "overrun: warning: QEMU {} is not a version that the departures were established with\n"
PROGRAMS = int(os.environ.get("OVERRUN_DIFFERENTIAL_PROGRAMS", "300"))


def gone(pid):
    """Whether there is no such process, or only its entry in the table of processes."""
    try:
        return "\nState:\tZ" in pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


class Differential(CommandTest):
    def differential(self, *arguments, **how):
        process = self.start("differential", *arguments, **how)
        out, err = process.communicate(how.pop("input", None), timeout=PATIENCE)
        return process.returncode, out.decode(), err.decode()

    def warning(self, result):
        """What a run on that QEMU says on standard error, and all that it says there."""
        return "" if result["known_version"] else WARNING.format(result["qemu"])

    def running(self):
        """A run without end whose QEMU has begun."""
        def usual():
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        process = self.start("differential", "--programs", "10000000", preexec_fn=usual)
        child = None
        while child is None:
            self.assertIsNone(process.poll())
            child = child_of(process)
        return process, child

    def test_our_nic_agrees_with_qemu(self):
        code, out, err = self.differential("--programs", str(PROGRAMS), "--capture", WEB, "--json", "-")
        result = json.loads(out)
        print(f"QEMU {result['qemu']}: {result['programs']} programs, {result['frames']} frames, "
              f"{result['seconds']:.1f} s", file=sys.stderr)
        self.assertEqual(list(result), ["programs", "frames", "mismatches", "masked", "qemu", "known_version", "seconds",
                                        "failures"])
        self.assertGreater(result["programs"], PROGRAMS)   # the directed ones come on top
        self.assertGreater(result["frames"], 100 * PROGRAMS)
        self.assertEqual(err, self.warning(result))
        if not result["known_version"]:
            return   # it may have other departures
        self.assertEqual((code, result["mismatches"], result["failures"]), (0, 0, []))
        # Every departure that this version has was met.
        self.assertEqual([name for name, count in result["masked"].items() if count == 0], [])

    def test_a_program_is_replayed_from_standard_input(self):
        text = b"ring 8 0 0 0\nframe 020000000001020000000099 88b5 +46  # to the station\nread 0x2810\n"
        file = self.folder / "result.json"
        process = self.start("differential", "--replay", "-", "--json", str(file), stdin=-1)
        out, err = process.communicate(text, timeout=PATIENCE)
        self.assertEqual((process.returncode, err.decode()), (0, self.warning(json.loads(file.read_text()))))
        self.assertIn(b"1 programs, 1 frames, 0 mismatches", out)

    def test_without_qemu_it_says_so(self):
        nowhere = {**os.environ, "PATH": "/nonexistent"}
        nowhere.pop("OVERRUN_QEMU", None)
        code, out, err = self.differential(env=nowhere)
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(err, "overrun: there is no qemu-system-x86_64 on PATH (Debian: qemu-system-x86)\n")

    def test_what_is_no_qemu_is_told_apart(self):
        code, out, err = self.differential(env={**os.environ, "OVERRUN_QEMU": shutil.which("true")})
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(err.count("\n"), 1)
        self.assertIn("has ended (exit status 0)", err)

    def test_there_is_no_other_nic_yet(self):
        code, _, err = self.differential("--nic", "granite")
        self.assertEqual((code, err), (2, "overrun: --nic: \"granite\" is not built in; allowed: model\n"))

    def test_ctrl_c_ends_qemu_too(self):
        process, child = self.running()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        # It may have come to the warning of a version that is not known.
        said = re.sub(re.escape(WARNING).replace(r"\{\}", ".*"), "", err.decode())
        self.assertEqual((process.returncode, said.count("\n")), (130, 1), err)
        self.assertTrue(gone(child))

    def test_qemu_dies_with_a_program_that_is_killed(self):
        process, child = self.running()
        process.kill()
        process.communicate(timeout=PATIENCE)
        while not gone(child):
            pass


if __name__ == "__main__":
    if not shutil.which("qemu-system-x86_64") and not os.environ.get("OVERRUN_QEMU"):
        print("skipped: there is no qemu-system-x86_64 on PATH (Debian: qemu-system-x86)")
        sys.exit(1 if os.environ.get("OVERRUN_REQUIRE_QEMU") == "1" else 77)
    main()
