#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input: exit 2, one line that names what is wrong, and no file touched, whatever the platform.

What the line must contain is written here.
"""
import os
import resource
import subprocess

from overrun_command import (ME, MODES, WEB, CommandTest, binary, body, main, pcap, pcapng, record, zipped)

SCENARIO = """\
name = "small"
[[traffic]]
count = 10
"""


class BadInput(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("old.json", "old")
        self.write("old.vcd", "old")

    def refuse(self, *arguments, says=(), modes=MODES, outputs=("--json", "old.json", "--vcd", "new.vcd"), **how):
        """The call must be refused in every mode, before any of its outputs is touched."""
        says = (says,) if isinstance(says, str) else says
        before = self.snapshot()
        for mode in modes:
            with self.subTest(arguments=arguments, mode=mode):
                extra = () if mode is None else ("--mode", mode, *outputs)
                self.assert_refused(self.call(*arguments, *extra, **how), *says, before=before)

    # Captures.

    def test_a_capture_that_is_none(self):
        self.refuse("replay", "nope.pcap", says=("nope.pcap", "No such file"))
        self.refuse("replay", ".", says=".: is a directory")
        self.refuse("replay", "", says="a capture has no name")
        self.refuse("replay", self.write("text", "once upon a time"), says=("text: not a capture", "pcap"))
        self.refuse("replay", self.write("empty", b""), says="empty: not a capture: it is empty")
        self.refuse("replay", self.write("header", pcap([])), says="header: holds no frames")
        self.refuse("replay", self.write("short", pcap([])[:20]), says="short: not a readable capture")
        self.refuse("replay", self.write("x.zst", b"\x28\xb5\x2f\xfd" + bytes(50)), says=("x.zst", "zstd", "gzip"))
        self.refuse("replay", "/dev/null", says="/dev/null: not a capture")
        self.refuse("replay", "-", says="standard input: not a capture", input=b"")
        self.refuse("replay", WEB, "nope.pcap", says="nope.pcap")

    def test_a_capture_of_something_else_than_ethernet(self):
        one = [record(body(ME, 60))]
        self.refuse("replay", self.write("cooked.pcap", pcap(one, linktype=113)),
                    says=("cooked.pcap", "link type LINUX_SLL", "Ethernet"))
        self.refuse("replay", self.write("raw.pcap", pcap(one, linktype=147)), says=("raw.pcap", "link type", "147"))

    def test_a_capture_that_ends_too_early(self):
        data = pcap([record(body(ME, 60))] * 3)
        for cut in (1, 60, 61, 75):   # in the last record: its body, all of its body, its header
            self.refuse("replay", self.write("cut.pcap", data[:-cut]), says=("cut.pcap", "after 2 frames"))
        self.refuse("replay", "-", says="standard input: reading failed after 2 frames", input=data[:-1])
        self.refuse("replay", self.write("cut.pcapng", pcapng([record(body(ME, 60))] * 3)[:-8]),
                    says=("cut.pcapng", "after 2 frames"))
        packed = zipped(data)
        self.refuse("replay", self.write("cut.gz", packed[:-9]), says=("cut.gz", "truncated gzip"))
        damaged = bytearray(packed)
        damaged[-6] ^= 1   # in the CRC-32 of the content
        self.refuse("replay", self.write("bad.gz", bytes(damaged)), says=("bad.gz", "corrupt gzip"))
        self.refuse("replay", self.write("cutcut.gz", zipped(data[:-1])), says=("cutcut.gz", "after 2 frames"))
        # What lies behind the frames that are asked for need not be right.
        for mode in MODES:
            self.assertEqual(self.json_of("replay", self.write("cut.pcap", data[:-1]), "--limit", "2",
                                          "--mode", mode)["offered"], 2)

    def test_a_frame_that_is_too_long(self):
        longest = [record(body(ME, 60)), record(body(ME, 16384))]
        path = self.write("16384.pcap", pcap(longest))
        for mode in MODES:
            self.assertEqual(self.json_of("replay", path, "--mode", mode)["offered"], 2)
        self.refuse("replay", self.write("16385.pcap", pcap(longest + [record(body(ME, 16385))])),
                    says=("16385.pcap", "frame 3", "16385", "16384"))
        self.refuse("replay", self.write("cut.pcap", pcap([record(body(ME, 60), 16385)])), says=("frame 1", "16385"))

    def test_a_truncated_frame_where_that_is_an_error(self):
        capture = self.write("short.pcap", pcap([record(body(ME, 60)), record(body(ME, 40), 600)]))
        self.refuse("replay", capture, "--truncated", "error",
                    says=("short.pcap", "frame 2", "40 of 600", "pad", "skip"))

    def test_values_of_replay_options(self):
        for option, value, *says in (
                ("--mac", "foo", "foo", "02:00:00:00:00:01"), ("--mac", "02:00:00:00:00", "02:00:00:00:00"),
                ("--mac", "01:00:5e:00:00:01", "01:00:5e:00:00:01", "unicast"), ("--mac", "", "--mac"),
                ("--fcs", "maybe", "maybe", "auto", "present", "absent"),
                ("--truncated", "keep", "keep", "pad", "skip", "error"),
                ("--limit", "0", "0 is not allowed", "1 to"), ("--limit", "-5", "-5"), ("--limit", "two", "two"),
                ("--limit", "", "--limit"), ("--multiplier", "0", "0 is not allowed"),
                ("--multiplier", "fast", "fast"), ("--max-gap", "5", "no unit", "us"),
                ("--max-gap", "5KiB", "is a size", "a time is wanted", "us"),
                ("--pps", "0", "is not allowed", "1pps"), ("--pps", "0.5", "not a whole number"),
                ("--pps", "many", "many"), ("--pps", "", "--pps"), ("--mbps", "fast", "fast"),
                ("--mbps", "0", "is not allowed"), ("--mbps", "10MiB", "is a size", "a rate is wanted"),
                ("--loop", "0", "0 is not allowed", "1 to"), ("--loop", "often", "often")):
            self.refuse("replay", WEB, option, value, says=(f"{option}: ", *says))
        self.refuse("replay", WEB, "--topspeed", "--multiplier", "2", says=("--topspeed", "--multiplier"))
        self.refuse("replay", WEB, "--topspeed", "--max-gap", "2ms", says=("--topspeed", "--max-gap"))
        paces = (("--multiplier", "2"), ("--mbps", "10"), ("--pps", "1000"), ("--topspeed",))
        for one in paces:
            for other in paces:
                if one != other:
                    self.refuse("replay", WEB, *one, *other, says=(one[0], other[0]))
        for pace in paces[1:]:
            self.refuse("replay", WEB, *pace, "--max-gap", "2ms", says=(pace[0], "--max-gap"))
        self.refuse("replay", WEB, "--pps", "10", "--set", "traffic[0].speed=2", says=("speed", "stands beside rate"))
        self.refuse("run", "slow-driver", "--set", "traffic[0].loop=2", says=("loop", "belongs to", "pcap"))

    # Options of outputs.

    def test_windows_of_waves(self):
        for window, *says in (
                ("1", "1", "A:B", "1ms:2ms"), ("1:2", "1", "no unit", "us"), ("1ms", "A:B"), (":", "A:B"),
                ("1ms:2ms:3ms", "A:B"), ("2ms:1ms", "ends before it begins"), ("1ms:1ms", "ends before it begins"),
                ("-1ms:1ms", "-1ms"), ("1KiB:2KiB", "is a size", "a time is wanted"), (":0us", "ends before it begins"),
                ("9000000s:", "beyond the longest run", "8640000s"), ("", "--wave-window")):
            self.refuse("run", "slow-driver", "--wave-window", window, says=("--wave-window: ", *says))
        self.refuse("run", "slow-driver", "--wave-window", "1ms:2ms", outputs=("--json", "old.json"),
                    says=("--wave-window", "without --vcd"))
        self.refuse("run", "slow-driver", "--wave-window", "1ms:2ms", "--set", "run.duration=1ms",
                    says=("--wave-window", "1ms:2ms", "is over"))

    def test_captures_and_statistics(self):
        for option in ("--pcap-out", "--drops-out"):
            for name, *says in (("x.cap", "x.cap", ".pcapng"), ("pcap", ".pcapng"), ("", option),
                                ("none/x.pcap", "none/x.pcap"), (".", ".pcapng")):
                self.refuse("run", "slow-driver", option, name, says=(option if ".pcapng" in says or not name else
                                                                     "cannot write", *says))
            self.refuse("replay", self.write("in.pcap", pcap([record(body(ME, 60))])), option, "in.pcap",
                        says=(option, "in.pcap", "would replace what the run reads"))
            self.refuse("run", "slow-driver", option, "-", outputs=("--json", "-"), says=("--json", option, "-"))
        for interval, *says in (("1", "no unit", "us"), ("0us", "0us", "1ns"), ("100ps", "1ns"), ("1KiB", "a time is wanted"),
                                ("fast", "fast"), ("2000000s", "86400s"), ("", "--stats-interval")):
            self.refuse("run", "slow-driver", "--stats-interval", interval, says=("--stats-interval: ", *says))
        self.refuse("run", "slow-driver", "--stats-out", "s.csv", says=("--stats-out", "without --stats-interval"))
        self.refuse("run", "slow-driver", "--stats-interval", "1ms", "--stats-out", "none/s.csv",
                    says=("cannot write", "none/s.csv"))
        self.refuse("run", "slow-driver", "--stats-interval", "1ms", outputs=("--json", "-"),
                    says=("--json", "--stats-interval"))
        self.refuse("run", "slow-driver", "--pcap-out", "o.pcap", "--drops-out", "o.pcap", says=("o.pcap", "of its own"))

    # Scenarios.

    def test_a_scenario_that_is_none(self):
        self.refuse("run", "nope.toml", says="nope.toml: no such file")
        self.refuse("run", "no-los", says=("no-los", "did you mean no-loss?"))
        self.refuse("run", "nothing-like-it", says=("nothing-like-it", "overrun list"))
        self.refuse("run", ".", says=".: is a folder")
        self.refuse("run", self.write("empty.toml", ""), says=("empty.toml", "no traffic"))
        self.refuse("run", self.write("none.toml", "name = [1\n"), says=("none.toml:", "not TOML"))
        self.refuse("run", self.write("binary.toml", b"\x80\xff\0"), says="binary.toml")

    def test_keys_and_values(self):
        for text, *says in (
                ("driver.rign = 64\n", "s.toml:1:", "driver.rign", "did you mean driver.ring?"),
                (SCENARIO + "[driver]\nring = 63\n", "s.toml:5:", "driver.ring", "63", "64 to 4096 in steps of 8"),
                (SCENARIO + "[driver]\nring = 65\n", "65", "steps of 8"),
                (SCENARIO + "[driver]\nring = \"64\"\n", "driver.ring", "an integer is wanted"),
                (SCENARIO + "[wire]\nrate = \"1KiB\"\n", "wire.rate", "a rate is wanted", "Gbps"),
                (SCENARIO + "[wire]\nrate = \"1Gb\"\n", "did you mean Gbps?"),
                (SCENARIO + "[host]\nprofile = \"idael\"\n", "host.profile", "idael", "ideal"),
                (SCENARIO + "[host]\nprofile = \"nope.toml\"\n", "nope.toml"),
                (SCENARIO + "[nic]\nimplementation = \"rtl\"\n", "rtl", "not built in"),
                (SCENARIO + "[[traffic]]\nkind = \"pcap\"\nfile = \"nope.pcap\"\n", "nope.pcap"),
                (SCENARIO + "[[traffic]]\nkind = \"pcap\"\n", "traffic[1]", "file")):
            self.refuse("run", self.write("s.toml", text), says=says)

    def test_names_in_expectations(self):
        for kind, wrong, right in (("fate", "fifo_overun", "fifo_overrun"), ("register", "MPX", "MPC"),
                                   ("ethtool", "rx_missed_error", "rx_missed_errors"),
                                   ("netdev", "rx.missed_error", "rx.missed_errors"),
                                   ("latency", "wire_to_driver.p98", "wire_to_driver.p99")):
            value = "\"1us\"" if kind == "latency" else "0"
            text = SCENARIO + f"[[expect]]\n{kind} = \"{wrong}\"\nequals = {value}\n"
            self.refuse("run", self.write("s.toml", text), says=("s.toml:5:", f"expect[0].{kind}", wrong, right))

    def test_overrides(self):
        for argument, *says in (
                ("driver.rign=64", "did you mean driver.ring?"), ("driver.ring=8192", "64 to 4096 in steps of 8"),
                ("driver.ring", "KEY=VALUE"), ("traffic[7].count=5", "no such item"), ("=5", "no key"),
                ("nic.rx_fifo=20us", "a size is wanted"), ("nic.mac=01:02:03:04:05:06", "unicast"),
                ("host.profile=fast", "ideal, xeon-bdw-gen3x8, 82574l-gen1x1")):
            self.refuse("run", "no-loss", "--set", argument, says=(f"--set {argument}: ", *says))
        for nic in ("rtl", "lockstep"):
            self.refuse("run", "no-loss", "--nic", nic, says=("--nic: ", nic, "not built in", "model"))
            self.refuse("replay", WEB, "--nic", nic, says=("--nic: ", nic, "not built in"))
        self.refuse("run", "no-loss", "--seed", "many", says=("--seed: ", "many", "integer"))

    # Outputs.

    def test_an_output_that_cannot_be_written(self):
        os.mkdir(self.folder / "folder")
        for option in ("--json", "--vcd"):
            for target, *says in (("missing/x", "missing", "no directory"), ("folder", "is a directory"),
                                  ("old.json/x", "old.json/x"), ("/dev/full", "/dev/full", "No space left")):
                self.refuse("run", "no-loss", option, target, says=says, outputs=())
                self.refuse("replay", WEB, option, target, says=says, outputs=())
            self.refuse("run", "no-loss", option, "", says=option, outputs=())
        # The wave is opened after the result, and then nothing of the result may stay.
        self.refuse("run", "no-loss", "--json", "fresh.json", "--vcd", "missing/x", says="missing", outputs=())

    def test_a_disk_that_fills_up(self):
        def little_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        self.refuse("run", "slow-driver", "--vcd", "old.vcd", "--json", "fresh.json",
                    says=("old.vcd", "File too large"), outputs=(), preexec_fn=little_room)

    def test_missing_permission(self):
        os.mkdir(self.folder / "closed", 0o555)
        os.chmod(self.write("fixed.json", "old"), 0o444)
        os.chmod(self.write("secret.pcap", pcap([record(body(ME, 60))])), 0o000)
        how = self.without_rights()
        for target in ("closed/x", "fixed.json"):
            self.refuse("run", "no-loss", "--json", target, says=(target, "Permission denied"), outputs=(), **how)
        before = {name: (self.folder / name).stat() for name in os.listdir(self.folder)}
        self.assert_refused(self.call("replay", "secret.pcap", **how), "secret.pcap", "Permission denied")
        self.assertEqual({name: (self.folder / name).stat() for name in os.listdir(self.folder)}, before)

    def test_two_outputs_in_one_file(self):
        os.symlink("old.json", self.folder / "link")
        os.link(self.folder / "old.json", self.folder / "twin")
        for json_file, vcd_file in (("a", "a"), ("a", "./a"), ("old.json", "link"), ("old.json", "twin"), ("-", "-"),
                                    ("-", "/dev/stdout"), ("a", str(self.folder / "a"))):
            self.refuse("run", "no-loss", "--json", json_file, "--vcd", vcd_file, says=("--json and --vcd", json_file),
                        outputs=())

    def test_an_output_that_is_an_input(self):
        capture = self.write("mine.pcap", pcap([record(body(ME, 60))]))
        self.refuse("replay", capture, "--json", "./mine.pcap", says=("--json", "mine.pcap", "replace"), outputs=())
        self.refuse("replay", WEB, capture, "--vcd", "mine.pcap", says=("--vcd", "mine.pcap"), outputs=())
        scenario = self.write("mine.toml", SCENARIO)
        self.refuse("run", scenario, "--json", "mine.toml", says=("--json", "mine.toml"), outputs=())

    def test_standard_output_that_takes_nothing(self):
        for arguments in (("run", "no-loss"), ("run", "no-loss", "--json", "-"), ("run", "no-loss", "--vcd", "-"),
                          ("list",), ("schema",), ("check", "no-loss"), ("--help",), ("run", "--help"), ("--version",)):
            with self.subTest(arguments=arguments), open("/dev/full", "wb") as full:
                self.assert_refused(self.call(*arguments, stdout=full), "No space left on device")
        command = '"$1" run no-loss --json fresh.json >&-'
        shell = subprocess.run(["sh", "-c", command, "sh", binary()], capture_output=True, cwd=self.folder, check=False)
        self.assertEqual(shell.returncode, 2, shell)
        self.assertIn(b"standard output", shell.stderr)
        self.assertTrue((self.folder / "fresh.json").read_bytes().endswith(b"}\n"))   # and no text behind it

    def test_a_reader_that_goes_away(self):
        before = self.snapshot()
        process = self.start("run", "line-rate-64-1g", "--vcd", "-", "--json", "fresh.json")
        process.stdout.read(100)
        process.stdout.close()
        err = process.stderr.read().decode()
        self.assertEqual(process.wait(), 2)
        self.assertEqual(err, "overrun: cannot write '-': Broken pipe\n")
        self.assertEqual(self.snapshot(), before)

    # Usage.

    def test_usage(self):
        for arguments, *says in (
                ((), "a command is missing"), (("rnu", "no-loss"), "rnu: no such command", "did you mean run?"),
                (("frobnicate",), "frobnicate: no such command"), (("--jsn", "x"), "--jsn", "no such option"),
                (("--mode", "lazy", "run", "no-loss"), "--mode", "options follow their command"),
                (("run",), "scenario is required"), (("replay",), "capture is required"),
                (("show",), "name is required"),
                (("run", "no-loss", "more"), "more"), (("list", "more"), "more"),
                (("run", "no-loss", "--jsn", "x"), "--jsn: no such option", "did you mean --json?"),
                (("run", "no-loss", "--quit"), "--quit: no such option", "did you mean --quiet?"),
                (("replay", "-x.pcap"), "-x.pcap: no such option"), (("run", "no-loss", "--json"), "--json"),
                (("run", "no-loss", "--mode", "fast"), "fast", "lazy", "detailed", "bare"),
                (("check", "--mode", "fast"), "fast", "lazy", "detailed", "bare"), (("check", "--nic", ""), "--nic"),
                (("show", "no-los"), "no-los", "did you mean no-loss?"), (("regs", "MPX"), "MPX", "did you mean MPC?"),
                (("bench", "--only", "nothing-like-it"), "nothing-like-it")):
            self.refuse(*arguments, says=says, modes=(None,))

    def test_an_error_is_one_line_whatever_it_names(self):
        self.refuse("replay", "two\nlines.pcap", says="two?lines.pcap", outputs=())
        self.refuse("run", "two\nlines.toml", says="two?lines.toml", outputs=())
        self.refuse("run", "\x1b[31m", outputs=())
        self.refuse("replay", b"lat\xe9.pcap".decode("utf-8", "surrogateescape"), says="No such file", outputs=())
        self.refuse("run", "n" * 5000 + ".toml", outputs=())
        self.refuse("replay", "n" * 5000, outputs=())


if __name__ == "__main__":
    main()
