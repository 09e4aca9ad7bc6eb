#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the instructions that one frame costs with the committed counts; more than 3 % in either direction fails.

    instruction_count.py --compiler NAME --build-type TYPE            the comparison; exit 1 when a count is off
    instruction_count.py --compiler NAME --build-type TYPE --update   measures and writes the counts of this compiler
    instruction_count.py --self-test                                  a program that does 5 % more must fail, and others

The program is the one that OVERRUN_BINARY names. The counts are in instruction_counts.json beside this file, one row for
each compiler with its version. The comparison is skipped (exit 77) for another compiler, for a build that is not
Release, and without valgrind; with OVERRUN_REQUIRE_VALGRIND=1 a missing valgrind fails.

A faster program fails, too: the old count would hide the next change that is slower by the same amount.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

COUNTS = pathlib.Path(__file__).with_name("instruction_counts.json")
UNIT = "instructions per frame: callgrind, Release, mode bare, (25,000 frames - 5,000 frames) / 20,000"
WORKLOADS = ("line-rate-64-10g", "interrupt-per-frame", "line-rate-1518-10g")
# What a program does once cancels in the difference. From 5,000 frames on, longer runs give the same count within 1.
FRAMES = (5_000, 25_000)
TOLERANCE = 0.03
SKIPPED = 77
UPDATE = "cmake --build --preset release --target update_instruction_counts"


class Trouble(Exception):
    """What keeps this from measuring, in one line."""


def instructions(command):
    """How many instructions the command executes. Valgrind counts them exactly, whatever else the machine does."""
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                         capture_output=True, text=True, check=False)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    # Exit code 1: the scenario expects all of its frames, and this is a part of them.
    if run.returncode not in (0, 1) or collected is None:
        raise Trouble(f"valgrind {' '.join(command)} ended with {run.returncode}: {run.stderr.strip()[-300:]}")
    return int(collected.group(1))


def measure(binary, workloads, frames):
    """{workload: instructions per frame}"""
    commands = [[binary, "run", workload, "--mode", "bare", "--set", f"traffic[0].count={count}", "--quiet"]
                for workload in workloads for count in frames]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(instructions, commands))
    return {workload: (counts[2 * i + 1] - counts[2 * i]) / (frames[1] - frames[0])
            for i, workload in enumerate(workloads)}


def judge(measured, committed):
    """(whether all is well, one line for each workload)"""
    well, lines = True, []
    for workload, now in measured.items():
        before = committed.get(workload)
        line = f"{workload}: {now:,.0f} instructions per frame"
        if before is None:
            well = False
            lines.append(f"{line}; no count is committed: {UPDATE}")
            continue
        change = now / before - 1
        line += f", {before:,} committed ({change:+.1%})"
        if change > TOLERANCE:
            line += f": slower than the {TOLERANCE:.0%} allowed"
        elif change < -TOLERANCE:
            line += f": faster: commit the new counts: {UPDATE}"
        well &= abs(change) <= TOLERANCE
        lines.append(line)
    return well, lines


def why_skipped(document, compiler, build_type):
    """Why the counts of this build cannot be compared; empty when they can."""
    if build_type != "Release":
        return f"the counts are of a Release build, this is {build_type or 'none'}"
    if compiler not in document["counts"]:
        return f"no counts for {compiler}, only for {', '.join(document['counts'])}"
    return ""


def compare(binary, document, compiler, build_type, workloads=WORKLOADS, frames=FRAMES):
    """(exit status, lines)"""
    reason = why_skipped(document, compiler, build_type)
    if reason:
        return SKIPPED, [f"skipped: {reason}"]
    if shutil.which("valgrind") is None:
        if os.environ.get("OVERRUN_REQUIRE_VALGRIND") == "1":
            return 1, ["valgrind is not installed, and OVERRUN_REQUIRE_VALGRIND=1 asks for it"]
        return SKIPPED, ["skipped: valgrind is not installed"]
    well, lines = judge(measure(binary, workloads, frames), document["counts"][compiler])
    return (0 if well else 1), lines


def update(binary, compiler, build_type):
    if build_type != "Release":
        raise Trouble(f"only a Release build's counts are committed, this is {build_type or 'none'}")
    document = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else {"counts": {}}
    document["unit"] = UNIT
    document["counts"][compiler] = {name: round(count) for name, count in measure(binary, WORKLOADS, FRAMES).items()}
    text = json.dumps({"unit": document["unit"], "counts": document["counts"]}, indent=2) + "\n"
    COUNTS.write_text(text, encoding="utf-8")
    print(text, end="")


# Counts to the number of frames, and to a share more or less of it.
FAKE = """#!/bin/sh
frames=${6#*=}
i=0
while [ $i -lt $((frames * SHARE / 100)) ]; do i=$((i + 1)); done
"""


def self_test():
    wrong = []

    def expect(what, got, status, text):
        if got[0] != status or text not in "\n".join(got[1]):
            wrong.append(f"{what}: {got}")

    with tempfile.TemporaryDirectory() as folder:
        def program(share):
            path = pathlib.Path(folder) / f"share{share}"
            path.write_text(FAKE.replace("SHARE", str(share)), encoding="utf-8")
            path.chmod(0o755)
            return str(path)

        few = (300, 1_300)
        expect("another build type", compare("/absent", {"counts": {"g": {}}}, "g", "Debug"), SKIPPED, "Release")
        expect("another compiler", compare("/absent", {"counts": {"g": {}}}, "h", "Release"), SKIPPED, "no counts for h")
        if shutil.which("valgrind") is None:
            print("skipped: valgrind is not installed")
            return 1 if wrong else SKIPPED
        document = {"counts": {"g": {"fake": round(measure(program(100), ["fake"], few)["fake"])}}}
        for share, status, text in ((100, 0, "committed"), (102, 0, "committed"), (105, 1, "slower than"),
                                    (95, 1, "faster: commit")):
            expect(f"{share} % of the work", compare(program(share), document, "g", "Release", ["fake"], few), status, text)
        expect("a new workload", compare(program(100), document, "g", "Release", ["new"], few), 1, "no count")
        try:
            compare(folder + "/absent", document, "g", "Release", ["fake"], few)
            wrong.append("a program that does not start gave a count")
        except Trouble:
            pass
    print("\n".join(wrong) or "a program that does 5 % more fails, one that does 2 % more does not")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="")
    parser.add_argument("--build-type", default="")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    try:
        binary = os.environ["OVERRUN_BINARY"]
        if options.update:
            update(binary, options.compiler, options.build_type)
            return 0
        document = json.loads(COUNTS.read_text(encoding="utf-8"))
        status, lines = compare(binary, document, options.compiler, options.build_type)
    except Trouble as trouble:
        status, lines = 1, [str(trouble)]
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
