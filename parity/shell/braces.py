"""What words does bash make of `a{b,c}` and `{1..3}`? (bash manual: Brace Expansion; POSIX sh has none.)"""

from __future__ import annotations

import itertools
import re

from parity.shell.quoting import end_of_quoted

MOST = 1000
"""Words that one word may become; beyond that it is not followed."""
RANGE = re.compile(r"(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.(-?\d{1,9}))?|([A-Za-z])\.\.([A-Za-z])")


def expand_braces(word: str) -> list[str] | None:
    """The words as written, quotes kept; [word] where there is nothing to expand, None where it is far too much."""
    done: list[str] = []
    todo = [word]
    while todo:
        text = todo.pop()
        found = _first(text)
        if found is None:
            done.append(text)
        else:
            start, end, choices = found
            todo.extend(text[:start] + choice + text[end:] for choice in reversed(choices))
        if len(done) + len(todo) > MOST or (found and not found[2]):
            return None
    return done


def _first(text: str) -> tuple[int, int, list[str]] | None:
    """The first brace that expands: its span, and what may stand in its place."""
    at = 0
    while at < len(text):
        if text[at] in "\\'\"`$":
            at = end_of_quoted(text, at)
        elif text[at] == "{" and (found := _choices(text, at)):
            return (at, *found)
        else:
            at += 1
    return None


def _choices(text: str, start: int) -> tuple[int, list[str]] | None:
    level = 0
    commas: list[int] = []
    at = start
    while at < len(text):
        char = text[at]
        if char in "\\'\"`$":
            at = end_of_quoted(text, at)
            continue
        if char == "{":
            level += 1
        elif char == "," and level == 1:
            commas.append(at)
        elif char == "}":
            level -= 1
            if level == 0:
                break
        at += 1
    if level or at >= len(text):
        return None
    if not commas:
        found = RANGE.fullmatch(text, start + 1, at)
        numbers = _range(found) if found else None
        return None if numbers is None else (at + 1, numbers)
    edges = [start, *commas, at]
    return at + 1, [text[a + 1 : b] for a, b in itertools.pairwise(edges)]


def _range(found: re.Match[str]) -> list[str]:
    """[] where there are far too many."""
    if found[4]:
        low, high, step, width = ord(found[4]), ord(found[5]), 1, 0
    else:
        low, high, step = int(found[1]), int(found[2]), abs(int(found[3] or 1)) or 1
        padded = any(re.match(r"-?0\d", found[i]) for i in (1, 2))
        width = max(len(found[1]), len(found[2])) if padded else 0
    if abs(high - low) // step >= MOST:
        return []
    numbers = range(low, high + 1, step) if low <= high else range(low, high - 1, -step)
    return [chr(n) for n in numbers] if found[4] else [f"{n:0{width}d}" for n in numbers]
