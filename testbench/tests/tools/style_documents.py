# SPDX-License-Identifier: Apache-2.0
"""Rules that hold the documents to the tree: words, paths and names in them, and a row of the map for every room."""
import pathlib
import re

from style_text import CXX, HASH, INCLUDE, PROSE, SYSTEM_VERILOG, code_only, folder_of, lines_of, rooms, suffix

GLOSSARY = "docs/glossary.md"
MAP = "docs/developing.md"
# Other people's names: registers, libpcap, the socket family, pcapng's blocks.
NAMES_OF_OTHERS = re.compile(r"packet_buffer\w*|pcap_pkthdr|AF_PACKET|\w*packet_block\w*")


def rule_map(tree):
    """The map in the developers' page has a row for every room outside the tests."""
    for room in rooms(tree):
        if not room.startswith("testbench/tests") and f"`{room}`" not in tree.get(MAP, ""):
            yield MAP, 1, f"the map has no row for {room}"


def glossary(tree):
    """(line, term, sentence, words not to use) of each row of the glossary."""
    rows = []
    for number, line in lines_of(tree.get(GLOSSARY, "")):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and number > 1 and cells[0] != "term" and "---" not in cells[0]:
            rows.append((number, cells[0], cells[1], [word.strip() for word in cells[2].split(",") if word.strip()]))
    return rows


def rule_glossary(tree):
    """One term, one sentence, in order; and no identifier contains a word that the glossary replaces."""
    rows = glossary(tree)
    for (_, before, _, _), (number, term, _, _) in zip(rows, rows[1:]):
        if term.lower() <= before.lower():
            yield GLOSSARY, number, f"'{term}' does not come after '{before}'"
    for number, term, sentence, _ in rows:
        if not re.fullmatch(r"[A-Z0-9`].*[^.]\.", sentence) or ". " in sentence:
            yield GLOSSARY, number, f"'{term}': one sentence"
    instead = {word: term for _, term, _, words in rows for word in words}
    for path, text in tree.items():
        if suffix(path) in CXX + SYSTEM_VERILOG and instead:
            for number, line in lines_of(code_only(text)):
                for name in ([] if INCLUDE.match(line) else re.findall(r"[A-Za-z_]\w*", line)):
                    for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name):
                        term = instead.get(part.lower().rstrip("s"))
                        if term and not NAMES_OF_OTHERS.fullmatch(name):
                            yield path, number, f"'{name}': the word is '{term}' ({GLOSSARY})"


# A path in a document: from the root, with no placeholder in it.
DOCUMENT_PATH = re.compile(r"`((?:hw|model|rtl|driver_sim|testbench|traces|docs|cmake|\.ci)/[\w./-]*\w)/?`")


def rule_document_path(tree):
    """What a document names exists. Data is not in the tree, so a path counts by its folder then."""
    folders = {str(parent) for path in tree for parent in pathlib.PurePosixPath(path).parents}
    for path, text in tree.items():
        for number, line in lines_of(text) if suffix(path) == ".md" else ():
            for name in DOCUMENT_PATH.findall(line):
                placeholder = re.search(r"\b[A-Z]{3,}\b", name) and not name.endswith("CMakeLists.txt")
                data = suffix(name) not in CXX + SYSTEM_VERILOG + HASH + PROSE + ("",) and folder_of(name) in folders
                if not (placeholder or data or name in tree or name in folders):
                    yield path, number, f"there is no {name}"


# `Class::function` in `file`, or (`file`).
DOCUMENT_NAME = re.compile(r"`([A-Za-z_][\w:]*)`(?: (?:and|with) `([A-Za-z_][\w:]*)`)?(?: in |,? \()`([\w./-]+\.[ch]pp)`")


def rule_document_name(tree):
    """What a document says is in a file is there."""
    for path, text in tree.items():
        for number, line in lines_of(text) if suffix(path) == ".md" else ():
            for *names, file in DOCUMENT_NAME.findall(line):
                for name in names:
                    last = name.split("::")[-1]
                    if file in tree and last and not re.search(rf"\b{last}\b", tree[file]):
                        yield path, number, f"there is no {last} in {file}"
