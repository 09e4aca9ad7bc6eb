#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A waveform's window against the waveform of the whole run, and what GTKWave is told to show of it.

The waveform of the whole run says what the values at a window's beginning are.
"""
import shutil
import subprocess

from overrun_command import MODES, WEB, CommandTest, main
from wave_file import Wave

PS = {"ns": 10**3, "us": 10**6, "ms": 10**9}


def picoseconds(text):
    return int(float(text[:-2]) * PS[text[-2:]])


class Windows(CommandTest):
    def wave(self, *arguments, name="w.vcd"):
        outcome = self.call(*arguments, "--vcd", name, "--quiet")
        self.assertEqual((outcome.code, outcome.err), (0, ""), outcome)
        return Wave((self.folder / name).read_text())

    def hold(self, whole, window, begin, end):
        """The window shows what the whole waveform shows between its ends, from true values on."""
        self.assertEqual(window.end, end)
        for name, changes in whole.changes.items():
            before = [value for at, value in changes if at <= begin]
            got = window.changes[name]
            self.assertEqual(got[0][0], begin, name)
            at_begin = [value for at, value in got if at <= begin]
            # What was not reported yet can still be asked for. That a throttle interval ends is no event.
            mask = 3 if name == "interrupts.timers" else -1
            if before[-1] is not None:
                self.assertEqual(at_begin[-1] & mask, before[-1] & mask, f"{name} at {begin}")
            # What an access of the host does at the very end may be the first thing that is not shown.
            inside, want = ([c for c in some if begin < c[0] < end] for some in (got, changes))
            if mask == 3 and len(inside) + 1 == len(want):   # the change that only takes note of that end
                want = want[1:]
            self.assertEqual(inside, want, name)

    def test_a_window_shows_what_the_whole_shows(self):
        for call in (("run", "slow-driver"), ("run", "errors"), ("run", "stall-10g-1518"),
                     ("run", "slow-driver", "--set", "driver.itr=100", "--set", "host.profile=xeon-bdw-gen3x8")):
            whole = self.wave(*call)
            for text in ("35us:36us", "214.9us:400us", "350.123us:350.5us"):
                begin, end = (picoseconds(part) for part in text.split(":"))
                if whole.end <= end:
                    continue
                for mode in MODES:
                    with self.subTest(call=call, window=text, mode=mode):
                        window = self.wave(*call, "--wave-window", text, "--mode", mode)
                        self.hold(whole, window, begin, end)

    def test_open_ends(self):
        whole = self.wave("run", "slow-driver")
        for mode in MODES:
            first = self.wave("run", "slow-driver", "--wave-window", ":300us", "--mode", mode)
            self.hold(whole, first, 0, 300 * PS["us"])
            last = self.wave("run", "slow-driver", "--wave-window", "300us:", "--mode", mode)
            self.hold(whole, last, 300 * PS["us"], whole.end)

    def test_the_check_of_windows_can_fail(self):
        whole = self.wave("run", "slow-driver")
        window = self.wave("run", "slow-driver", "--wave-window", "100us:300us")
        for name in ("driver.ring_free", "rx_mac.fate"):
            spoilt = self.wave("run", "slow-driver", "--wave-window", "100us:300us")
            spoilt.changes[name][0] = (spoilt.changes[name][0][0], 99)
            with self.assertRaises(AssertionError):
                self.hold(whole, spoilt, 100 * PS["us"], 300 * PS["us"])
        del window.changes["csr.RDH"][-1]
        if len(whole.changes["csr.RDH"]) > 1:
            window.changes["rx_fifo.octets"].pop()
            with self.assertRaises(AssertionError):
                self.hold(whole, window, 100 * PS["us"], 300 * PS["us"])

    def test_a_window_changes_no_result(self):
        for mode in MODES:
            for arguments in (("run", "slow-driver"), ("replay", WEB, "--limit", "300")):
                plain = self.json_of(*arguments, "--mode", mode)
                for window in ("100us:300us", "1ms:", ":1us", "5s:6s"):
                    outcome = self.call(*arguments, "--mode", mode, "--json", "-", "--vcd", "w.vcd",
                                        "--wave-window", window)
                    self.assertEqual(outcome.code, 0, outcome)
                    result = outcome.result()
                    for one in (plain, result):
                        one.pop("wall_s", None), one.pop("rate", None)
                    self.assertEqual(result, plain)

    def test_a_window_behind_the_run_is_said_in_one_line(self):
        for mode in MODES:
            outcome = self.call("run", "slow-driver", "--vcd", "w.vcd", "--wave-window", "5ms:6ms", "--mode", mode,
                                "--quiet")
            self.assertEqual((outcome.code, outcome.out), (0, b""), outcome)
            self.assertEqual(outcome.err, "overrun: --wave-window 5ms:6ms: the run was over at 1.944 ms, so w.vcd "
                                          "shows nothing\n")
            Wave((self.folder / "w.vcd").read_text())

    def test_ring_and_fifo_tell_the_story(self):
        """63 descriptors go one by one, then 256 frames of 80 octets fill the FIFO, then frames are lost."""
        wave = self.wave("run", "slow-driver")
        stalled = [(at, value) for at, value in wave.changes["driver.ring_free"] if at < 399 * PS["us"]]
        self.assertEqual([value for _, value in stalled], list(range(63, -1, -1)))
        full = next(at for at, value in wave.changes["rx_fifo.octets"] if value == 20480)
        empty = stalled[-1][0]
        lost = next(at for at, value in wave.changes["rx_fifo.drop"] if value)
        self.assertTrue(empty < full < lost, (empty, full, lost))


class View(CommandTest):
    def test_the_save_file_names_signals_of_the_waveform(self):
        self.assertEqual(self.call("run", "slow-driver", "--vcd", "web.vcd", "--quiet").code, 0)
        wave = Wave((self.folder / "web.vcd").read_text())
        lines = (self.folder / "web.gtkw").read_text().split("\n")
        shown, flags = [], {}
        now = None
        for line in lines:
            if line.startswith("@"):
                now = int(line[1:], 16)
            elif line and line[0] not in "[*-^@":
                name, _, width = line.partition("[")
                self.assertEqual(wave.width[name], int(width[:-3]) + 1 if width else 1, line)
                shown.append(name)
                flags[name] = now
        missing = set(wave.changes) - set(shown)
        self.assertTrue(all(name.startswith("csr.") for name in missing), missing)
        for level in ("rx_fifo.octets", "rx_fifo.drop", "driver.ring_free"):   # analogue, in steps
            self.assertTrue(flags[level] & 0x8000, level)
        self.assertIn('[dumpfile] "web.vcd"', lines)
        self.assertIn("^1 web.names", lines)
        names = dict(line.split(" ", 1) for line in (self.folder / "web.names").read_text().split("\n")[:-1])
        fates = {value for value in wave.values("rx_mac.fate")}
        self.assertTrue(all(f"{value:02X}" in names for value in fates), fates)
        self.assertEqual(names["0F"], "fifo_overrun")
        self.assertEqual((names["3"], names["FF"]), ("stalled", "stored"))

    def test_a_save_file_of_somebody_else_stays(self):
        self.write("web.gtkw", "[*] GTKWave Analyzer v3.3.118\nmine\n")
        self.assertEqual(self.call("run", "slow-driver", "--vcd", "web.vcd", "--quiet").code, 0)
        self.assertIn("mine", (self.folder / "web.gtkw").read_text())
        self.write("ours.gtkw", "[*] Overrun wrote this\nold\n")
        self.assertEqual(self.call("run", "slow-driver", "--vcd", "ours.vcd", "--quiet").code, 0)
        self.assertNotIn("old\n", (self.folder / "ours.gtkw").read_text())

    def test_nothing_stands_beside_what_is_no_file(self):
        self.assertEqual(self.call("run", "slow-driver", "--vcd", "-").code, 0)
        self.assertEqual(self.call("run", "slow-driver", "--vcd", "/dev/null", "--quiet").code, 0)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_another_reader_takes_it(self):
        if not shutil.which("vcd2fst") or not shutil.which("fst2vcd"):
            self.skipTest("vcd2fst is not installed")
        for window in ((), ("--wave-window", "100us:300us")):
            self.assertEqual(self.call("run", "slow-driver", "--vcd", "w.vcd", "--quiet", *window).code, 0)
            subprocess.run(["vcd2fst", "w.vcd", "w.fst"], cwd=self.folder, check=True, capture_output=True)
            back = subprocess.run(["fst2vcd", "w.fst"], cwd=self.folder, check=True, capture_output=True, text=True)
            wave = Wave((self.folder / "w.vcd").read_text())
            stamps = {int(line[1:]) for line in back.stdout.split("\n") if line.startswith("#")}
            moves = {at for changes in wave.changes.values() for at, _ in changes}
            self.assertTrue(moves <= stamps | {wave.end}, len(moves - stamps))


if __name__ == "__main__":
    main()
