#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counters over time: each column of the table adds up to the run's total. And the line that shows a run's progress.

"""
import csv
import json
import os
import pty
import select
import signal

from overrun_command import MODES, WEB, CommandTest, main

LEVELS = ("time_s", "in_flight", "fifo_octets", "fifo_frames", "ring_free")


class Statistics(CommandTest):
    def rows(self, *arguments, interval):
        outcome = self.call(*arguments, "--stats-interval", interval, "--stats-out", "s.csv", "--json", "-")
        self.assertIn(outcome.code, (0, 1), outcome)
        with open(self.folder / "s.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file)), outcome.result()

    def hold(self, rows, result):
        total = {name: sum(int(row[name]) for row in rows) for name in rows[0] if name not in LEVELS}
        want = {"offered": result["offered"], "interrupts": result["host"]["interrupts"],
                **{name: result["fates"].get(name, 0) for name in total if name.islower() and name not in (
                    "offered", "offered_octets", "interrupts", "polls")},
                **{name: result["registers"][name] for name in total if name.isupper()}}
        self.assertEqual({name: total[name] for name in want}, want)
        self.assertTrue(set(result["fates"]) <= set(total))
        self.assertEqual(int(rows[-1]["in_flight"]), result["in_flight"])
        # A driver that is busy when the time is up takes the run a little further.
        self.assertGreaterEqual(int(rows[-1]["time_s"].replace(".", "")), result["simulated_ps"])

    def test_the_sum_of_the_intervals_is_the_total(self):
        calls = (("run", "slow-driver"), ("run", "errors"), ("run", "overload"), ("replay", WEB, "--limit", "400"),
                 ("run", "slow-driver", "--set", "run.duration=300us"),
                 ("run", "stall-10g", "--set", "host.profile=xeon-bdw-gen3x8", "--set", "driver.itr=40"))
        for call in calls:
            texts = set()
            for mode in MODES:
                for interval in ("13us", "100us", "10ms"):
                    with self.subTest(call=call, mode=mode, interval=interval):
                        rows, result = self.rows(*call, "--mode", mode, interval=interval)
                        self.hold(rows, result)
                        times = [float(row["time_s"]) for row in rows]
                        self.assertEqual(times, sorted(times))
                texts.add((self.folder / "s.csv").read_text())
            self.assertEqual(len(texts), 1, call)

    def test_the_check_of_sums_can_fail(self):
        rows, result = self.rows("run", "slow-driver", interval="100us")
        for name in ("offered", "fifo_overrun", "MPC"):
            before = rows[2][name]
            rows[2][name] = int(before) + 1
            with self.assertRaises(AssertionError):
                self.hold(rows, result)
            rows[2][name] = before

    def test_intervals_lie_where_they_should(self):
        """A frame of 64 octets every 672 ns; the FIFO overruns between 200 and 400 us, and not before."""
        rows, _ = self.rows("run", "slow-driver", interval="200us")
        self.assertEqual([row["time_s"] for row in rows[:3]], [f"0.000{n}00000000" for n in (2, 4, 6)])
        self.assertEqual([int(row["offered"]) for row in rows[:3]], [298, 297, 0])
        self.assertEqual([int(row["fifo_overrun"]) for row in rows[:3]], [0, 276, 0])
        self.assertEqual([int(row["ring_free"]) for row in rows[:3]], [0, 0, 63])
        self.assertEqual(int(rows[1]["fifo_octets"]), 20480)

    def test_standard_output_carries_the_table_alone(self):
        outcome = self.call("run", "no-loss", "--stats-interval", "1ms")
        self.assertEqual((outcome.code, outcome.err), (0, ""))
        lines = outcome.out.decode().split("\n")
        self.assertTrue(lines[0].startswith("time_s,offered,"))
        self.assertEqual({line.count(",") for line in lines[:-1]}, {lines[0].count(",")})


class Progress(CommandTest):
    def on_terminal(self, *arguments):
        """What a run writes to a terminal on standard error until it is stopped, which is when it has said something."""
        ours, theirs = pty.openpty()
        process = self.start("run", "no-loss", "--set", "traffic[0].count=900000000000", *arguments, stderr=theirs,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        os.close(theirs)
        seen = b""
        while b"simulated" not in seen:
            self.assertTrue(select.select([ours], [], [], 120)[0], "nothing came")
            seen += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=300)
        while select.select([ours], [], [], 0)[0]:
            try:
                seen += os.read(ours, 4096)
            except OSError:
                break
        os.close(ours)
        return process.returncode, out, seen

    def test_a_long_run_shows_where_it_is_and_takes_that_away(self):
        for mode in MODES:
            code, out, seen = self.on_terminal("--mode", mode, "--json", "r.json")
            self.assertEqual(code, 130)
            self.assertIn(b"frames", seen)
            self.assertTrue(seen.endswith(b"\r\x1b[K"), seen[-60:])
            self.assertIn(b"interrupted", out)
            result = json.loads((self.folder / "r.json").read_text())
            self.assertEqual(sum(result["fates"].values()), result["offered"])

    def test_nothing_is_shown_elsewhere(self):
        outcome = self.call("run", "line-rate-64-1g", "--set", "traffic[0].count=3000000")
        self.assertEqual((outcome.code, outcome.err), (0, ""), outcome)


if __name__ == "__main__":
    main()
