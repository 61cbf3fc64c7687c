"""Does a name match a shell pattern, and which files does a pattern name?

POSIX.1-2017, Shell Command Language, 2.13: `*`, `?`, `[...]`; quoted characters stand for themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from parity.model.location import Unknown
from parity.tree.base import Absent, Entry, FileKind, FileTree, join
from parity.tree.links import follow

MOST_NAMES = 20_000
"""Files that one pattern may give; beyond that it cannot be told."""
CLASSES: dict[str, Callable[[str], bool]] = {
    "alnum": lambda char: char.isalnum(),
    "alpha": lambda char: char.isalpha(),
    "digit": lambda char: char.isdigit(),
    "lower": lambda char: char.islower(),
    "upper": lambda char: char.isupper(),
    "space": lambda char: char.isspace(),
    "punct": lambda char: char.isascii() and char.isprintable() and not char.isalnum() and char != " ",
    "xdigit": lambda char: char in "0123456789abcdefABCDEF",
    "blank": lambda char: char in " \t",
    "cntrl": lambda char: char < " " or char == "\x7f",
    "graph": lambda char: char.isprintable() and char != " ",
    "print": lambda char: char.isprintable(),
}


class _Any(Struct, frozen=True):
    """`?` (one) or `*` (many)."""

    many: bool


class _Set(Struct, frozen=True):
    """`[...]`: ranges (a single character is one of its own) and named classes."""

    ranges: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    negated: bool

    def holds(self, char: str) -> bool:
        found = any(low <= char <= high for low, high in self.ranges)
        found = found or any(CLASSES[name](char) for name in self.classes)
        return found is not self.negated


Pattern = tuple[str | _Any | _Set, ...]


def compile_pattern(text: str) -> Pattern:
    """`text` with quoted characters behind a backslash -> the pattern. An unclosed `[` is a letter."""
    done: list[str | _Any | _Set] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            done.append(text[at + 1])
            at += 2
        elif char == "*":
            if not (done and done[-1] == _Any(True)):
                done.append(_Any(True))
            at += 1
        elif char == "?":
            done.append(_Any(False))
            at += 1
        elif char == "[" and (found := _read_set(text, at)):
            done.append(found[0])
            at = found[1]
        else:
            done.append(char)
            at += 1
    return tuple(done)


def _read_set(text: str, at: int) -> tuple[_Set, int] | None:
    at += 1
    negated = text[at : at + 1] in ("!", "^")
    at += negated
    ranges: list[tuple[str, str]] = []
    classes: list[str] = []
    first = True
    while at < len(text):
        char = text[at]
        if char == "]" and not first:
            return _Set(tuple(ranges), tuple(classes), negated), at + 1
        first = False
        close = text.find(":]", at + 2) if text.startswith("[:", at) else -1
        if close > 0 and text[at + 2 : close] in CLASSES:
            classes.append(text[at + 2 : close])
            at = close + 2
            continue
        if char == "/":
            return None
        if char == "\\" and at + 1 < len(text):
            at += 1
            char = text[at]
        if text[at + 1 : at + 2] == "-" and text[at + 2 : at + 3] not in ("]", ""):
            high = at + 2
            if text[high] == "\\" and high + 1 < len(text):
                high += 1
            ranges.append((char, text[high]))
            at = high + 1
        else:
            ranges.append((char, char))
            at += 1
    return None


def is_plain(pattern: Pattern) -> bool:
    return all(isinstance(part, str) for part in pattern)


def matches(pattern: Pattern, name: str) -> bool:
    """The whole of `name`; `*` crosses anything. At most len(pattern) * len(name) steps."""
    at = place = 0
    star = mark = -1
    while at < len(name):
        part = pattern[place] if place < len(pattern) else None
        if part == _Any(True):
            star, mark = place, at
            place += 1
        elif part is not None and _fits(part, name[at]):
            at += 1
            place += 1
        elif star >= 0:
            mark += 1
            at, place = mark, star + 1
        else:
            return False
    return all(part == _Any(True) for part in pattern[place:])


def _fits(part: str | _Any | _Set, char: str) -> bool:
    if isinstance(part, str):
        return part == char
    return part.holds(char) if isinstance(part, _Set) else not part.many


class Names(Struct, frozen=True):
    """The paths that a pattern gives, as the shell writes them, sorted.

    `complete` is False where a folder may hold more than is known.
    """

    paths: tuple[str, ...]
    complete: bool


def glob(files: FileTree, folder: str | None, text: str) -> Names:
    """The paths that `text` names; `folder` is the working directory. Leading dots must be given."""
    absolute = text.startswith("/")
    if not absolute and folder is None:
        return Names((), False)
    segments = [segment for segment in text.split("/") if segment]
    # As written, and the place that stands for.
    found: list[tuple[str, str]] = [("/", "/")] if absolute else [("", folder or "/")]
    complete = True
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1 and not text.endswith("/")
        step = _Level(files, segment, last)
        found = [pair for written, place in found for pair in step.below(written, place)]
        complete = complete and step.complete and len(found) <= MOST_NAMES
        if len(found) > MOST_NAMES:
            return Names((), False)
    end = "/" if text.endswith("/") else ""
    return Names(tuple(sorted(written + end for written, _ in found)), complete)


class _Level:
    """One segment of a pattern."""

    def __init__(self, files: FileTree, segment: str, last: bool) -> None:
        self.files = files
        self.pattern = compile_pattern(segment)
        self.magic = not is_plain(self.pattern)
        self.hidden = segment.startswith((".", "\\."))
        self.example = "".join(part if isinstance(part, str) else "x" for part in self.pattern)
        self.last = last
        self.complete = True

    def below(self, written: str, place: str) -> list[tuple[str, str]]:
        """The names in the folder `place` that match, each as written and with its place."""
        stem = written + "/" if written and not written.endswith("/") else written
        done: list[tuple[str, str]] = []
        for name in self.names(place):
            path = f"{place.rstrip('/')}/{name}"
            answer = follow(self.files, path).answer
            if isinstance(answer, Unknown):
                # Names that are listed are there; where they lead is another matter.
                self.complete = self.complete and self.last and self.magic
                if not (self.last and self.magic):
                    continue
            elif isinstance(answer, Absent):
                if not (self.last and isinstance(follow(self.files, path, last=False).answer, Entry)):
                    continue
            elif not self.last and answer.kind is not FileKind.DIRECTORY:
                continue
            done.append((stem + name, path))
        return done

    def names(self, place: str) -> list[str]:
        if not self.magic:
            return [self.example]
        folder = follow(self.files, place)
        if isinstance(folder.answer, Absent):
            return []
        if isinstance(folder.answer, Entry) and folder.answer.kind is not FileKind.DIRECTORY:
            return []
        listing = self.files.names(folder.path)
        if isinstance(listing, Unknown):
            self.complete = False
            return []
        if isinstance(self.files.lookup(join(folder.path, self.example)), Unknown):
            self.complete = False
        return sorted(
            name
            for name in listing
            if (not name.startswith(".") or self.hidden) and matches(self.pattern, name)
        )
