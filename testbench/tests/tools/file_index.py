#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/files.md: every source file by folder, with the sentence that it opens with.

    file_index.py               exit 1 when docs/files.md is not what the files say; OVERRUN_UPDATE_DOCS=1 writes it anew
    file_index.py --self-test   a page with a changed sentence, a file too many or one too few must fail
"""
import difflib
import itertools
import os
import pathlib
import re
import sys

import style_check
from style_text import CXX, SYSTEM_VERILOG, folder_of, suffix

PAGE = "docs/files.md"
FOLDERS = ("hw", "model", "rtl", "driver_sim", "testbench", "traces", "cmake", ".ci")
HEAD = """# Files

Every source file with the sentence that it opens with, by folder. A `.cpp` beside its `.hpp` is not listed: the header
speaks for both. [developing.md](developing.md#where-does-a-file-go) says what each folder is for. This page is generated:
`OVERRUN_UPDATE_DOCS=1 ./overrun test -R files_fresh` writes it anew, and the test `docs.files_fresh` fails until that is done.
"""
# A full stop ends the sentence, but not the one inside a name or the second one of "e.g.".
FIRST_SENTENCE = re.compile(r"(.*?(?<!\.[a-z])\.)(?= |$)")


def opening(path, text):
    """The first sentence of a file; empty when it has none."""
    lines = text.split("\n")
    if suffix(path) == ".py":
        match = re.search(r'^"""(.*?)(?:"""|\n\n)', text, re.DOTALL | re.MULTILINE)
        words = match.group(1) if match else ""
    else:
        mark = "//" if suffix(path) in CXX + SYSTEM_VERILOG else "#"
        start = next((i for i, line in enumerate(lines) if "SPDX-License-Identifier" in line), None)
        if start is None:
            return ""
        comment = itertools.takewhile(lambda line: line.startswith(mark), lines[start + 1:])
        words = " ".join(line[len(mark):].strip() for line in comment if "shellcheck" not in line)
    words = " ".join(words.split())
    match = FIRST_SENTENCE.match(words)
    return match.group(1) if match else words


def listed(path, tree):
    if path.split("/")[0] not in FOLDERS or path.endswith("CMakeLists.txt"):
        return False
    if path.endswith(".cpp") and path[:-len(".cpp")] + ".hpp" in tree:
        return False
    kinds = CXX + SYSTEM_VERILOG + (".py", ".sh", ".cmake")
    return suffix(path) in kinds or tree[path].startswith("#!")


def page(tree):
    folders = {}
    for path in sorted(tree):
        if listed(path, tree):
            folders.setdefault(folder_of(path), []).append(path)
    order = sorted(folders, key=lambda folder: (FOLDERS.index(folder.split("/")[0]), "/tests" in folder, folder))
    parts = [HEAD]
    for folder in order:
        rows = [f"| `{path[len(folder) + 1:]}` | {opening(path, tree[path]).replace('|', chr(92) + '|')} |"
                for path in folders[folder]]
        parts.append("\n".join([f"\n## {folder}\n", "| file | what it is |", "|---|---|", *rows]) + "\n")
    return "".join(parts)


def stale(tree):
    """What has to change on the page, line by line; nothing when it is fresh."""
    old, new = tree.get(PAGE, "").split("\n"), page(tree).split("\n")
    return [line for line in difflib.unified_diff(old, new, PAGE, "the files", lineterm="", n=0)]


def self_test():
    tree = {
        "hw/a.hpp": "// SPDX-License-Identifier: Apache-2.0\n// Reads 82574l.toml | e.g.\n// this one. More.\n#pragma once\n",
        "hw/a.cpp": "// SPDX-License-Identifier: Apache-2.0\n",
        "traces/make.sh": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n# shellcheck shell=sh\n# Makes it.\n",
        "cmake/x.py": '#!/usr/bin/env python3\n# SPDX-License-Identifier: Apache-2.0\n"""Counts\nlines.\n\n    x.py FILE\n"""\n',
        "docs/a.md": "# A\n",
    }
    fresh = {**tree, PAGE: page(tree)}
    wrong = [f"a fresh page is stale: {stale(fresh)}"] if stale(fresh) else []
    for row in ("| `a.hpp` | Reads 82574l.toml \\| e.g. this one. |", "| `make.sh` | Makes it. |", "| `x.py` | Counts lines. |"):
        if row not in fresh[PAGE].split("\n"):
            wrong.append(f"no row {row} in\n{fresh[PAGE]}")
    if "a.cpp" in fresh[PAGE] or "a.md" in fresh[PAGE]:
        wrong.append("a source beside its header, or a page, is listed")
    for what, changes in (("a changed sentence", {"cmake/x.py": tree["cmake/x.py"].replace("Counts", "Sums")}),
                          ("a new file", {"hw/b.hpp": tree["hw/a.hpp"]})):
        if not stale({**fresh, **changes}):
            wrong.append(f"{what} does not make the page stale")
    if not stale({path: text for path, text in fresh.items() if path != "hw/a.hpp"}):
        wrong.append("a removed file does not make the page stale")
    print("\n".join(wrong) or "each change of the files makes the page stale")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(__file__).resolve().parents[3]
    tree = style_check.read_tree(root)
    difference = stale(tree)
    if difference and os.environ.get("OVERRUN_UPDATE_DOCS") is not None:
        (root / PAGE).write_text(page(tree), encoding="utf-8")
        return 0
    print("\n".join(difference[:40]) or f"{PAGE} is fresh")
    if difference:
        print("stale; OVERRUN_UPDATE_DOCS=1 writes it anew")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
