#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The captures of this project: each against the independent count, and what belongs to it beside it.

It makes no capture: that takes root and packages that no test needs.
"""
import re
import shutil
import struct
import subprocess
import unittest

from overrun_command import MODES, ROOT, CommandTest, check_capture, main

TRACES = ROOT / "traces"
SERVER, CLIENT = "02:00:c0:00:02:01", "02:00:c0:00:02:02"
GROUPS = ["01:00:5e:01:02:03", "01:00:5e:00:00:fb", "33:33:00:00:00:01"]
CAPTURES = {"bulk-tcp": "bulk-tcp.pcap", "dns": "dns.pcap.gz", "groups": "groups.pcapng",
            "microburst": "microburst.pcap", "vlan": "vlan.pcap", "web": "web.pcap"}
# What the scenarios ask for beyond the defaults. microburst loses frames, so the count fits a replay without stalls.
ASKED = {"dns": {"station": SERVER}, "groups": {"station": CLIENT, "multicast": GROUPS}, "vlan": {"vlans": [10, 20]}}


def octets(address):
    return bytes.fromhex(address.replace(":", ""))


class Traces(CommandTest):
    def counted(self, name):
        """What the independent counter says of a capture."""
        asked = dict(ASKED.get(name, {}))
        if "station" in asked:
            asked["station"] = octets(asked["station"])
        asked["multicast"] = [octets(group) for group in asked.get("multicast", ())]
        return check_capture().expected([(name, (TRACES / CAPTURES[name]).read_bytes())], **asked)

    def test_every_capture_against_the_independent_count(self):
        for name in CAPTURES:
            asked = ASKED.get(name, {})
            options = ["--mac", asked["station"]] if "station" in asked else []
            for key in ("multicast", "vlans"):
                if key in asked:
                    options += ["--set", f"nic.{key}={asked[key]}".replace("'", '"')]
            want = self.counted(name)
            for mode in MODES:
                with self.subTest(capture=name, mode=mode):
                    result = self.json_of("replay", str(TRACES / CAPTURES[name]), *options, "--mode", mode)
                    self.assertEqual(result["mac"], want["mac"])
                    self.assertEqual(check_capture().differences(want, result), [])

    def test_every_number_in_a_scenario_is_the_independent_count(self):
        """The scenarios hold what was counted, not what came out."""
        for name in CAPTURES:
            if name == "microburst":   # its numbers are a closed form, which stands in its text
                continue
            want = self.counted(name)
            want["fates"]["fifo_overrun"] = want["registers"]["RNBC"] = 0   # the count is of a run without overrun
            want["fate"], want["register"] = want["fates"], want["registers"]
            text = (TRACES / f"{name}.toml").read_text()
            found = re.findall(r'(?m)^\[\[expect\]\]\n(\w+) *= "([\w.]+)"\nequals *= (\d+)', text)
            self.assertEqual(len(found), text.count("[[expect]]"))
            self.assertGreater(len(found), 20)
            for kind, what, value in found:
                with self.subTest(capture=name, kind=kind, name=what):
                    self.assertEqual(int(value), want[kind][what])

    def test_the_microbursts(self):
        """What the closed form of microburst.toml rests on, from the times in the capture, in nanoseconds."""
        data = (TRACES / "microburst.pcap").read_bytes()
        self.assertEqual(data[:4], b"\x4d\x3c\xb2\xa1")   # a pcap with nanoseconds, the least octet first
        times = []
        for at in range(24, len(data), 16 + 60):
            seconds, nanoseconds, kept, length = struct.unpack_from("<4I", data, at)
            self.assertEqual((kept, length), (60, 60))
            times.append(seconds * 10**9 + nanoseconds)
        bursts = []
        for time in times:
            if not bursts or time - bursts[-1][-1] > 10**8:
                bursts.append([])
            bursts[-1].append(time)
        scenario = (TRACES / "microburst.toml").read_text()
        speed, slot = int(re.search(r"(?m)^speed = (\d+)", scenario)[1]), 672   # 64 + 20 octets at 1 Gb/s
        stalls = [0, 2_400_000, 4_900_000]
        self.assertEqual(re.findall(r'at = "([^"]+)", for = "1ms"', scenario), ["0us", "2.4ms", "4.9ms"])
        self.assertEqual(len(bursts), len(stalls))
        for burst, stall in zip(bursts, stalls):
            begin = (burst[0] - times[0]) / speed
            self.assertGreaterEqual(begin, stall)
            self.assertLess(begin + len(burst) * slot, stall + 10**6)
            for number, time in enumerate(burst):   # each asks for the wire before it is free: they are back to back
                self.assertLessEqual((time - burst[0]) / speed, number * slot)
        lost = sum(max(0, len(burst) - 63 - 20480 // 80) for burst in bursts)
        self.assertIn(f'fate   = "fifo_overrun"\nequals = {lost} ', scenario)
        self.assertIn(f'fate   = "delivered"\nequals = {len(times) - lost} ', scenario)

    def test_every_capture_has_its_script_its_scenario_and_its_row(self):
        self.assertEqual({path.stem for path in TRACES.glob("*.toml")}, set(CAPTURES))
        self.assertEqual({path.stem for path in TRACES.glob("make-*.sh")}, {f"make-{name}" for name in CAPTURES})
        readme = (TRACES / "README.md").read_text()
        for name, file in CAPTURES.items():
            with self.subTest(capture=name):
                self.assertLess((TRACES / file).stat().st_size, 2_000_000)
                self.assertRegex((TRACES / f"{name}.toml").read_text(), rf'(?m)^file *= "{re.escape(file)}"')
                self.assertIn(f"| `{file}` |", readme)

    @unittest.skipUnless(shutil.which("bash"), "bash is not installed")
    @unittest.skipUnless(shutil.which("bash"), "bash is not installed")
    def test_without_root_a_script_says_so_in_a_line(self):
        how = self.without_rights()
        for name in CAPTURES:
            with self.subTest(capture=name):
                script = f"make-{name}.sh"
                refused = subprocess.run(["bash", str(TRACES / script), str(self.folder / "out")], cwd=self.folder,
                                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **how)
                self.assertEqual((refused.returncode, refused.stdout), (2, ""), refused)
                self.assertRegex(refused.stderr, rf"^{script}: (missing: .+ \(package .+\)|needs root, .+)\n$")
                self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    main()
