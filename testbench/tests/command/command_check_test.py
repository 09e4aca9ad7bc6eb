#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`overrun check`: what this project promises holds, and what does not hold is reported and decides the exit code.

Rows must be in the order of names, whatever the order of the directory.
"""
import os
import pathlib
import re
import xml.etree.ElementTree

from overrun_command import ME, MODES, ROOT, CommandTest, body, main, pcap, record

HOLDS = """\
name = "holds"
[[traffic]]
count = 10
[[expect]]
fate = "delivered"
equals = 10
"""
FAILS = HOLDS.replace("holds", "fails").replace("equals = 10", "equals = 11")
NOTHING = HOLDS.split("[[expect]]", maxsplit=1)[0].replace("holds", "nothing")
BROKEN = HOLDS.replace("count", "cuont")


class Check(CommandTest):
    def check(self, code, *arguments, modes=MODES):
        """The rows, which must be the same in every mode."""
        texts = set()
        for mode in modes:
            outcome = self.call("check", "--mode", mode, *arguments)
            self.assertEqual((outcome.code, outcome.err), (code, ""), outcome)
            texts.add(outcome.out.decode())
        self.assertEqual(len(texts), 1)
        return texts.pop().split("\n")[:-1]

    def test_everything_of_this_project_holds(self):
        rows = self.check(0)
        listed = re.findall(r"(?m)^([a-z0-9-]+) {2,}\S", self.call("list").out.decode())
        captures = sorted(path.stem for path in (ROOT / "traces").glob("*.toml"))
        self.assertGreaterEqual(len(listed), 20)
        self.assertEqual(captures, ["bulk-tcp", "dns", "groups", "microburst", "vlan", "web"])
        self.assertEqual(len(rows), len(listed) + len(captures) + 1)
        for name, row in zip(listed + captures, rows):
            self.assertRegex(row, rf"^ok    {name} .* (\d+) of +\1 expectations hold$")
        self.assertEqual(rows[-1], f"{len(rows) - 1} of {len(rows) - 1} scenarios hold")

    def test_a_failing_scenario(self):
        path = self.write("fails.toml", FAILS)
        rows = self.check(1, path)
        self.assertRegex(rows[0], r"^FAIL  fails +10 frames +0 lost +0 of +1 expectations hold$")
        self.assertEqual(rows[1:], [f"{path}:4: fate delivered: expected 11, actual 10", "0 of 1 scenarios hold"])
        # An override can break what holds, and mend what does not.
        self.assertEqual(self.check(1, "slow-driver", "--set", "driver.ring=128")[-1], "0 of 1 scenarios hold")
        self.assertEqual(self.check(0, path, "--set", "traffic[0].count=11")[-1], "1 of 1 scenarios hold")

    def test_a_scenario_that_expects_nothing_is_a_failure(self):
        path = self.write("nothing.toml", NOTHING)
        rows = self.check(1, path)
        self.assertTrue(rows[0].startswith("FAIL  nothing"), rows)
        self.assertEqual(rows[1], f"{path}: no [[expect]]: nothing to check")

    def test_the_worst_exit_code_wins(self):
        names = {"broken": (BROKEN, 2), "fails": (FAILS, 1), "holds": (HOLDS, 0), "nothing": (NOTHING, 1)}
        paths = {name: self.write(f"{name}.toml", text) for name, (text, _) in names.items()}
        for chosen in (("holds", "fails"), ("fails", "holds"), ("broken", "fails"), ("fails", "broken", "holds"),
                       ("nothing", "holds"), ("holds", "holds")):
            with self.subTest(chosen=chosen):
                rows = self.check(max(names[name][1] for name in chosen), *(paths[name] for name in chosen))
                held = sum(names[name][1] == 0 for name in chosen)
                self.assertEqual(rows[-1], f"{held} of {len(chosen)} scenarios hold")
        row = self.check(2, paths["broken"])[0]
        self.assertTrue(row.startswith(f"FAIL  {paths['broken']}:3: "), row)
        self.assertIn("did you mean traffic[0].count?", row)

    def test_the_number_of_jobs_changes_nothing(self):
        paths = [self.write(f"{name}.toml", text) for name, text in
                 (("a", HOLDS.replace("count = 10", "count = 20000")), ("b", FAILS), ("c", BROKEN), ("d", HOLDS))]
        for many in (1, 2, 3, 8):
            with self.subTest(jobs=many):
                self.assertEqual(self.check(2, "-j", str(many), *paths, modes=["bare"]),
                                 self.check(2, "-j", "1", *paths, modes=["bare"]))
        for wrong in ("0", "257", "two"):
            outcome = self.call("check", "-j", wrong, paths[3])
            self.assertEqual((outcome.code, outcome.out), (2, b""), outcome)
            self.assertEqual(len(outcome.err.splitlines()), 1, outcome)

    def test_junit(self):
        names = {"holds": HOLDS, "fails & more": FAILS, "broken": BROKEN}
        paths = {name: self.write(f"{name}.toml", text) for name, text in names.items()}
        self.check(2, "--junit", "out.xml", *paths.values(), modes=["bare"])
        root = xml.etree.ElementTree.parse(self.folder / "out.xml").getroot()
        self.assertEqual(root.tag, "testsuites")
        (suite,) = root
        for element in (root, suite):
            self.assertEqual([element.get(key) for key in ("tests", "failures", "errors")], ["3", "1", "1"])
        cases = {case.get("name"): case for case in suite}
        self.assertEqual(list(cases), [str(path) for path in paths.values()])
        self.assertEqual({case.get("classname") for case in suite}, {"bare"})
        self.assertEqual(len(cases[str(paths["holds"])]), 0)
        failure = cases[str(paths["fails & more"])].find("failure")
        self.assertTrue(failure.get("message").startswith("FAIL  fails"), failure.attrib)
        self.assertIn(f"{paths['fails & more']}:4: fate delivered: expected 11, actual 10", failure.text)
        error = cases[str(paths["broken"])].find("error")
        self.assertIn("did you mean traffic[0].count?", error.get("message"))

        outcome = self.call("check", "--junit", "-", paths["holds"], paths["broken"])
        self.assertEqual((outcome.code, outcome.err), (2, ""), outcome)
        self.assertEqual(xml.etree.ElementTree.fromstring(outcome.out).get("tests"), "2")

    def test_junit_replaces_nothing_that_is_read(self):
        capture = self.write("frames.pcap", pcap([record(body(ME, 60))]))
        scenario = self.write("replays.toml", HOLDS.replace("count = 10", 'kind = "pcap"\nfile = "frames.pcap"')
                              .replace("equals = 10", "equals = 1"))
        self.check(0, "--junit", "out.xml", scenario, modes=["bare"])
        content = lambda: [pathlib.Path(path).read_bytes() for path in (capture, scenario)]
        before = content()
        for target in (capture, scenario, "./frames.pcap"):
            with self.subTest(target=target):
                outcome = self.call("check", "--junit", target, scenario)
                self.assertEqual((outcome.code, outcome.out), (2, b""), outcome)
                self.assertIn("would replace what the run reads", str(outcome.err))
                self.assertEqual(content(), before)
        # The name of a built-in scenario is no file.
        self.write("slow-driver", "mine")
        self.check(0, "--junit", "slow-driver", "slow-driver", modes=["bare"])

        outcome = self.call("check", "--junit", "no/such/folder.xml", scenario)
        self.assertEqual((outcome.code, outcome.out), (2, b""), outcome)
        self.assertEqual(len(outcome.err.splitlines()), 1, outcome)

    def test_folders(self):
        for name, text in (("b", HOLDS), ("a", HOLDS.replace("holds", "first")), ("c", FAILS)):
            self.write(f"set/{name}.toml", text)
        self.write("set/notes.txt", "no scenario")
        self.write("set/inner/d.toml", BROKEN)   # folders in folders are not looked into
        rows = self.check(1, "set")
        self.assertEqual([row.split()[:2] for row in rows if row[:4] in ("ok  ", "FAIL")],
                         [["ok", "first"], ["ok", "holds"], ["FAIL", "fails"]])
        self.assertEqual(rows[-1], "2 of 3 scenarios hold")
        rows = self.check(1, "set", "--quiet")
        self.assertEqual([row.split()[0] for row in rows], ["FAIL", "set/c.toml:4:", "2"])

        os.mkdir(self.folder / "empty")
        self.assert_refused(self.call("check", "set/a.toml", "empty"), "empty: no .toml file")

    def test_what_is_not_there(self):
        rows = self.check(2, "nope.toml", "no-loss", "nope", "")
        self.assertEqual(rows[0], "FAIL  nope.toml: no such file")
        self.assertTrue(rows[1].startswith("ok    no-loss"), rows)
        self.assertTrue(rows[2].startswith("FAIL  nope: no such scenario"), rows)
        self.assertEqual(rows[-1], "1 of 4 scenarios hold")
        self.assertEqual(self.check(2, "n" * 5000)[-1], "0 of 1 scenarios hold")
        capture = HOLDS.replace("count = 10", 'kind = "pcap"\nfile = "gone.pcap"')
        row = self.check(2, self.write("gone.toml", capture))[0]
        self.assertIn("gone.pcap: cannot be opened: No such file", row)
        row = self.check(2, "no-loss", "--nic", "rtl")[0]
        self.assertIn("FAIL  --nic: \"rtl\" is not built in", row)

    def test_captures_are_found_from_the_scenario(self):
        self.write("set/a.pcap", pcap([record(body(ME, 60))] * 10))
        self.write("set/a.toml", HOLDS.replace("count = 10", 'kind = "pcap"\nfile = "a.pcap"'))
        self.assertEqual(self.check(0, "set")[-1], "1 of 1 scenarios hold")

    def test_a_folder_without_permission(self):
        self.write("closed/a.toml", HOLDS)
        os.chmod(self.folder / "closed", 0o000)
        self.addCleanup(os.chmod, self.folder / "closed", 0o755)
        self.assert_refused(self.call("check", "closed", **self.without_rights()), "closed", "Permission denied")


if __name__ == "__main__":
    main()
