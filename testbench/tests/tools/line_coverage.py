#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the lines of hw, model and driver_sim that the unit tests reach, and fails when a folder has too few.

The register generator's test is its page, which must be docs/registers.md: its run counts, too.

Generated files and tests do not count. It needs nothing but Python 3.9 and the compiler's own gcov.

    line_coverage.py BUILD       BUILD is a build with --coverage (preset `coverage`); runs its unit tests and those
                                 against QEMU afresh, prints each folder's share and writes the lines not reached to
                                 BUILD/not_reached.txt; exit 1 when a test fails or a folder is below LEAST.
                                 Without QEMU, what speaks with it is left out
    line_coverage.py --self-test a folder with too few, or with no lines at all, must fail, and one with enough must not

The variable GCOV names another gcov than the one on PATH, such as gcov-13.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDERS = ("hw", "model", "driver_sim")
LEAST = 90.0   # per cent of a folder's lines
SKIPPED = 77   # what tests end with that lack something
QTEST = "driver_sim/qtest/"
QEMU_TESTS = "overrun_tests_qemu"


class Trouble(Exception):
    """What keeps this from measuring, in one line."""


def add_lines(document, reached, root):
    """Notes one gcov document in reached: {path under root: {line: whether any instantiation of it ran}}."""
    for entry in document["files"]:
        path = os.path.normpath(os.path.join(document.get("current_working_directory", ""), entry["file"]))
        path = os.path.relpath(path, root).replace(os.sep, "/")
        if path.split("/")[0] not in FOLDERS:
            continue
        lines = reached.setdefault(path, {})
        for line in entry["lines"]:
            number = line["line_number"]
            lines[number] = lines.get(number, False) or line["count"] > 0


def shares(reached):
    """{folder: (lines reached, lines)}"""
    sums = {folder: (0, 0) for folder in FOLDERS}
    for path, lines in reached.items():
        folder = path.split("/")[0]
        sums[folder] = (sums[folder][0] + sum(lines.values()), sums[folder][1] + len(lines))
    return sums


def too_low(sums):
    """One text for each folder below LEAST; a folder without a line is below."""
    return [f"{folder} has {percent(*sums[folder]):.1f} %" for folder in FOLDERS if percent(*sums[folder]) < LEAST]


def percent(hit, lines):
    return 100.0 * hit / lines if lines else 0.0


def ranges(numbers):
    """[1, 2, 3, 7] as "1-3, 7"."""
    parts = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in parts)


def not_reached(reached):
    for path in sorted(reached):
        numbers = [number for number, ran in reached[path].items() if not ran]
        if numbers:
            yield f"{path}: {ranges(numbers)}"


def run_generator(build):
    with tempfile.TemporaryDirectory() as folder:
        header, package, page = (str(pathlib.Path(folder) / name) for name in ("header", "package", "page"))
        done = subprocess.run([str(build / "overrun_register_generator"), str(ROOT / "hw/registers/82574l.toml"), header,
                               package, page], check=False)
        if done.returncode or pathlib.Path(page).read_bytes() != (ROOT / "docs/registers.md").read_bytes():
            raise Trouble("the register generator does not make docs/registers.md")


def run_tests(build, program):
    """Whether there was what the tests need: they say by SKIPPED when not."""
    name = program.name
    log = build / f"{name}.log"
    with log.open("w") as output:
        done = subprocess.run([str(program)], cwd=build, stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT, check=False)
    if done.returncode not in (0, SKIPPED):
        raise Trouble(f"{name} fails; see {log}")
    return done.returncode == 0


def test_programs(build):
    return sorted(path for path in (build / "tests").glob("overrun_tests_*") if os.access(path, os.X_OK) and path.is_file())


def run_all(build):
    """The folder whose lines cannot be reached here; empty when there is none."""
    for old in build.rglob("*.gcda"):
        old.unlink()
    run_generator(build)
    skipped = [program.name for program in test_programs(build) if not run_tests(build, program)]
    if set(skipped) - {QEMU_TESTS}:
        raise Trouble(f"{', '.join(skipped)} says that it ran nothing")
    return QTEST if skipped else ""


def gcov(build, notes):
    done = subprocess.run([os.environ.get("GCOV", "gcov"), "--json-format", "--stdout", str(notes)], cwd=build,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"gcov does not read {notes}: {done.stderr.strip().splitlines()[-1:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def measure(build):
    notes = sorted(build.rglob("*.gcno"))
    if not notes or not test_programs(build):
        raise Trouble(f"{build} has no tests built with --coverage; cmake --preset coverage makes such a build")
    left_out = run_all(build)
    reached = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for documents in pool.map(lambda note: gcov(build, note), notes):
            for document in documents:
                add_lines(document, reached, ROOT)
    if left_out:
        print(f"without QEMU, {left_out} is left out")
        reached = {path: lines for path, lines in reached.items() if not path.startswith(left_out)}
    return reached


def self_test():
    def document(*counts):
        lines = [{"line_number": number, "count": count} for number, count in enumerate(counts, 1)]
        return {"current_working_directory": "/tree/build", "files": [
            {"file": "/tree/hw/a.hpp", "lines": lines}, {"file": "../model/b.cpp", "lines": lines},
            {"file": "/tree/driver_sim/c.hpp", "lines": lines}, {"file": "generated/hw/d.hpp", "lines": lines},
            {"file": "/tree/testbench/tests/e.cpp", "lines": lines}]}

    def verdict(*documents):
        reached = {}
        for one in documents:
            add_lines(one, reached, "/tree")
        return shares(reached), too_low(shares(reached)), list(not_reached(reached))

    enough = verdict(document(*[1] * 9, 0))
    assert enough[0] == {folder: (9, 10) for folder in FOLDERS}, enough
    assert enough[1] == [], enough
    assert enough[2] == ["driver_sim/c.hpp: 10", "hw/a.hpp: 10", "model/b.cpp: 10"], enough
    few = verdict(document(*[1] * 8, 0, 0))
    assert few[1] == [f"{folder} has 80.0 %" for folder in FOLDERS], few
    # What one instantiation or translation unit reaches is reached.
    assert verdict(document(1, 0), document(0, 1))[1] == []
    assert verdict()[1] == [f"{folder} has 0.0 %" for folder in FOLDERS]
    assert ranges([7, 1, 3, 2]) == "1-3, 7"


def main(arguments):
    if arguments == ["--self-test"]:
        self_test()
        return 0
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    build = pathlib.Path(arguments[0]).resolve()
    try:
        reached = measure(build)
    except (Trouble, OSError) as error:
        print(f"line_coverage: {error}", file=sys.stderr)
        return 1
    (build / "not_reached.txt").write_text("".join(f"{line}\n" for line in not_reached(reached)))
    sums = shares(reached)
    for folder, (hit, lines) in sums.items():
        print(f"{folder:<12} {hit:5} of {lines:5} lines  {percent(hit, lines):5.1f} %")
    low = too_low(sums)
    if low:
        print(f"line_coverage: {', '.join(low)}, {LEAST:.0f} % are asked for; see {build / 'not_reached.txt'}",
              file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
