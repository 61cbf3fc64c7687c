"""Bytes of a Dockerfile -> parser directives and logical lines, heredocs cut out.

BuildKit: frontend/dockerfile/parser: parser.go, directives.go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parity.model.errors import ParityError
from parity.model.location import Location

LONGEST_LINE = 65_535
HOLDS_HEREDOC = frozenset({"ADD", "COPY", "RUN"})
_DIRECTIVE = re.compile(r"#[ \t]*([a-zA-Z][a-zA-Z0-9]*)[ \t]*=[ \t]*(\S.*?)[ \t]*$")
_KNOWN_DIRECTIVES = ("syntax", "escape", "check")
_HEREDOC = re.compile(r"(\d*)<<(-?)([^<]*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RawHeredoc:
    """`content` before tabs are removed and variables expanded; `line`: the first line of the body."""

    name: str
    descriptor: int
    chomp: bool
    expand: bool
    content: str
    line: int


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """An instruction's text, continuation lines joined; physical lines from 1, `end` with the heredocs."""

    text: str
    start: int
    end: int
    heredocs: tuple[RawHeredoc, ...] = ()


@dataclass(frozen=True, slots=True)
class DockerfileText:
    escape: str
    frontend: str | None
    lines: tuple[LogicalLine, ...]


def read_lines(data: bytes, path: str) -> DockerfileText:
    """Raises ParityError, with file and line, for what the parser refuses at this stage."""
    text = data.decode("utf8", "surrogateescape").removeprefix("\ufeff")
    physical = text.split("\n")
    if physical and physical[-1] == "":
        physical.pop()
    for number, line in enumerate(physical, 1):
        if len(line) >= LONGEST_LINE and len(line.encode("utf8", "surrogateescape")) >= LONGEST_LINE:
            raise ParityError(
                f"dockerfile line greater than maximum allowed size of {LONGEST_LINE}", Location(path, number)
            )
    directives = _directives(physical, path)
    escape = directives.get("escape", "\\")
    lines = tuple(_Reader(physical, escape, path).read())
    if not lines:
        raise ParityError("file with no instructions", Location(path))
    return DockerfileText(escape, directives.get("syntax"), lines)


def _directives(physical: list[str], path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(physical, 1):
        match = _DIRECTIVE.match(line.rstrip("\r"))
        name = match[1].lower() if match else ""
        if match is None or name not in _KNOWN_DIRECTIVES:
            break
        if name in found:
            raise ParityError(f"only one {name} parser directive can be used", Location(path, number))
        if name == "escape" and match[2] not in ("\\", "`"):
            raise ParityError(
                f"invalid escape token '{match[2]}' does not match ` or \\", Location(path, number)
            )
        found[name] = match[2]
    return found


class _Reader:
    def __init__(self, physical: list[str], escape: str, path: str) -> None:
        self.physical = physical
        self.escape = escape
        self.path = path
        self.at = 0
        mark = re.escape(escape)
        self.continued = re.compile(rf"(?:(?<=[^{mark}])|^){mark}[ \t]*$")

    def read(self) -> list[LogicalLine]:
        lines: list[LogicalLine] = []
        while self.at < len(self.physical):
            start = self.at + 1
            line, more = self._trimmed(self._next().lstrip(" \t\v\f\r"))
            if line.startswith("#"):
                continue
            if not more and not line.strip():
                continue
            parts = [line]
            while more and self.at < len(self.physical):
                raw = self._next()
                if raw.lstrip().startswith("#") or not raw.strip():
                    continue
                line, more = self._trimmed(raw)
                parts.append(line)
            text = "".join(parts).strip()
            if not text:
                continue
            heredocs = tuple(self._heredocs(text, start))
            lines.append(LogicalLine(text, start, self.at, heredocs))
        return lines

    def _next(self) -> str:
        self.at += 1
        return self.physical[self.at - 1].rstrip("\r")

    def _trimmed(self, line: str) -> tuple[str, bool]:
        """The line without its continuation mark, and whether it had one."""
        if line.startswith("#"):
            return line, False
        cut = self.continued.search(line)
        return (line[: cut.start()], True) if cut else (line, False)

    def _heredocs(self, text: str, start: int) -> list[RawHeredoc]:
        if "<<" not in text:
            return []
        words = text.split(None, 2)
        keyword = words[0].upper()
        rest = text[len(words[0]) :]
        if keyword == "ONBUILD" and len(words) > 1:
            keyword = words[1].upper()
            rest = words[2] if len(words) > 2 else ""
        if keyword not in HOLDS_HEREDOC or (rest.lstrip().startswith("[") and rest.rstrip().endswith("]")):
            return []
        found: list[RawHeredoc] = []
        for name, descriptor, chomp, expand in heredoc_marks(rest, self.escape):
            body_line = self.at + 1
            content: list[str] = []
            while True:
                if self.at >= len(self.physical):
                    raise ParityError("unterminated heredoc", Location(self.path, start))
                line = self.physical[self.at]
                self.at += 1
                bare = line.rstrip("\r")
                if (bare.lstrip("\t") if chomp else bare) == name:
                    break
                content.append(line + "\n")
            found.append(RawHeredoc(name, descriptor, chomp, expand, "".join(content), body_line))
        return found


def heredoc_marks(text: str, escape: str = "\\") -> list[tuple[str, int, bool, bool]]:
    """(name, descriptor, leading tabs removed?, variables expanded?) of each `<<NAME` in the text."""
    found = []
    words = _quoted_words(text, escape)
    for number, word in enumerate(words):
        mark = _HEREDOC.match(word)
        if mark is None:
            continue
        rest = mark[3]
        if not rest and number + 1 < len(words):
            rest = words[number + 1]
        name, quoted = _unquoted(rest, escape)
        if name:
            found.append((name, int(mark[1] or 0), bool(mark[2]), not quoted))
    return found


def _quoted_words(text: str, escape: str) -> list[str]:
    """Words split at white space outside quotes; quotes and escapes are kept. [] with an open quote."""
    words: list[str] = []
    word: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        character = text[at]
        if character == escape and quote != "'" and at + 1 < len(text):
            word.append(text[at : at + 2])
            at += 2
            continue
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character.isspace():
            if word:
                words.append("".join(word))
                word = []
            at += 1
            continue
        word.append(character)
        at += 1
    if quote:
        return []
    return [*words, "".join(word)] if word else words


def _unquoted(word: str, escape: str) -> tuple[str, bool]:
    result: list[str] = []
    quoted = False
    quote = ""
    at = 0
    while at < len(word):
        character = word[at]
        if character == escape and quote != "'" and at + 1 < len(word):
            result.append(word[at + 1])
            at += 2
            continue
        if character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote, quoted = character, True
        else:
            result.append(character)
        at += 1
    return "".join(result), quoted
