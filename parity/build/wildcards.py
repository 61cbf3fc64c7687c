"""Which paths a wildcard in a COPY source stands for.

Go: path/filepath.Match, over whole paths: `*`, `?` and classes never cross a `/`, `**` is just `*`, dot files
match. BuildKit (fsutil copy.ResolveWildcards): the segments before the first wildcard are literal, links
below it are not walked into, and a folder that matches is not searched deeper.
"""

from __future__ import annotations

from functools import lru_cache

from parity.image.effort import Effort
from parity.model.location import Location, Unknown
from parity.tree.base import Absent, Entry, FileKind, FileTree, child
from parity.tree.links import follow

Token = str | None | tuple[bool, tuple[tuple[str, str], ...]]
"""A character, None for `?`, or a class: negated, and its ranges."""
Run = str | tuple[Token, ...]
"""Tokens in a row; a text if they are all characters."""
Pattern = tuple[Run, ...]
"""The runs between the stars: `a*b?` -> `"a" ("b", None)`."""

MOST_VISITED = 200_000
"""Paths that one wildcard may look at."""


def has_wildcard(text: str) -> bool:
    """BuildKit: containsWildcards: `*`, `?` or `[`, not behind a backslash."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] in "*?[":
            return True
        at += 1
    return False


def matches(pattern: str, name: str) -> bool:
    """Does `pattern` match the whole of `name` (one path segment)? A malformed pattern matches nothing."""
    runs = _compile(pattern)
    return runs is not None and _match(runs, name)


def literal_part(path: str) -> str:
    """The folder of the cleaned absolute path before its first wildcard: `/src/*/a` -> `/src`."""
    segments = path.split("/")[1:]
    first = next((i for i, segment in enumerate(segments) if has_wildcard(segment)), len(segments))
    return "/" + "/".join(segments[:first])


def expand(
    tree: FileTree, path: str, effort: Effort | None = None, location: Location | None = None
) -> tuple[str, ...] | Absent | Unknown:
    """The paths of `tree` that the cleaned absolute `path` matches, sorted.

    Absent if the folder before the first wildcard is missing; Unknown if a folder cannot be listed. `effort` pays
    for the names that are looked at; raises ParityError, at `location`, where it does not suffice.
    """
    base = literal_part(path)
    segments = path.split("/")[1:]
    first = len(base.split("/")) - 1 if base != "/" else 0
    start = follow(tree, base)
    if not isinstance(start.answer, Entry):
        return start.answer
    found = [start.path]
    visited = 0
    for number, segment in enumerate(segments[first:], first):
        below: list[str] = []
        for folder in found:
            names = tree.names(folder)
            if isinstance(names, Unknown):
                return names
            visited += len(names)
            if effort is not None:
                effort.spend(len(names), location)
            if visited > MOST_VISITED:
                return Unknown(f"the wildcard {path} has too many files to look at")
            for name in names:
                step = child(folder, name)
                if matches(segment, name) and (number == len(segments) - 1 or _is_folder(tree, step)):
                    below.append(step)
        found = below
    return tuple(sorted(found, key=lambda path: path.split("/")))


def _is_folder(tree: FileTree, path: str) -> bool:
    answer = tree.lookup(path)
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY


@lru_cache(maxsize=512)
def _compile(pattern: str) -> Pattern | None:
    runs: list[list[Token]] = [[]]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            runs.append([])
        elif char == "?":
            runs[-1].append(None)
        elif char == "[":
            read = _read_class(pattern, at + 1)
            if read is None:
                return None
            token, at = read
            runs[-1].append(token)
            continue
        else:
            if char == "\\":
                at += 1
                if at == len(pattern):
                    return None
            runs[-1].append(pattern[at])
        at += 1
    return tuple(_run(run) for run in runs)


def _run(tokens: list[Token]) -> Run:
    characters = [token for token in tokens if isinstance(token, str)]
    return "".join(characters) if len(characters) == len(tokens) else tuple(tokens)


def _read_class(pattern: str, at: int) -> tuple[Token, int] | None:
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    while not (pattern.startswith("]", at) and ranges):
        low = _class_character(pattern, at)
        if low is None:
            return None
        high, at = low
        first = high
        if pattern.startswith("-", at):
            last = _class_character(pattern, at + 1)
            if last is None:
                return None
            high, at = last
        ranges.append((first, high))
    return (negated, tuple(ranges)), at + 1


def _class_character(pattern: str, at: int) -> tuple[str, int] | None:
    # Go: getEsc: a bare `-` or `]` is an error; something must follow the character.
    if at >= len(pattern) or pattern[at] in "-]":
        return None
    at += pattern[at] == "\\"
    return (pattern[at], at + 1) if at + 1 < len(pattern) else None


def _match(runs: Pattern, name: str) -> bool:
    head, *rest = runs
    if not _fits(head, name, 0):
        return False
    at = len(head)
    if not rest:
        return at == len(name)
    *middle, tail = rest
    # Leftmost places for the middle runs leave the most room for the rest: no backtracking is needed.
    for run in middle:
        while at + len(run) <= len(name) and not _fits(run, name, at):
            at += 1
        if at + len(run) > len(name):
            return False
        at += len(run)
    return len(name) - len(tail) >= at and _fits(tail, name, len(name) - len(tail))


def _fits(run: Run, name: str, at: int) -> bool:
    if isinstance(run, str):
        return name.startswith(run, at)
    if at + len(run) > len(name):
        return False
    for token, char in zip(run, name[at : at + len(run)], strict=True):
        if isinstance(token, tuple):
            negated, ranges = token
            if any(low <= char <= high for low, high in ranges) is negated:
                return False
        elif token is not None and token != char:
            return False
    return True
