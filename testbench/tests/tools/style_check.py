#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of docs/developing.md that no compiler checks; one line `file:line: rule: message` each.

It changes no file and needs nothing but Python 3.9.

    style_check.py [ROOT]        the rules; exit 1 when one is broken
    style_check.py --format      clang-format 14 on every C++ file; exit 77 without it (other versions format otherwise)
    style_check.py --shell       shellcheck on every shell script; exit 77 without it
    style_check.py --self-test   every rule must report a text that breaks it, and none a text that does not
"""
import fnmatch
import itertools
import os
import pathlib
import re
import sys

import style_documents
import style_self_test
import style_tools
from style_text import CXX, HASH, INCLUDE, PROSE, SYSTEM_VERILOG, folder_of, lines_of, rooms, suffix

FOLDERS = ("hw", "model", "rtl", "driver_sim", "testbench", "traces", "docs", "cmake", ".ci")
ROOT_FILES = ("CMakeLists.txt", "CMakePresets.json", "README.md", "overrun", ".clang-format", ".clang-tidy")
MOST_LINES = 400

# design: who may include whom.
MAY_INCLUDE = {
    "hw": {"hw"},
    "model": {"model", "hw"},
    "rtl": {"rtl", "hw"},
    "driver_sim": {"driver_sim", "hw"},
    "testbench": {"testbench", "driver_sim", "model", "rtl", "hw"},
}
VERILATED = re.compile(r"V\w+\.h|verilated\w*\.h")
SYSTEMC = re.compile(r"systemc(\.h)?|tlm(\.h)?|tlm_utils/.*|sysc/.*|tlm_core/.*")
SENTENCE = re.compile(r"\S+ .*[.:;]")
LATER = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:home|root|Users|work)" + r"/\w")


def is_source(path, text):
    """A file that a person writes for a compiler, an interpreter or CMake."""
    return (suffix(path) in CXX + SYSTEM_VERILOG + HASH or path.endswith("CMakeLists.txt")
            or suffix(path) == "" and text.startswith("#!"))


# Every rule takes a tree {path: text} and yields (path, line, message).

def rule_spdx(tree):
    for path, text in tree.items():
        if is_source(path, text):
            first = text.split("\n", 2)[:2]
            at = 1 if first[0].startswith("#!") else 0
            if len(first) <= at or "SPDX-License-Identifier: Apache-2.0" not in first[at]:
                yield path, at + 1, "the SPDX line is missing"


def rule_header(tree):
    """A reader learns from the first lines what a file is; beside a header of the same name, the header says it."""
    for path, text in tree.items():
        if suffix(path) not in CXX + SYSTEM_VERILOG or "generated" in text.split("\n")[0]:
            continue
        if suffix(path) == ".cpp" and path[:-len(".cpp")] + ".hpp" in tree:
            continue
        header = itertools.takewhile(lambda line: line.startswith("//"), text.split("\n")[1:])
        if not SENTENCE.search(" ".join(line[2:].strip() for line in header)):
            yield path, 2, "after the SPDX line: a sentence that says what this is"


def rule_line_length(tree):
    for path, text in tree.items():
        most = 120 if suffix(path) in CXX else 100 if suffix(path) in SYSTEM_VERILOG else None
        for number, line in lines_of(text):
            if most is not None and len(line) > most:
                yield path, number, f"{len(line)} columns, {most} are allowed"


def rule_blanks(tree):
    for path, text in tree.items():
        if not is_source(path, text) and suffix(path) != ".md":
            continue
        for number, line in lines_of(text):
            if "\t" in line:
                yield path, number, "a tab"
            if line != line.rstrip():
                yield path, number, "trailing blanks"
        if not text.endswith("\n") or text.endswith("\n\n"):
            yield path, text.count("\n") + 1, "the file does not end with exactly one newline"


def rule_file_length(tree):
    for path, text in tree.items():
        count = text.count("\n")
        if is_source(path, text) and suffix(path) != ".toml" and count > MOST_LINES:
            if "generated" not in text.split("\n")[0]:
                yield path, count, f"{count} lines, {MOST_LINES} are allowed"


def includes(tree):
    """(path, line, bracket, target) of every include."""
    for path, text in tree.items():
        if suffix(path) in CXX:
            for number, line in lines_of(text):
                match = INCLUDE.match(line)
                if match:
                    yield path, number, match.group(1), match.group(2)


def rule_includes(tree):
    for path, number, bracket, target in includes(tree):
        to = target.split("/")[0]
        if bracket == "<":
            if to in MAY_INCLUDE and "/" in target:
                yield path, number, f"<{target}> is ours: write it in quotes"
        elif to not in MAY_INCLUDE:
            if not VERILATED.fullmatch(target):
                yield path, number, f'"{target}" is not relative to the root; other projects\' headers stand in <>'


def rule_rooms(tree):
    """Every file's folder is a room, and a file includes what its room says it uses."""
    known = rooms(tree)
    for path in tree:
        if suffix(path) in CXX and folder_of(path) not in known:
            yield path, 1, f"no room: {folder_of(path)}/CMakeLists.txt has no overrun_room*(... USES ...)"
    for path, number, bracket, target in includes(tree):
        room, used = folder_of(path), folder_of(target)
        if bracket == '"' and room in known and target.split("/")[0] in MAY_INCLUDE and used != room:
            if used not in {name for _, name in known[room]}:
                yield path, number, f"{room} does not use {used}, says {room}/CMakeLists.txt"


def rule_room_order(tree):
    """Rooms use each other one way."""
    known = rooms(tree)

    def way(room, goal, seen):
        for _, used in known.get(room, []):
            if used == goal:
                return [used]
            if used not in seen:
                seen.add(used)
                rest = way(used, goal, seen)
                if rest:
                    return [used] + rest
        return []

    for room, uses in known.items():
        for line, used in uses:
            if used.split("/")[0] not in MAY_INCLUDE.get(room.split("/")[0], {used.split("/")[0]}):
                yield f"{room}/CMakeLists.txt", line, f"{room.split('/')[0]} may not use {used}"
            circle = way(used, room, {used}) if used != room else []
            if circle and room == min([used] + circle):
                yield f"{room}/CMakeLists.txt", line, "a circle: " + " -> ".join([room, used] + circle)


def rule_systemc(tree):
    """Only what is named *systemc* may see a SystemC header, directly or through our headers."""
    edges = {}
    for path, number, bracket, target in includes(tree):
        edges.setdefault(path, []).append((number, bracket, target))

    def way(path, seen):
        for _, _, target in edges.get(path, []):
            if SYSTEMC.fullmatch(target):
                return [target]
            if target not in seen:
                seen.add(target)
                rest = way(target, seen)
                if rest:
                    return [target] + rest
        return []

    for path, found in edges.items():
        if "systemc" in path:
            continue
        for number, _, target in found:
            through = [target] if SYSTEMC.fullmatch(target) else []
            if not through:
                rest = way(target, {path, target})
                through = [target] + rest if rest else []
            if through:
                yield path, number, "reaches SystemC (" + " -> ".join(through) + ") but is not named *systemc*"


def rule_in_cmake(tree):
    for path in tree:
        if suffix(path) != ".cpp":
            continue
        source = pathlib.PurePosixPath(path)
        known = False
        for folder in source.parents:
            relative = str(source.relative_to(folder))
            for list_path, text in tree.items():
                if pathlib.PurePosixPath(list_path).parent != folder:
                    continue
                if not (list_path.endswith("CMakeLists.txt") or list_path.endswith(".cmake")):
                    continue
                text = re.sub(r"#[^\n]*", "", text)
                words = [re.sub(r"^\$\{\w+\}/", "", word) for word in re.split(r"[\s()\"]+", text)]
                words += ["*_test.cpp"] if "overrun_room_tests" in words else []
                known |= any(word.count("/") == relative.count("/") and fnmatch.fnmatchcase(relative, word)
                             for word in words)
        if not known:
            yield path, 1, "no CMakeLists.txt on the way to the root names this file"


def rule_left_over(tree):
    for path, text in tree.items():
        for number, line in lines_of(text):
            if LATER.search(line):
                yield path, number, "a note for later: do it, or write what is missing into the documents"


def rule_machine_path(tree):
    for path, text in tree.items():
        for number, line in lines_of(text):
            if MACHINE_PATH.search(line):
                yield path, number, "a path of one machine"


RULES = {name[5:]: rule for name, rule in sorted({**globals(), **vars(style_documents)}.items())
         if name.startswith("rule_")}


def findings(tree):
    return sorted((path, line, name, message) for name, rule in RULES.items() for path, line, message in rule(tree))


def read_tree(root):
    """The texts below ROOT, by path with slashes. Captures and other data are no texts."""
    paths = [root / name for name in ROOT_FILES if (root / name).is_file()]
    for folder in FOLDERS:
        for parent, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            paths += [pathlib.Path(parent) / name for name in names]
    tree = {}
    for path in sorted(paths):
        name = path.relative_to(root).as_posix()
        if path.suffix in CXX + SYSTEM_VERILOG + HASH + PROSE or "." not in path.name[1:]:
            try:
                tree[name] = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                tree[name] = "not UTF-8 \t\n"
    return tree


def shell_scripts(tree):
    return [path for path, text in tree.items() if suffix(path) == ".sh" or re.match(r"#!.*\b(?:ba)?sh\n", text)]


def main(arguments):
    options = [argument for argument in arguments if argument.startswith("-")]
    places = [argument for argument in arguments if not argument.startswith("-")]
    if len(places) > 1 or any(option not in ("--format", "--shell", "--self-test") for option in options):
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(places[0] if places else pathlib.Path(__file__).parents[3]).resolve()
    if "--self-test" in options:
        return style_self_test.self_test(sys.modules[__name__], root)
    if "--format" in options:
        return style_tools.check_format(root, [path for path in read_tree(root) if suffix(path) in CXX])
    if "--shell" in options:
        return style_tools.check_shell(root, shell_scripts(read_tree(root)))
    tree = read_tree(root)
    if "CMakeLists.txt" not in tree:
        print(f"{root} is not the project's root: no CMakeLists.txt", file=sys.stderr)
        return 2
    found = findings(tree)
    for path, line, name, message in found:
        print(f"{path}:{line}: {name}: {message}")
    print(f"{len(tree)} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
