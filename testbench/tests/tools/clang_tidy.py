#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy with the checks of .clang-tidy on the C++ files that changed; a finding fails.

    clang_tidy.py BUILD              what changed since the branch left main, or on main since the commit before
    clang_tidy.py BUILD --all        every source that BUILD compiles
    clang_tidy.py BUILD FILE...      these sources or headers, by their paths from the root
    clang_tidy.py BUILD --self-test  a source with a known fault must be reported, and one without must not

BUILD is a configured and built folder: clang-tidy takes the flags from its compile_commands.json and reads the headers
that the build generates. A header is read through the source beside it, else through the first one that includes it.
Exit 77, with the reason, without clang-tidy, without git's history and when no C++ file changed.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDERS = ("hw", "model", "rtl", "driver_sim", "testbench")
SKIPPED = 77
# At some five seconds a file, a change of half the tree is no test any more: the rest is for --all.
MOST_SOURCES = 16
# Flags that g++ alone knows, and its precompiled header, which clang cannot read.
NOT_FOR_CLANG = re.compile(r"-W.*|-f(?:no-)?(?:tree-slp-vectorize|lto|fat-lto-objects|profile-abs-path).*|--coverage")


def git(*arguments):
    """What git says; None when it refuses or is not there."""
    if shutil.which("git") is None:
        return None
    run = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *arguments],
                         capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else None


def base():
    """The commit that the tree is compared with; None when git knows none."""
    head = git("rev-parse", "HEAD")
    for branch in ("main", "origin/main"):
        common = git("merge-base", "HEAD", branch)
        if common and common != head:
            return common
    return git("rev-parse", "--verify", "--quiet", "HEAD~1")


def is_ours(path):
    return path.split("/")[0] in FOLDERS and path.endswith((".cpp", ".hpp")) and (ROOT / path).is_file()


def changed(commit):
    """The C++ files that differ from the commit, those that git does not know yet among them."""
    names = (git("diff", "--name-only", commit) or "").split("\n")
    names += (git("ls-files", "--others", "--exclude-standard") or "").split("\n")
    return sorted({name for name in names if is_ours(name)})


def commands(build):
    """{source from the root: (folder, arguments for clang)}; of two libraries with one source, the first."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = os.path.relpath(entry["file"], ROOT).replace(os.sep, "/")
        words = iter(shlex.split(entry["command"]))
        arguments = []
        for word in words:
            if word == "-include":
                next(words)
            elif not NOT_FOR_CLANG.fullmatch(word):
                arguments.append(word)
        if is_ours(path):
            found.setdefault(path, (entry["directory"], arguments))
    return found


def included(path, memory):
    """Every header of ours that a file sees, directly or through another one."""
    if path not in memory:
        memory[path] = set()
        file = ROOT / path
        direct = re.findall(r'#include "([^"]+)"', file.read_text(encoding="utf-8")) if file.is_file() else []
        for header in direct:
            memory[path] |= {header} | included(header, memory)
    return memory[path]


def sources_for(files, known):
    """(sources to read so that every file is seen, tests last; headers that no source includes)"""
    memory, sources, unseen = {}, set(), []
    for path in files:
        if path in known:
            sources.add(path)
        elif path.endswith(".hpp"):
            beside = path[:-len(".hpp")] + ".cpp"
            through = [beside] if beside in known else [s for s in sorted(known) if path in included(s, memory)]
            sources.update(through[:1])
            unseen += [] if through else [path]
    return sorted(sources, key=lambda path: (path.startswith("testbench/tests/"), path)), unseen


def tidy(sources, headers, known, folder):
    """[(source, exit status, what clang-tidy says)]; of headers, only those given are reported."""
    database = [{"directory": known[path][0], "file": str(ROOT / path), "arguments": known[path][1]} for path in sources]
    (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps(database), encoding="utf-8")
    header_filter = "|".join(f"^{re.escape(str(ROOT / path))}$" for path in headers) or "^$"

    def one(path):
        run = subprocess.run(["clang-tidy", "-p", folder, "--quiet", "--warnings-as-errors=*",
                              f"--header-filter={header_filter}", str(ROOT / path)],
                             cwd=ROOT, capture_output=True, text=True, check=False)
        text = run.stdout if "error:" in run.stdout else run.stdout + run.stderr
        return path, run.returncode, text.replace(f"{ROOT}/", "").strip()

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, sources))


def check(files, known, most=MOST_SOURCES):
    sources, unseen = sources_for(files, known)
    headers = [path for path in files if path.endswith(".hpp")]
    left = sources[most:]
    with tempfile.TemporaryDirectory() as folder:
        results = tidy(sources[:most], headers, known, folder)
    bad = [text for _, status, text in results if status != 0]
    for text in bad:
        print(text)
    for path in unseen:
        print(f"{path}: no source includes it, so it is not read")
    if left:
        print(f"{len(left)} more sources changed; clang_tidy.py BUILD --all reads them: {', '.join(left)}")
    print(f"{len(results)} sources, {len(headers)} headers, {len(bad)} sources with findings")
    return 1 if bad else 0


FAULTY = """#include <string>
#include <utility>
std::string f(std::string a)
{
    std::string b = std::move(a);
    return a + b;
}
"""
SOUND = FAULTY.replace("a + b", "b")


def self_test(known):
    borrowed = sorted(known)[0]
    some_folder, arguments = known[borrowed]
    wrong = []
    with tempfile.TemporaryDirectory(dir=some_folder) as folder:
        for name, text, fault in (("faulty.cpp", FAULTY, "bugprone-use-after-move"), ("sound.cpp", SOUND, None)):
            path = pathlib.Path(folder) / name
            path.write_text(text, encoding="utf-8")
            relative = os.path.relpath(path, ROOT)
            own = [str(path) if word.endswith(borrowed) else word for word in arguments]
            (_, status, said), = tidy([relative], [], {relative: (some_folder, own)}, folder)
            if (status != 0) != (fault is not None) or fault is not None and fault not in said:
                wrong.append(f"{name}: {status}: {said}")
    beside = next(path for path in sorted(known) if is_ours(path[:-len(".cpp")] + ".hpp"))
    for files, expected in (([beside], ([beside], [])), ([beside[:-len(".cpp")] + ".hpp"], ([beside], [])),
                            (["hw/none.hpp"], ([], ["hw/none.hpp"]))):
        if sources_for(files, known) != expected:
            wrong.append(f"{files} are read through {sources_for(files, known)}")
    print("\n".join(wrong) or "a use after a move is reported, and nothing where there is none")
    return 1 if wrong else 0


def main(arguments):
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    build, rest = pathlib.Path(arguments[0]).resolve(), arguments[1:]
    if shutil.which("clang-tidy") is None:
        print("skipped: clang-tidy is not installed")
        return SKIPPED
    known = commands(build)
    if not known:
        print(f"{build} compiles no source below {ROOT}", file=sys.stderr)
        return 2
    if rest == ["--self-test"]:
        return self_test(known)
    if rest == ["--all"]:
        headers = [path for path in git("ls-files", *FOLDERS).split("\n") if path.endswith(".hpp") and is_ours(path)]
        return check(sorted(known) + headers, known, most=len(known))
    if rest:
        return check(rest, known)
    commit = base()
    if commit is None:
        print("skipped: git knows no commit to compare with")
        return SKIPPED
    files = changed(commit)
    if not files:
        print(f"skipped: no C++ file changed since {commit[:7]}")
        return SKIPPED
    return check(files, known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
