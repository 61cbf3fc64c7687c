"""Which paths do the lines of a .gitignore name? (git: gitignore(5); `dir.c`, `wildmatch.c`)

A line is compared part by part with the path: `*` stays within a part, `**` spans parts. Nothing backtracks over more
than the last of them, so that no line takes long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from parity.model.octets import octets
from parity.patterns.posix import CLASSES, Pattern, compile_pattern, is_plain, matches

MOST_LINES = 5_000
"""Lines of one file that are read."""
_SET = rf"\[[!^]?+\]?+(?>\[:(?:{'|'.join(CLASSES)}):\]|\\.|\[(?!:)|\[:(?![^\]]*:\])|[^\]\\\[])*+\]"
_SOUND = re.compile(rf"(?>[^\\\[]|\\.|{_SET})*+", re.DOTALL)
"""Git: a `[` that is not closed, a class that there is not, or a lone `\\` at the end match nothing."""
_WHOLE = re.compile(rf"\\.|{_SET}", re.DOTALL)
_TRAILING = re.compile(r"((?:[^\\ ]|\\.| +(?=[^ ]))*+) *", re.DOTALL)
_WILD = re.compile(r"[*?\[\\]")


class _Spanning(Struct, frozen=True):
    """`**`: no part, or any number of them."""


class _Wild(Struct, frozen=True):
    """A part with wildcards. `pattern`: None where one `*` between two texts is all there is."""

    start: str
    end: str
    pattern: Pattern | None

    def matches(self, name: str) -> bool:
        if not name.startswith(self.start) or not name.endswith(self.end):
            return False
        if self.pattern is None:
            return len(name) >= len(self.start) + len(self.end)
        return matches(self.pattern, name)


Part = str | _Wild | _Spanning
_ANY_NAME = _Wild("", "", None)


class IgnoreLine(Struct, frozen=True):
    """One line that names something.

    `number` from 1, `text` as it stands in the file; `negated`: it lets in again; `folders_only`: it ends in a slash;
    `parts`: of the path from the file's folder, or of the name alone where `anywhere`.
    """

    number: int
    text: str
    negated: bool
    folders_only: bool
    anywhere: bool
    parts: tuple[Part, ...]

    @property
    def is_plain(self) -> bool:
        """Are there no wildcards in it?"""
        return all(isinstance(part, str) for part in self.parts)

    def names(self, path: str, is_folder: bool) -> bool:
        """Does it name just this path (relative to the file's folder), not only a folder above it?"""
        if self.folders_only and not is_folder:
            return False
        if self.anywhere:
            return _fits(self.parts[0], path.rpartition("/")[2])
        return _spans(self.parts, path.split("/"))


def read_lines(data: bytes) -> tuple[IgnoreLine, ...]:
    """The lines of a .gitignore that may name something, in order."""
    text = _octets(data.removeprefix(b"\xef\xbb\xbf"))
    lines = (
        _line_of(raw.removesuffix("\r").partition("\0")[0], number)
        for number, raw in enumerate(text.split("\n")[:MOST_LINES], 1)
    )
    return tuple(line for line in lines if line is not None)


def line_of(text: str, number: int = 0) -> IgnoreLine | None:
    """What one line says; None for a comment, an empty line, and what matches nothing."""
    return _line_of(_octets(octets(text)), number)


def _line_of(text: str, number: int) -> IgnoreLine | None:
    """The same of a line whose characters are its bytes."""
    if text.startswith("#"):
        return None
    trimmed = _TRAILING.fullmatch(text)
    pattern = trimmed[1] if trimmed else text  # git: behind a lone `\\` at the end nothing is trimmed
    negated = pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    folders_only = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    anywhere = "/" not in pattern
    names = _WHOLE.sub(_without_slash, pattern.removeprefix("/")).split("/")
    if not all(name and _SOUND.fullmatch(name) for name in names):
        return None
    parts: list[Part] = [_Spanning() if name == "**" and not anywhere else _part(name) for name in names]
    if parts[-1] == _Spanning():
        parts.append(_ANY_NAME)  # what is in the folder, not the folder itself
    return IgnoreLine(number, _shown(text.rstrip()), negated, folders_only, anywhere, tuple(parts))


def deciding(lines: Sequence[IgnoreLine], path: str, is_folder: bool) -> IgnoreLine | None:
    """The last line that names just this path, relative to the folder of the file."""
    if not path.isascii():
        path = _octets(octets(path))
    return next((line for line in reversed(lines) if line.names(path, is_folder)), None)


def _without_slash(found: re.Match[str]) -> str:
    """A quoted slash is one; in a set it can match nothing, as nothing has a NUL byte in its name."""
    return "/" if found[0] == "\\/" else found[0].replace("/", "\0")


def named(lines: Sequence[IgnoreLine], path: str, is_folder: bool) -> tuple[IgnoreLine, str] | None:
    """The line that names the path or a folder above it, and which of them: the topmost that is not let in again."""
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        place = "/".join(parts[:count])
        line = deciding(lines, place, is_folder or count < len(parts))
        if line is not None and not line.negated:
            return line, place
    return None


def _octets(data: bytes) -> str:
    """Git compares bytes: a `?` is one of them."""
    return data.decode("latin-1")


def _shown(text: str) -> str:
    return text.encode("latin-1").decode("utf8", "surrogateescape")


def _part(name: str) -> Part:
    if not _WILD.search(name):
        return name
    pattern = compile_pattern(name)
    if is_plain(pattern):
        return "".join(str(one) for one in pattern)
    plain = [isinstance(one, str) for one in pattern]
    first, last = plain.index(False), len(plain) - plain[::-1].index(False)
    start = "".join(str(one) for one in pattern[:first])
    end = "".join(str(one) for one in pattern[last:])
    return _Wild(start, end, None if matches(pattern[first:last], "") else pattern)


def _fits(part: Part, name: str) -> bool:
    if isinstance(part, str):
        return part == name
    return isinstance(part, _Spanning) or part.matches(name)


def _spans(parts: Sequence[Part], names: Sequence[str]) -> bool:
    at = place = 0
    span = mark = -1
    while at < len(names):
        part = parts[place] if place < len(parts) else None
        if isinstance(part, _Spanning):
            span, mark = place, at
            place += 1
        elif part is not None and _fits(part, names[at]):
            at += 1
            place += 1
        elif span >= 0:
            mark += 1
            at, place = mark, span + 1
        else:
            return False
    return place == len(parts)
