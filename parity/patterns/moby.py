"""What does one pattern of an ignore file say, in Go's own terms?

moby/patternmatcher: `New` checks a pattern with `filepath.Match`, then `compile` sorts it into one of four
classes and, for the last, writes a Go regular expression.
"""

from __future__ import annotations

from enum import Enum

SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go's `strings.TrimSpace` trims; Python's `strip()` also takes U+001C to U+001F."""

_SPECIAL = frozenset("*?[]\\")
_ESCAPED = frozenset(".+()$")
# moby/patternmatcher: the bit mask of `shouldEscape` loses what lies above U+003F: `{ | }` stay as they are.


class MatchType(Enum):
    """The four classes of moby/patternmatcher."""

    EXACT = "exact"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    REGEXP = "regexp"


def clean(path: str) -> str:
    """Go's `filepath.Clean`: `a//b/`, `./a/b` and `a/x/../b` -> `a/b`; nothing left -> `.`."""
    rooted = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", ".") and not (part == ".." and rooted):
            parts.append(part)
    return "/" + "/".join(parts) if rooted else "/".join(parts) or "."


def is_well_formed(pattern: str) -> bool:
    """Does Go's `filepath.Match` accept it? It is asked for the name ".".

    It reads from star to star and stops at the first such part that does not fit the name, so what is
    malformed further on goes unseen. Nor does it mind a reversed range.
    """
    at = 0
    for name in (".", ""):
        while pattern.startswith("*", at):
            at += 1
        fits: list[bool] = []
        while at < len(pattern) and pattern[at] != "*":
            element = _element(pattern, at)
            if element is None:
                return False
            at, fit = element
            fits.append(fit)
        if not name or fits != [True]:
            break
    return True


def _element(pattern: str, at: int) -> tuple[int, bool] | None:
    """Where the element at `at` ends, and whether it takes a "."; None where it is malformed."""
    char = pattern[at]
    if char == "\\":
        return (at + 2, pattern[at + 1] == ".") if at + 1 < len(pattern) else None
    if char != "[":
        return at + 1, char in ".?"
    negated = pattern.startswith("^", at + 1)
    at += 2 if negated else 1
    found = False
    first = True
    while first or not pattern.startswith("]", at):
        first = False
        low = high = _past_member(pattern, at)
        if low is not None and pattern.startswith("-", low):
            high = _past_member(pattern, low + 1)
        if low is None or high is None:
            return None
        found = found or pattern[low - 1] <= "." <= pattern[high - 1]
        at = high
    return at + 1, found != negated


def _past_member(pattern: str, at: int) -> int | None:
    # path/filepath: `getEsc`. The class cannot end the pattern, so something must follow the member.
    if pattern[at : at + 1] in ("", "-", "]"):
        return None
    at += 2 if pattern[at] == "\\" else 1
    return at if at < len(pattern) else None


def translate(pattern: str) -> tuple[MatchType, str]:
    """The class of a cleaned pattern, and the Go regular expression of the class REGEXP."""
    if not _SPECIAL.intersection(pattern):
        return MatchType.EXACT, ""
    kind = MatchType.EXACT
    written = ["^"]
    # text/scanner: a byte order mark at the very start is skipped.
    at = start = 1 if pattern.startswith("\ufeff") else 0
    while at < len(pattern):
        first = at == start
        char = pattern[at]
        at += 1
        if pattern.startswith("**", at - 1):
            at += 1
            if pattern.startswith("/", at):
                at += 1
            if at < len(pattern):
                written.append("(.*/)?")
                kind = MatchType.REGEXP
            elif kind is MatchType.EXACT:
                kind = MatchType.PREFIX
            else:
                written.append(".*")
                kind = MatchType.REGEXP
            if first:
                kind = MatchType.SUFFIX
        elif char in "*?":
            written.append("[^/]*" if char == "*" else "[^/]")
            kind = MatchType.REGEXP
        elif char in _ESCAPED:
            written.append("\\" + char)
        elif char == "\\" and at < len(pattern):
            written.append(pattern[at - 1 : at + 1])
            at += 1
            kind = MatchType.REGEXP
        else:
            written.append(char)
            if char in "[]":
                kind = MatchType.REGEXP
    written.append("$")
    return kind, "".join(written) if kind is MatchType.REGEXP else ""
