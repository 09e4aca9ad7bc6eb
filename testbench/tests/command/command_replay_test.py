#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Replay: every form of capture, every option, and the counters of captures drawn at random.

check_capture.py counts what must come out, from the octets alone.
"""
import copy
import gzip
import json
import os
import random
import subprocess
import sys

from overrun_command import (BROADCAST, GROUP, ME, MODES, OTHER, ROOT, WEB, CommandTest, body, check_capture, main,
                             pcap, pcapng, record, whole, zipped)
from random_capture import capture

# Nothing waits and nothing is lost: the driver is as fast as the wire, which is hardly used.
EASY = ("--set", "host.profile=ideal", "--set", "wire.rate=10Gbps")


def bare_result(result):
    return {key: value for key, value in result.items() if key not in ("wall_s", "rate", "scenario")}


class Forms(CommandTest):
    def test_every_form_of_a_capture_is_the_same_capture(self):
        records = [record(body(ME, 60)), record(body(BROADCAST, 300)), record(body(OTHER, 42), at_ns=500_000),
                   record(body(ME, 100), 400)]
        for mode in MODES:
            want = bare_result(self.json_of("replay", self.write("a", pcap(records)), "--mode", mode))
            self.assertEqual((want["offered"], want["mac"]), (4, "02:aa:bb:cc:dd:01"))
            for name, data in {"big.pcap": pcap(records, ">"), "us.pcap": pcap(records, nano=False),
                               "big-us.pcap": pcap(records, ">", nano=False), "a.pcapng": pcapng(records),
                               "big.pcapng": pcapng(records, ">"), "a.gz": zipped(pcap(records)),
                               "two members.gz": zipped(pcap(records)[:50]) + zipped(pcap(records)[50:]),
                               "no suffix": zipped(pcapng(records))}.items():
                with self.subTest(form=name, mode=mode):
                    path = self.write(name, data)
                    self.assertEqual(bare_result(self.json_of("replay", path, "--mode", mode)), want)
                    self.assertEqual(bare_result(self.json_of("replay", "-", "--mode", mode, input=data)), want)
                    with open(path, "rb") as file:
                        self.assertEqual(bare_result(self.json_of("replay", "-", "--mode", mode, stdin=file)), want)

    def test_several_captures_follow_one_another(self):
        first = self.write("1.pcap", pcap([record(body(ME, 60))] * 3))
        second = self.write("2.pcap.gz", zipped(pcap([record(body(OTHER, 1000))] * 2)))
        for mode in MODES:
            result = self.json_of("replay", first, second, first, "--mode", mode, *EASY)
            self.assertEqual((result["offered"], result["fates"]), (8, {"delivered": 6, "filtered_address": 2}))
            self.assertEqual(result["scenario"], "1.pcap and 2 more")
            # 3 frames, 200 us; the next capture's first starts with the last one's, 100 us; again 200 us.
            last_frame = 1000 * (8 + 64) * 8 // 10
            self.assertGreaterEqual(result["simulated_ps"], 500_000_000 + last_frame)
            self.assertLess(result["simulated_ps"], 501_000_000)
            mixed = self.json_of("replay", "-", first, "--mode", mode, input=pcap([record(body(ME, 60))]))
            self.assertEqual(mixed["offered"], 4)

    def test_pacing(self):
        path = self.write("a.pcap", pcap([record(body(ME, 60))] * 11, gap_ns=1_000_000))   # 10 ms
        first, last = 576_000, 20_000_000   # the frame itself; what a driver needs for the last one

        def lasts(*options):
            results = [self.json_of("replay", path, *options, "--mode", mode) for mode in MODES]
            self.assertEqual(len({one["simulated_ps"] for one in results}), 1)
            return results[0]["simulated_ps"], results[0]["replay"]

        for options, wire_ps in (((), 10**10), (("--multiplier", "10"), 10**9), (("--multiplier", "0.5"), 2 * 10**10),
                                 (("--max-gap", "10us"), 10**8), (("--max-gap", "1ms"), 10**10),
                                 (("--max-gap", "10us", "--multiplier", "2"), 5 * 10**7), (("--limit", "1"), 0),
                                 (("--limit", "6"), 5 * 10**9), (("--topspeed",), 10 * 672_000)):
            with self.subTest(options=options):
                duration, counts = lasts(*options)
                self.assertGreaterEqual(duration, wire_ps + first)
                self.assertLess(duration, wire_ps + first + last)
                self.assertEqual(counts["gaps_shortened"], 10 if "10us" in options else 0)
                self.assertEqual(counts["frames"], int(options[1]) if "--limit" in options else 11)
                self.assertEqual(counts["reserialised"], 10 if "--topspeed" in options else 0)
        # Ten times slower, the same frames take ten times as long on the wire, and that shows at the end only.
        slow = self.json_of("replay", path, "--topspeed", "--set", "wire.rate=100Mbps")
        self.assertGreaterEqual(slow["simulated_ps"], 10 * 6_720_000 + 10 * first)

    def test_rates_of_a_capture_of_ours(self):
        """The mean rate, by the time of the last frame; lengths and their number are read by the independent counter."""
        with open(WEB, "rb") as file:
            records = check_capture().read_capture(file.read(), WEB)
        lengths = [length for _, length in records]
        frames, bits = len(lengths), 8 * sum(lengths[:-1])
        for options, want in ((("--pps", "10000"), (frames - 1) * 10**12 / 10_000),
                              (("--pps", "2.5kpps"), (frames - 1) * 10**12 / 2_500),
                              (("--pps", "10000", "--loop", "3"), (3 * frames - 1) * 10**12 / 10_000),
                              (("--mbps", "50"), bits * 10**12 / 50e6), (("--mbps", "12.5"), bits * 10**12 / 12.5e6),
                              (("--mbps", "50", "--loop", "2"), (2 * bits + 8 * lengths[-1]) * 10**12 / 50e6)):
            for mode in MODES:
                with self.subTest(options=options, mode=mode):
                    result = self.json_of("replay", WEB, *options, "--mode", mode, *EASY)
                    self.assertEqual(result["offered"], frames * int(options[3] if "--loop" in options else 1))
                    self.assertEqual(result["replay"]["reserialised"], 0)
                    # The last frame's octets at 10 Gb/s, and what a driver needs for it, end the run.
                    self.assertGreaterEqual(result["simulated_ps"], want)
                    self.assertLess(result["simulated_ps"], want + 25_000_000)

    def test_loops(self):
        frames = [record(body(ME, 60)), record(body(ME, 60), at_ns=300_000), record(body(OTHER, 60), at_ns=400_000)]
        path = self.write("a.pcap", pcap(frames))
        for mode in MODES:
            result = self.json_of("replay", path, "--loop", "5", "--mode", mode, *EASY)
            self.assertEqual((result["offered"], result["fates"]), (15, {"delivered": 10, "filtered_address": 5}))
            # Five passes of 400 us and four mean gaps of 200 us.
            self.assertGreaterEqual(result["simulated_ps"], 2_800_000_000)
            self.assertLess(result["simulated_ps"], 2_801_000_000)
            limited = self.json_of("replay", path, "--loop", "5", "--limit", "7", "--topspeed", "--mode", mode, *EASY)
            self.assertEqual(limited["offered"], 7)
            piped = self.json_of("replay", "-", "--loop", "2", "--mode", mode, *EASY, input=pcap(frames))
            self.assertEqual(piped["offered"], 6)

    def test_timestamps_that_step_back(self):
        path = self.write("a.pcap", pcap([record(body(ME, 60), at_ns=at) for at in (500_000, 100_000, 900_000)]))
        for mode in MODES:
            result = self.json_of("replay", path, "--mode", mode)
            self.assertEqual(result["replay"]["timestamps_backwards"], 1)
            self.assertLess(result["simulated_ps"], 430_000_000)   # 400 us from the first frame to the last


class Station(CommandTest):
    """--mac auto: the most frequent unicast destination; each rule is said in a line."""

    def station(self, destinations, *options):
        path = self.write("a.pcap", pcap([record(body(to, 60)) for to in destinations]))
        results = [self.json_of("replay", path, *options, "--mode", mode) for mode in MODES]
        texts = [self.call("replay", path, *options, "--mode", mode).out.decode() for mode in MODES]
        self.assertEqual(len({one["mac"] for one in results}), 1)
        return results[0]["mac"], texts[0], results[0]

    def test_rules(self):
        me, other, zero = "02:aa:bb:cc:dd:01", "02:aa:bb:cc:dd:02", "00:00:00:00:00:00"
        for destinations, want, says in (
                ([OTHER, ME, GROUP, GROUP, GROUP, ME], me, f"nic.mac auto: {me}, the destination of 2 of 6 frames"),
                ([OTHER, ME, ME, OTHER], other, f"nic.mac auto: {other}, the destination of 2 of 4 frames"),
                ([ME, OTHER, OTHER, ME], me, f"nic.mac auto: {me}"),
                ([GROUP, BROADCAST], "02:00:00:00:00:01", "nic.mac auto: no unicast destination, so 02:00:00:00:00:01"),
                ([bytes(6), bytes(6), ME], zero, "the address is all zeros, as in the capture")):
            with self.subTest(want=want, says=says):
                mac, text, _ = self.station(destinations)
                self.assertEqual(mac, want)
                self.assertIn(says, text)

    def test_a_given_address_and_open_filters(self):
        frames = [ME, OTHER, GROUP, BROADCAST]
        mac, text, result = self.station(frames, "--mac", "02:AA:bb:cc:dd:02")
        self.assertEqual(mac, "02:aa:bb:cc:dd:02")
        self.assertNotIn("auto", text)
        self.assertEqual(result["fates"], {"delivered": 2, "filtered_address": 2})
        for options, delivered in ((("--allmulti",), 3), (("--promiscuous",), 4),
                                   (("--set", 'nic.multicast=["01:00:5e:00:00:01"]'), 3)):
            with self.subTest(options=options):
                self.assertEqual(self.station(frames, *options)[2]["fates"]["delivered"], delivered)


class Counters(CommandTest):
    def compare(self, data, *options, **expect):
        """Replays, compares with the independent count, and returns both."""
        checker = check_capture()
        path = self.write("random.pcap", data)
        want = checker.expected([("random.pcap", data)], **expect)
        outcomes = [self.call("replay", path, *EASY, *options, "--mode", mode, "--json", "-") for mode in MODES]
        for outcome in outcomes:
            self.assertEqual(outcome.code, 0, outcome)
            result = outcome.result()
            self.assertEqual(result["mac"], want["mac"])
            self.assertEqual(checker.differences(want, result), [])
            self.assertEqual(sum(result["fates"].values()), result["offered"])
            self.assertEqual((result["registers"]["MPC"], result["in_flight"], result["anomalies"]), (0, 0, {}))
        return want, outcomes[0].result()

    def test_captures_drawn_at_random(self):
        seen = {}
        for seed in range(24):
            draw = random.Random(seed)
            present = bool(seed % 2)
            options, expect = [], {"fcs": "present" if present else draw.choice(("auto", "absent"))}
            expect["truncated"] = draw.choice(("pad", "skip"))
            for name in ("promiscuous", "allmulti"):
                if draw.random() < 0.3:
                    options.append(f"--{name}")
                    expect[name] = True
            if draw.random() < 0.3:
                options += ["--mac", "02:aa:bb:cc:dd:01"]
                expect["station"] = ME
            if draw.random() < 0.3:
                expect["vlans"] = draw.sample(range(4095), 2000)
                options += ["--set", f"nic.vlans={expect['vlans']}"]
            options += ["--fcs", expect["fcs"], "--truncated", expect["truncated"]]
            with self.subTest(seed=seed, options=options):
                want, _ = self.compare(capture(seed, present), *options, **expect)
                for name, count in {**want["fates"], **want["registers"], **want["replay"]}.items():
                    seen[name] = seen.get(name, 0) + count
        missing = [name for name, count in seen.items() if not count and name not in ("ALGNERRC", "RXERRC", "MPC")]
        self.assertEqual(missing, [], "the captures do not hold what these count")

    def test_vlans(self):
        """At the ends of the table's words, whatever priority and CFI; frames without a tag of 8100 always pass."""
        numbers = (0, 1, 31, 32, 33, 63, 64, 1000, 4062, 4063, 4064, 4094, 4095)
        tcis = [above << 12 | number for number in numbers for above in (0, 1, 10, 15)]
        tagged = [body(to, 60, b"\x81\x00", tci.to_bytes(2, "big")) for to in (ME, BROADCAST) for tci in tcis]
        others = [body(ME, 60), body(ME, 60, b"\x88\xa8", b"\0\7"), body(ME, 1518, b"\x81\x00", b"\0\x20")]
        data = pcap([record(octets) for octets in tagged + others])
        for vlans in ([], [0], [31], [32], [63, 64], [4094, 4063], [7], list(range(4095))):
            with self.subTest(vlans=vlans[:5]):
                want, _ = self.compare(data, "--set", f"nic.vlans={vlans}", vlans=vlans)
                passing = sum(number in vlans for number in numbers)
                self.assertEqual(want["fates"]["filtered_vlan"],
                                 8 * (len(numbers) - passing) + (32 not in vlans))
        self.assertEqual(self.compare(data)[0]["fates"]["filtered_vlan"], 0)
        # A driver that wants every frame still filters by VLAN.
        everything = self.compare(data, "--promiscuous", "--set", "nic.vlans=[1000]", vlans=[1000], promiscuous=True)
        self.assertEqual(everything[0]["fates"]["delivered"], 8 + 2)

    def test_multicast_asked_for(self):
        """The table looks at the upper 12 bits of the last two octets, so a group's like pass with it."""
        asked = bytes.fromhex("01005e010203")
        alike = [bytes.fromhex(text) for text in ("01005e010203", "01005e090203", "3333ff000f03", "030000000003")]
        unlike = [bytes.fromhex(text) for text in ("01005e010204", "01005e011203", "01005e018203", "01005e010283")]
        data = pcap([record(body(to, 60)) for to in [ME, *alike, *unlike]])
        want, _ = self.compare(data, "--set", 'nic.multicast=["01:00:5e:01:02:03"]', multicast=[asked])
        self.assertEqual((want["registers"]["MPRC"], want["fates"]["filtered_address"]), (len(alike), len(unlike)))

    def test_an_fcs_in_the_capture(self):
        frames = [whole(body(ME, 60)), whole(body(ME, 60), 1), body(ME, 60), whole(body(ME, 50))]
        path = self.write("fcs.pcap", pcap([record(octets) for octets in frames]))
        for mode in MODES:
            fates = {fcs: self.json_of("replay", path, "--fcs", fcs, "--mode", mode)
                     for fcs in ("auto", "present", "absent")}
            # auto takes what fits for an FCS and appends one to the others, so nothing is wrong then.
            self.assertEqual(fates["auto"]["fates"], {"delivered": 4})
            self.assertEqual(fates["auto"]["registers"]["GORC"], 64 + 68 + 64 + 64)
            self.assertEqual(fates["absent"]["registers"]["GORC"], 68 + 68 + 64 + 64)
            self.assertEqual(fates["present"]["fates"], {"delivered": 1, "crc_error": 1, "fragment": 1, "runt": 1})

    def test_truncated_frames(self):
        path = self.write("cut.pcap", pcap([record(body(ME, 60)), record(body(ME, 40), 600), record(body(ME, 0), 100)]))
        for mode in MODES:
            pad = self.json_of("replay", path, "--mac", "02:aa:bb:cc:dd:01", "--mode", mode)
            self.assertEqual((pad["offered"], pad["fates"]), (3, {"delivered": 2, "filtered_address": 1}))
            self.assertEqual(pad["registers"]["GORC"], 64 + 604)
            self.assertEqual((pad["replay"]["truncated"], pad["replay"]["skipped"]), (2, 0))
            skip = self.json_of("replay", path, "--truncated", "skip", "--mode", mode)
            self.assertEqual((skip["offered"], skip["replay"]["truncated"], skip["replay"]["skipped"]), (1, 2, 2))

    def test_the_checker_as_a_command(self):
        """The example of traces/README.md, and its broken twin."""
        script = str(ROOT / "traces" / "check_capture.py")
        for mode in MODES:
            self.assertEqual(self.call("replay", WEB, "--json", "web.json", "--quiet", "--mode", mode).code, 0)
            check = [sys.executable, "-B", script, WEB, "--compare", str(self.folder / "web.json")]
            right = subprocess.run(check, capture_output=True, text=True, check=False)
            self.assertEqual(right.returncode, 0, right)
            self.assertIn("1418 frames", right.stdout)
            result = json.loads((self.folder / "web.json").read_text())
            for group, name in (("registers", "GPRC"), ("fates", "delivered"), ("ethtool", "rx_bytes"),
                                ("replay", "padded")):
                twin = copy.deepcopy(result)
                twin[group][name] -= 1
                self.write("web.json", json.dumps(twin))
                wrong = subprocess.run(check, capture_output=True, text=True, check=False)
                self.assertEqual(wrong.returncode, 1, wrong)
                right, bad = result[group][name], twin[group][name]
                self.assertEqual(wrong.stdout, f"{group}.{name}: expected {right}, got {bad}\n")


class Memory(CommandTest):
    def peak_kib(self, name, mode, stdin=subprocess.DEVNULL):
        """Peak resident memory of one replay."""
        process = self.start("replay", name, "--topspeed", "--quiet", "--mode", mode, stdin=stdin,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss

    def test_a_big_capture_takes_no_more_memory_than_a_small_one(self):
        """30 MB, also compressed, also through a pipe (which goes to a temporary file): none of it stays in memory."""
        # Written in pieces: this process stays small, as a child's peak counts from before it became another program.
        header, frames = pcap([]), pcap([record(body(ME, 1500, rest=b"x" * 100))] * 64)[24:]
        small = self.write("small.pcap", header + frames)
        with open(self.folder / "big.pcap", "wb") as plain, gzip.open(self.folder / "big.gz", "wb", 1) as packed:
            for piece in (header, *[frames] * 310):
                plain.write(piece)
                packed.write(piece)
        size_kib = (self.folder / "big.pcap").stat().st_size // 1024
        self.assertGreater(size_kib, 29_000)
        for mode in MODES:
            before = self.peak_kib(small, mode)
            with subprocess.Popen(["cat", self.folder / "big.pcap"], stdout=subprocess.PIPE) as feeder:
                peaks = {"pipe": self.peak_kib("-", mode, feeder.stdout)}
            for name in ("big.pcap", "big.gz"):
                peaks[name] = self.peak_kib(name, mode)
            for name, peak in peaks.items():
                self.assertLess(peak - before, size_kib // 3, f"{name} under {mode}")


if __name__ == "__main__":
    main()
