#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The result as JSON, as text and as a waveform: complete, alone where it must be alone, and always the same octets.

No stored result is compared: names are those of the 82574L and of Linux, written down here, and numbers come
from closed forms or from another output of the same run.
"""
import json
import os
import re
import stat

from overrun_command import MODES, WEB, CommandTest, main
from wave_file import Wave

TOP = ["format", "version", "scenario", "nic", "mac", "seed", "simulated_ps", "wall_s", "offered", "in_flight", "fates",
       "registers", "ethtool", "netdev", "host", "latency_ns", "anomalies", "expectations", "rate"]
# The statistics block of the 82574L; the pairs of octet counters are one each.
REGISTERS = """CRCERRS ALGNERRC SYMERRS RXERRC MPC SCC ECOL MCC LATECOL COLC DC TNCRS SEC CEXTERR RLEC XONRXC XONTXC
    XOFFRXC XOFFTXC FCRUC PRC64 PRC127 PRC255 PRC511 PRC1023 PRC1522 GPRC BPRC MPRC GPTC GORC GOTC RNBC RUC RFC ROC RJC
    MGTPRC MGTPDC MGTPTC TOR TOT TPR TPT PTC64 PTC127 PTC255 PTC511 PTC1023 PTC1522 MPTC BPTC TSCTC TSCTFC IAC ICRXPTC
    ICRXATC ICTXPTC ICTXATC ICTXQEC ICTXQMTC ICRXDMTC ICRXOC""".split()
# `ethtool -S` of Linux 6.1's e1000e, in its order.
ETHTOOL = """rx_packets tx_packets rx_bytes tx_bytes rx_broadcast tx_broadcast rx_multicast tx_multicast rx_errors
    tx_errors tx_dropped multicast collisions rx_length_errors rx_over_errors rx_crc_errors rx_frame_errors
    rx_no_buffer_count rx_missed_errors tx_aborted_errors tx_carrier_errors tx_fifo_errors tx_heartbeat_errors
    tx_window_errors tx_abort_late_coll tx_deferred_ok tx_single_coll_ok tx_multi_coll_ok tx_timeout_count
    tx_restart_queue rx_long_length_errors rx_short_length_errors rx_align_errors tx_tcp_seg_good tx_tcp_seg_failed
    rx_flow_control_xon rx_flow_control_xoff tx_flow_control_xon tx_flow_control_xoff rx_csum_offload_good
    rx_csum_offload_errors rx_header_split alloc_rx_buff_failed tx_smbus rx_smbus dropped_smbus rx_dma_failed
    tx_dma_failed rx_hwtstamp_cleared uncorr_ecc_errors corr_ecc_errors tx_hwtstamp_timeouts
    tx_hwtstamp_skipped""".split()
# The members of stats64 in `ip -j -s -s link`.
NETDEV = {"rx": """bytes packets errors dropped over_errors multicast length_errors crc_errors frame_errors fifo_errors
                   missed_errors""".split(),
          "tx": """bytes packets errors dropped carrier_errors collisions aborted_errors fifo_errors window_errors
                   heartbeat_errors carrier_changes""".split()}
REPLAY = """frames padded fcs_present fcs_absent truncated skipped timestamps_backwards gaps_shortened reserialised
            reserialised_at_most_ps""".split()
FAILING = """\
name = "failing"
[[traffic]]
count = 10
[[expect]]
fate = "delivered"
equals = 9
[[expect]]
register = "GPRC"
equals = 10
"""


def lasting(result):
    """What must be the same in every run of the same inputs."""
    return json.dumps({key: value for key, value in result.items() if key not in ("wall_s", "rate")})


class Outputs(CommandTest):
    def test_json_alone_and_complete(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                result = self.json_of("run", "slow-driver", "--mode", mode)
                self.assertEqual(list(result), TOP)
                self.assertEqual((result["format"], result["scenario"], result["nic"], result["seed"]),
                                 (1, "slow-driver", "model", 1))
                self.assertEqual(result["version"], self.call("--version").out.decode().split()[1])
                self.assertEqual(list(result["registers"]), REGISTERS)
                self.assertEqual(list(result["ethtool"]), ETHTOOL)
                self.assertEqual(len(ETHTOOL), 53)
                self.assertEqual({side: list(names) for side, names in result["netdev"].items()}, NETDEV)
                for group in (result["registers"], result["ethtool"], *result["netdev"].values(), result["fates"]):
                    self.assertTrue(all(type(value) is int and value >= 0 for value in group.values()), group)
                for stage in ("wire_to_host", "wire_to_driver"):
                    points = result["latency_ns"][stage]
                    self.assertEqual(list(points), ["p50", "p90", "p99", "max"])
                    self.assertEqual(sorted(points.values()), list(points.values()))
                for one in result["expectations"]:
                    self.assertEqual(list(one), ["what", "expected", "actual", "passed", "file", "line"])
                self.assertEqual(result["offered"], 2000)
                self.assertGreater(result["host"]["interrupts"], 0)
                # 595 frames inside the stall, 63 descriptors, 256 frames of 80 octets in 20 KiB of FIFO.
                self.assertEqual(result["fates"], {"fifo_overrun": 595 - 63 - 256, "delivered": 2000 - 276})
                self.assertEqual(result["host"]["fifo_peak"], 20480)
                self.assertEqual(result["host"]["ring_free_min"], 0)

    def test_json_of_a_replay(self):
        for mode in MODES:
            result = self.json_of("replay", WEB, "--mode", mode)
            at = TOP.index("anomalies")
            self.assertEqual(list(result), TOP[:at] + ["replay"] + TOP[at:])
            self.assertEqual(list(result["replay"]), REPLAY)

    def test_no_frame_no_latency(self):
        """A wrong station: nothing is delivered, and what cannot be measured is null and fails an expectation."""
        text = FAILING.split("[[expect]]")[0] + ('destination = "02:00:00:00:00:99"\n[[expect]]\n'
                                                  'latency = "wire_to_driver.p99"\nat_most = "1s"\n')
        scenario = self.write("s.toml", text)
        for mode in MODES:
            outcome = self.call("run", scenario, "--mode", mode, "--json", "-")
            self.assertEqual(outcome.code, 1, outcome)
            result = outcome.result()
            self.assertEqual(result["latency_ns"], {"wire_to_host": None, "wire_to_driver": None})
            self.assertEqual(result["expectations"][0]["actual"], "nothing to measure")
            self.assertIs(result["expectations"][0]["passed"], False)

    def test_the_same_inputs_give_the_same_octets(self):
        for arguments in (("run", "slow-driver"), ("run", "stall-ring-256", "--seed", "7"), ("replay", WEB),
                          ("replay", WEB, "--topspeed", "--set", "host.profile=82574l-gen1x1")):
            texts = set()
            for mode in (*MODES, MODES[0]):
                text = self.call(*arguments, "--mode", mode, "--json", "-").out.decode()
                text, replaced = re.subn(r'(?m)^  "wall_s": .*\n|^  "rate": \{[^}]*\}', "", text)
                self.assertEqual(replaced, 2)
                texts.add(text)
            self.assertEqual(len(texts), 1, arguments)
        changed = [self.call("run", "slow-driver", "--json", "-", "--set", f"driver.ring={ring}").result()
                   for ring in (64, 72)]
        self.assertNotEqual(lasting(changed[0]), lasting(changed[1]))

    def test_text_and_quiet(self):
        for mode in MODES:
            outcome = self.call("run", "slow-driver", "--mode", mode)
            self.assertEqual((outcome.code, outcome.err), (0, ""))
            text = outcome.out.decode()
            for part in ("slow-driver", "ring 64", "2,000 frames offered", "delivered", "1,724", "fifo_overrun", "276",
                         "longest run 276", "balanced", "MPC 276", "3 of 3 expectations hold"):
                self.assertIn(part, text)
            self.assertLess(text.count("\n"), 24)
            for arguments in (("run", "slow-driver"), ("replay", WEB)):
                outcome = self.call(*arguments, "--mode", mode, "--quiet")
                self.assertEqual((outcome.code, outcome.out, outcome.err), (0, b"", ""))

    def test_a_failed_expectation_still_writes_every_output(self):
        scenario = self.write("failing.toml", FAILING)
        says = f"{scenario}:4: fate delivered: expected 9, actual 10\n"
        for mode in MODES:
            for quiet, where in ((False, "out"), (True, "err")):
                with self.subTest(mode=mode, quiet=quiet):
                    for name in ("r.json", "w.vcd"):
                        self.write(name, "old")
                    outcome = self.call("run", scenario, "--mode", mode, "--json", "r.json", "--vcd", "w.vcd",
                                        *(["--quiet"] if quiet else []))
                    self.assertEqual(outcome.code, 1, outcome)
                    self.assertIn(says, outcome.out.decode() if where == "out" else outcome.err)
                    self.assertEqual("" if where == "out" else outcome.out.decode(),
                                     outcome.err if where == "out" else "")
                    with open(self.folder / "r.json", encoding="utf-8") as file:
                        result = json.load(file)
                    self.assertEqual([one["passed"] for one in result["expectations"]], [False, True])
                    first = result["expectations"][0]
                    self.assertEqual((first["file"], first["line"]), (scenario, 4))
                    Wave((self.folder / "w.vcd").read_text())
            outcome = self.call("run", scenario, "--mode", mode, "--json", "-")
            self.assertEqual((outcome.code, outcome.err), (1, says))
            self.assertEqual(outcome.result()["offered"], 10)
        self.assertEqual(sorted(os.listdir(self.folder)), ["failing.toml", "r.json", "w.gtkw", "w.names", "w.vcd"])

    def test_an_output_replaces_a_file_and_keeps_its_permissions_and_links(self):
        os.chmod(self.write("real.json", "old"), 0o640)
        os.symlink("real.json", self.folder / "link.json")
        self.assertEqual(self.call("run", "no-loss", "--json", "link.json", "--quiet").code, 0)
        self.assertTrue((self.folder / "link.json").is_symlink())
        self.assertEqual(stat.S_IMODE((self.folder / "real.json").stat().st_mode), 0o640)
        self.assertEqual(json.loads((self.folder / "real.json").read_text())["scenario"], "no-loss")
        self.assertEqual(sorted(os.listdir(self.folder)), ["link.json", "real.json"])

    def test_names_that_are_no_text(self):
        """A file's name is any octets: longer than a scenario's name, no UTF-8, quotes, line breaks."""
        with open(WEB, "rb") as file:
            data = file.read()
        for name in (b"n" * 200 + b".pcap", b"lat\xe9.pcap", b'qu"o\\te.pcap', b"two\nlines.pcap", b"-dash.pcap",
                     b"replay"):
            (self.folder / os.fsdecode(name)).write_bytes(data)
            with self.subTest(name=name):
                shown = name.decode("utf-8", "replace")
                result = self.json_of("replay", "--limit", "5", "--", os.fsdecode(name))
                self.assertEqual((result["offered"], result["scenario"]), (5, shown))
                text = self.call("replay", "--limit", "5", "--", os.fsdecode(name))
                self.assertEqual(text.code, 0, text)
                self.assertIn(b"5 frames offered", text.out.split(b"\n")[1])   # the name took one line
        folder = self.folder / os.fsdecode(b"d\xe9")
        folder.mkdir()
        (folder / "s.toml").write_text(FAILING)
        outcome = self.call("run", os.fsdecode(b"d\xe9/s.toml"), "--json", "-")
        self.assertEqual(outcome.code, 1, outcome)
        self.assertEqual(outcome.result()["expectations"][0]["file"], "d\N{REPLACEMENT CHARACTER}/s.toml")


class Waveforms(CommandTest):
    def wave(self, mode, *arguments):
        outcome = self.call(*arguments, "--mode", mode, "--vcd", f"{mode}.vcd", "--json", "-")
        self.assertEqual(outcome.code, 0, outcome)
        return (self.folder / f"{mode}.vcd").read_text(), outcome.result()

    def test_signals_move_as_the_counters_say(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                text, result = self.wave(mode, "run", "slow-driver")
                wave = Wave(text)
                for name in ("wire.busy", "wire.frame_id", "wire.octets", "rx_mac.fate", "rx_filter.accept",
                             "rx_filter.reason", "rx_fifo.octets", "rx_fifo.frames", "rx_fifo.drop",
                             "descriptor_cache.held", "descriptor_cache.in_flight", "rx_dma.busy", "rx_dma.frame_id",
                             "rx_dma.address", "csr.RDH", "csr.RDT", "csr.ICR", "csr.IMS", "csr.RCTL",
                             "interrupts.line", "interrupts.causes", "interrupts.timers", "driver.state",
                             "driver.ring_free"):
                    self.assertIn(name, wave.changes)
                    self.assertEqual(wave.changes[name][0][0], 0, f"{name} has no value at time zero")
                for name in ("wire.busy", "wire.frame_id", "rx_mac.fate", "rx_fifo.octets", "rx_fifo.frames",
                             "rx_fifo.drop", "descriptor_cache.held", "descriptor_cache.in_flight", "rx_dma.busy",
                             "rx_dma.frame_id", "rx_dma.address", "csr.RDH", "csr.RDT", "interrupts.line",
                             "interrupts.causes", "driver.state"):
                    self.assertGreater(len(wave.changes[name]), 2, f"{name} does not move")
                for name in ("wire.octets", "rx_filter.accept", "rx_filter.reason"):   # all frames are alike
                    self.assertEqual(len(wave.changes[name]), 2, name)
                self.assertEqual(wave.values("wire.busy").count(1), result["offered"])
                self.assertEqual(wave.values("wire.frame_id")[-1], result["offered"])
                self.assertEqual(wave.values("rx_fifo.drop")[-1], result["registers"]["MPC"])
                self.assertEqual(max(v for v in wave.values("rx_fifo.octets") if v is not None),
                                 result["host"]["fifo_peak"])
                # The tail moves with each doorbell; its first value is the one from before time zero.
                self.assertEqual(len(wave.values("csr.RDT")) - 1, result["host"]["doorbells"])
                self.assertEqual(wave.values("interrupts.line").count(1), result["registers"]["IAC"])
                self.assertIn(3, wave.values("driver.state"))   # stalled by script
                # A frame of 64 octets and its preamble take 576 ns of 1 Gb/s.
                busy = [change for change in wave.changes["wire.busy"] if change[1] is not None]
                first = next(i for i, change in enumerate(busy) if change[1] == 1)
                self.assertEqual(busy[first][0], 0)
                self.assertLessEqual(abs(busy[first + 1][0] - 576_000), 8_000)   # seen on an edge of the 125 MHz clock
                self.assertGreaterEqual(wave.end, result["simulated_ps"])

    def test_the_platform_does_not_show(self):
        for arguments in (("run", "slow-driver"), ("run", "stall-10g-1518"), ("replay", WEB, "--limit", "200")):
            texts = [self.wave(mode, *arguments)[0] for mode in MODES]
            self.assertTrue(len(set(texts)) == 1, arguments)

    def test_the_reader_of_waves_refuses_broken_ones(self):
        text = self.wave("bare", "replay", WEB, "--limit", "5")[0]
        Wave(text)
        second = [i for i, line in enumerate(text.split("\n")) if line.startswith("#")][1]
        backwards = text.split("\n")
        backwards[second] = "#0"
        for broken in (text[:-1], text.replace("$enddefinitions", "$end"), "\n".join(backwards), text + "b111 !\n",
                       text + "1~~~\n", text.replace("1 ps", "1 ns")):
            with self.assertRaises((AssertionError, KeyError, ValueError)):
                Wave(broken)


if __name__ == "__main__":
    main()
