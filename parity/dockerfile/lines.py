"""Bytes of a Dockerfile -> parser directives and logical lines, heredocs cut out.

BuildKit: frontend/dockerfile/parser: parser.go, directives.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from parity.dockerfile.heredocs import HeredocMark, marks_in
from parity.dockerfile.words import NotStringsError, json_strings, split_flags, split_once, trim, trim_left
from parity.model.errors import ParityError
from parity.model.location import Location

LONGEST_LINE = 65_535
HOLDS_HEREDOC = frozenset({"add", "copy", "run"})
Segments = tuple[tuple[int, int], ...]
"""(offset in a joined text, the physical line whose text begins there), in order, the first at 0."""
_BLANKS = "\t\f\r "
_DIRECTIVE = re.compile(r"[\t\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=")
_KNOWN_DIRECTIVES = ("syntax", "escape", "check")


class RawHeredoc(Struct, frozen=True):
    """`content` before tabs are removed and variables expanded; `line`: the first line of the body."""

    name: str
    descriptor: int
    chomp: bool
    expand: bool
    content: str
    line: int


class LogicalLine(Struct, frozen=True):
    """An instruction's text, continuation lines joined; physical lines from 1, `end` with the heredocs."""

    text: str
    start: int
    end: int
    heredocs: tuple[RawHeredoc, ...] = ()
    segments: Segments = ()


class DockerfileText(Struct, frozen=True):
    escape: str
    frontend: str | None
    lines: tuple[LogicalLine, ...]


def read_lines(data: bytes, path: str) -> DockerfileText:
    """Raises ParityError, with file and line, for what the parser refuses at this stage."""
    text = data.decode("utf8", "surrogateescape").removeprefix("\ufeff")
    physical = text.split("\n")
    unended = physical.pop()
    if unended:
        physical.append(unended)
    for number, line in enumerate(physical, 1):
        if len(line) * 4 > LONGEST_LINE and len(line.encode("utf8", "surrogateescape")) > LONGEST_LINE:
            raise ParityError(
                f"dockerfile line greater than maximum allowed size of {LONGEST_LINE}", Location(path, number)
            )
    directives = _directives(physical, path)
    reader = _Reader(physical, directives.get("escape", "\\"), path)
    lines = tuple(reader.read())
    if not lines:
        raise ParityError("file with no instructions", Location(path))
    return DockerfileText(reader.escape, directives.get("syntax") or _other_frontend(physical), lines)


def _directive(line: str, comment: str) -> tuple[str, str] | None:
    """Name (lower case) and value."""
    line = trim_left(line.rstrip("\r"))
    match = _DIRECTIVE.match(line, len(comment)) if line.startswith(comment) else None
    if match is None or match[1].lower() not in _KNOWN_DIRECTIVES or match.end() == len(line):
        return None
    # Go: `\s*(.+?)\s*$`: of blanks alone, one is the value.
    return match[1].lower(), line[match.end() :].strip(_BLANKS) or line[-1]


def _directives(physical: list[str], path: str) -> dict[str, str]:
    """They stand at the very top; any other line ends them."""
    found: dict[str, str] = {}
    for number, line in enumerate(physical, 1):
        directive = _directive(line, "#")
        if directive is None:
            break
        name, value = directive
        if name in found:
            raise ParityError(f"only one {name} parser directive can be used", Location(path, number))
        if name == "escape" and value not in ("\\", "`"):
            raise ParityError(
                f"invalid escape token '{value}' does not match ` or \\", Location(path, number)
            )
        found[name] = value
    return found


def _other_frontend(physical: list[str]) -> str | None:
    """BuildKit: DetectSyntax: `syntax` also counts behind a `#!` line, and in `//` comments."""
    first = 1 if physical[0].startswith("#!") else 0
    for comment in ("#", "//"):
        for line in islice(physical, first, None):
            directive = _directive(line, comment)
            if directive is None:
                break
            if directive[0] == "syntax":
                return directive[1]
    return None


class _Reader:
    def __init__(self, physical: list[str], escape: str, path: str) -> None:
        self.physical = physical
        self.escape = escape
        self.path = path
        self.at = 0
        mark = re.escape(escape)
        self.continued = re.compile(rf"(?:(?<=[^{mark}])|^){mark}[ \t]*$")

    def read(self) -> Iterator[LogicalLine]:
        while self.at < len(self.physical):
            start = self.at + 1
            line = trim_left(self._next())
            if not line or line.startswith("#"):
                continue
            text, segments = self._joined(line, start)
            heredocs = tuple(self._heredoc(mark, start) for mark in self._marks(text))
            yield LogicalLine(text, start, self.at, heredocs, segments)

    def _next(self) -> str:
        self.at += 1
        return self.physical[self.at - 1].rstrip("\r")

    def _trimmed(self, line: str) -> tuple[str, bool]:
        """The line without its continuation mark, and whether it had one."""
        cut = self.continued.search(line) if self.escape in line else None
        return (line[: cut.start()], True) if cut else (line, False)

    def _joined(self, line: str, start: int) -> tuple[str, Segments]:
        """`line` with its continuation lines; comments and blank lines among them are skipped."""
        line, more = self._trimmed(line)
        parts = [line]
        offset = len(line)
        segments = [(0, start)]
        while more and self.at < len(self.physical):
            raw = self._next()
            shown = trim_left(raw)
            if not shown or shown.startswith("#"):
                continue
            line, more = self._trimmed(raw)
            if line:
                segments.append((offset, self.at))
            parts.append(line)
            offset += len(line)
        joined = "".join(parts)
        text = trim(joined)
        return text, from_offset(tuple(segments), len(joined) - len(trim_left(joined)))

    def _marks(self, text: str) -> tuple[HeredocMark, ...]:
        """BuildKit: canContainHeredoc."""
        if "<<" not in text:
            return ()
        keyword, rest = split_once(text)
        if keyword.lower() == "onbuild":
            _, rest = split_flags(rest)
            keyword, rest = split_once(trim(rest))
        if keyword.lower() not in HOLDS_HEREDOC:
            return ()
        try:
            return marks_in(text) if json_strings(trim(split_flags(rest)[1])) is None else ()
        except NotStringsError:
            return ()

    def _heredoc(self, mark: HeredocMark, start: int) -> RawHeredoc:
        first = self.at
        while self.at < len(self.physical):
            line = self._next()
            if (line.lstrip("\t") if mark.chomp else line) == mark.name:
                content = "".join(f"{one}\n" for one in self.physical[first : self.at - 1])
                return RawHeredoc(mark.name, mark.descriptor, mark.chomp, mark.expand, content, first + 1)
        raise ParityError("unterminated heredoc", Location(self.path, start))


def from_offset(segments: Segments, offset: int) -> Segments:
    """The segments of the text that begins `offset` characters further on."""
    if len(segments) == 1:
        return segments
    later = [(at - offset, line) for at, line in segments if at > offset]
    before = [line for at, line in segments if at <= offset]
    return ((0, before[-1]), *later) if before else tuple(later)
