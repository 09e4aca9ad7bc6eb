# SPDX-License-Identifier: Apache-2.0
"""A strict reader of VCD files (IEEE 1364-2005, clause 18), as far as this project writes them.

It forgives nothing: what the clause does not allow, or a time stamp that does not rise, is an AssertionError.
"""


class Wave:
    """`width` and `changes` [(time, value)] of each signal by its full name; an unknown value is None."""

    def __init__(self, text):
        head, _, rest = text.partition("$enddefinitions $end\n")
        assert rest, "no end of the definitions"
        self.width, self.changes, self._names = {}, {}, {}
        self._declare(head.split())
        self.end = self._read(rest.split("\n"))

    def _declare(self, words):
        scopes = []
        while words:
            word = words.pop(0)
            end = words.index("$end")
            inside, words = words[:end], words[end + 1:]
            if word == "$scope":
                scopes.append(inside[1])
            elif word == "$upscope":
                scopes.pop()
            elif word == "$timescale":
                assert inside == ["1", "ps"], inside
            elif word == "$var":
                kind, width, code, name = inside
                assert kind == "wire" and code not in self._names, inside
                full = ".".join(scopes + [name])
                assert full not in self.width, full
                self._names[code], self.width[full], self.changes[full] = full, int(width), []
            else:
                assert word in ("$version", "$comment", "$date"), word
        assert not scopes, scopes

    def _read(self, lines):
        assert lines.pop() == "", "the last line is cut"
        now = None
        for line in lines:
            if line.startswith("#"):
                assert now is None or int(line[1:]) > now, f"{line} after #{now}"
                now = int(line[1:])
            elif line not in ("$dumpvars", "$end"):
                assert now is not None, f"{line} before the first time stamp"
                value, code = line[1:].split(" ") if line[0] == "b" else (line[0], line[1:])
                name = self._names[code]
                assert 1 <= len(value) <= self.width[name] and set(value) <= set("01x"), line
                assert (line[0] == "b") == (self.width[name] > 1), line
                self.changes[name].append((now, None if "x" in value else int(value, 2)))
        return now

    def values(self, name):
        return [value for _, value in self.changes[name]]
