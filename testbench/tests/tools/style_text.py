# SPDX-License-Identifier: Apache-2.0
"""A tree of texts as the style rules read it: {path with slashes: text}, and the rooms that its CMakeLists.txt name."""
import pathlib
import re

CXX = (".hpp", ".cpp", ".h")
SYSTEM_VERILOG = (".sv", ".svh", ".v")
HASH = (".py", ".sh", ".cmake", ".toml", ".vlt")
PROSE = (".md", ".json", ".txt")
ROOM = re.compile(r"overrun_room(?:_program|_tests)?\s*\(([^)]*)\)")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^">]+)[">]')

# Comments, strings (raw ones too) and numbers with their separators: what is left are identifiers and punctuation.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|\b\d[\w\'.]*|\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)


def code_only(text):
    """The text with comments, strings and numbers blanked, line by line as before."""
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def suffix(path):
    return pathlib.PurePosixPath(path).suffix


def lines_of(text):
    return list(enumerate(text.split("\n"), 1))


def folder_of(path):
    return str(pathlib.PurePosixPath(path).parent)


def rooms(tree):
    """{folder: [(line, folder that its files may include)]}, from overrun_room*(... USES ...) in CMakeLists.txt."""
    found = {}
    for path, text in tree.items():
        if not path.endswith("CMakeLists.txt"):
            continue
        text = re.sub(r"#[^\n]*", "", text)
        for call in ROOM.finditer(text):
            uses = found.setdefault(folder_of(path), [])
            keyword = None
            for word in re.finditer(r"[^\s()]+", call.group(1)):
                if word.group().isupper():
                    keyword = word.group()
                elif keyword == "USES":
                    line = text.count("\n", 0, call.start(1) + word.start()) + 1
                    uses.append((line, word.group()))
    return found
