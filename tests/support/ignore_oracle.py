"""moby/patternmatcher once more, plainly: a regular expression a pattern, every rule for every path."""

from __future__ import annotations

import re


def regexp(pattern: str) -> tuple[str, str]:
    """The class of a pattern and the regular expression that moby writes for it."""
    out, kind, first = "^", "exact", True
    rest = pattern
    while rest:
        if rest[:2] == "**":
            rest = rest[3:] if rest[2:3] == "/" else rest[2:]
            if rest:
                out, kind = out + "(.*/)?", "regexp"
            elif kind == "exact":
                kind = "prefix"
            else:
                out, kind = out + ".*", "regexp"
            if first:
                kind = "suffix"
        elif rest[0] == "\\":
            out, kind, rest = out + rest[:2], "regexp", rest[2:]
        else:
            char, rest = rest[0], rest[1:]
            out += {"*": "[^/]*", "?": "[^/]"}.get(char, "\\" + char if char in ".+()$" else char)
            if char in "*?[]":
                kind = "regexp"
        first = False
    return kind, out + "$"


def matches(pattern: str, path: str) -> bool:
    kind, text = regexp(pattern)
    if kind == "exact":
        return path == pattern
    if kind == "prefix":
        return path.startswith(pattern[:-2])
    if kind == "suffix":
        return path.endswith(pattern[2:]) or "/" + path == pattern[2:]
    return re.search(text[:-1] + r"\Z", path) is not None


def parents(path: str) -> list[str]:
    """The folders above a path, topmost first."""
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def walk(rules: list[tuple[bool, str]], path: str) -> bool:
    """MatchesUsingParentResults from the top, with fsutil's closed folders. `rules`: exception, pattern."""
    literal = [re.sub(r"/\*$", "", re.sub(r"/\*\*$", "", p)) for exception, p in rules if exception]
    wild = any(set(p) & set("*[]?^\\") for p in literal)
    hits = [False] * len(rules)
    for step in [*parents(path), path]:
        ignored = False
        for number, (exception, pattern) in enumerate(rules):
            if not hits[number]:
                hits[number] = exception == ignored and matches(pattern, step)
            if hits[number]:
                ignored = not exception
        if ignored and not wild and not any((p + "/").startswith(step + "/") for p in literal):
            return True
    return ignored


def whole(rules: list[tuple[bool, str]], path: str) -> bool:
    """MatchesOrParentMatches."""
    ignored = False
    for exception, pattern in rules:
        if exception == ignored and any(matches(pattern, step) for step in [path, *parents(path)]):
            ignored = not exception
    return ignored
