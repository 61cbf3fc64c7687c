"""What do `${v#p}`, `${v%p}` and `${v/p/r}` make of a value?

BuildKit: frontend/dockerfile/shell/lex.go: convertShellPatternToRegex, trimPrefix, trimSuffix. `*` and `?` do
not match a line feed (they stand for Go's `.`).
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from msgspec import Struct

MOST_WORK = 20_000_000
"""Length of a value times length of a pattern: what one modifier may take."""
LONGEST_RESULT = 1 << 22
_TEMPLATE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


class PatternError(ValueError):
    """Why a pattern cannot be used."""


class Pattern(Struct, frozen=True, dict=True):
    """`runs`: the characters between the stars, None for `?`.

    Putting each middle run at its first place is best both for the shortest and for the longest match, so
    nothing has to be tried twice: hence the atomic groups.
    """

    runs: tuple[tuple[str | None, ...], ...]

    @cached_property
    def reversed(self) -> Pattern:
        return Pattern(tuple(run[::-1] for run in self.runs[::-1]))

    @cached_property
    def head(self) -> re.Pattern[str]:
        return re.compile(_regex(self.runs[0]))

    def tail(self, longest: bool) -> re.Pattern[str] | None:
        """What follows the head; None: the pattern has no star."""
        if len(self.runs) == 1:
            return None
        *middle, last = (_regex(run) for run in self.runs[1:])
        first = "".join(f"(?>.*?{run})" for run in middle)
        return re.compile(first + (f".*{last}" if longest else f"(?>.*?{last})"))


def _regex(run: tuple[str | None, ...]) -> str:
    return "".join("." if character is None else re.escape(character) for character in run)


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """Raises PatternError for a backslash before anything but `*`, `?`, a backslash, `}` and `/`."""
    runs: list[list[str | None]] = [[]]
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == "*":
            runs.append([])
        elif character == "?":
            runs[-1].append(None)
        elif character == "\\":
            character = text[at : at + 1]
            at += 1
            if character not in ("*", "?", "\\", "}", "/"):
                raise PatternError(f"invalid escape '\\{character}'")
            runs[-1].append(character)
        else:
            runs[-1].append(character)
    return Pattern(tuple(tuple(run) for run in runs))


def trim_prefix(value: str, pattern: str, longest: bool) -> str:
    """`${v#p}`, and `${v##p}` where `longest`. Raises PatternError."""
    return _trimmed(value, _checked(value, pattern), longest)


def trim_suffix(value: str, pattern: str, longest: bool) -> str:
    """`${v%p}`, and `${v%%p}` where `longest`. Raises PatternError."""
    return _trimmed(value[::-1], _checked(value, pattern).reversed, longest)[::-1]


def replace_first(value: str, pattern: str, replacement: str) -> str:
    """`${v/p/r}`. Raises PatternError."""
    span = _find(value, _checked(value, pattern), 0)
    return value if span is None else value[: span[0]] + replacement + value[span[1] :]


def replace_all(value: str, pattern: str, replacement: str) -> str:
    """`${v//p/r}`; `r` is a template of Go's regexp: `$0` is what matched. Raises PatternError."""
    compiled = _checked(value, pattern)
    result: list[str] = []
    size = at = done = 0
    while at <= len(value) and (span := _find(value, compiled, at)) is not None:
        start, end = span
        result.append(value[done:start])
        # Go: an empty match right behind another match does not count.
        if end > done or start == 0:
            result.append(_filled(replacement, value[start:end]))
            size += len(result[-1])
            if size > LONGEST_RESULT:
                raise PatternError("the result is too long")
        done = end
        at = max(at + 1, end)
    return "".join(result) + value[done:]


def _checked(value: str, pattern: str) -> Pattern:
    if len(value) * len(pattern) > MOST_WORK:
        raise PatternError("the value is too long to search")
    return compile_pattern(pattern)


def _trimmed(value: str, pattern: Pattern, longest: bool) -> str:
    found = pattern.head.match(value)
    tail = pattern.tail(longest)
    if found is not None and tail is not None:
        found = tail.match(value, found.end())
    return value if found is None else value[found.end() :]


def _find(value: str, pattern: Pattern, at: int) -> tuple[int, int] | None:
    """The leftmost match from `at` on, each star as long as can be."""
    tail = pattern.tail(longest=True)
    while (head := pattern.head.search(value, at)) is not None:
        if tail is None:
            return head.span()
        rest = tail.match(value, head.end())
        if rest is not None:
            return head.start(), rest.end()
        # What follows is nowhere on this line, so a later start on it cannot match either.
        newline = value.find("\n", head.end())
        if newline < 0:
            return None
        at = max(head.start() + 1, newline + 1 - len(pattern.runs[0]))
    return None


def _filled(template: str, matched: str) -> str:
    """Go: regexp.Expand: `$$` is a dollar, `$0` the match, any other name is empty."""

    def value(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        return matched if (reference[2] or reference[3]) == "0" else ""

    return _TEMPLATE.sub(value, template) if "$" in template else template
