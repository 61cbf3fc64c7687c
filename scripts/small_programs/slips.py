"""What goes wrong in a text that was right: a line lost, a name misspelt, an argument forgotten, two lines swapped."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from random import Random

Lines = list[tuple[str, str]]
"""Lines of a module, each with its kind."""


def slip(
    texts: dict[str, str], kinds: dict[str, tuple[str, ...]], random: Random
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The same modules, one of them with a slip; the lines in question are of its kind."""
    name = random.choice([name for name, text in texts.items() if text] or list(texts))
    lines: Lines = list(zip(texts[name].splitlines(), kinds[name], strict=True))
    if lines:
        kind, changed = random.choice(list(_SLIPS.items()))
        lines = changed(lines, random)
        lines = [(line, _told(kind, of) if _changed(line, texts[name]) else of) for line, of in lines]
    text = "".join(line + "\n" for line, _ in lines)
    return {**texts, name: text}, {**kinds, name: tuple(of for _, of in lines)}


def _told(kind: str, of: str) -> str:
    return f"slip: {kind} / {of}"


def _changed(line: str, text: str) -> bool:
    return line + "\n" not in text


def _lost(lines: Lines, random: Random) -> Lines:
    at = random.randrange(len(lines))
    return [*lines[:at], *lines[at + 1 :]]


def _swapped(lines: Lines, random: Random) -> Lines:
    if len(lines) < 2:
        return lines
    at = random.randrange(len(lines) - 1)
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def _moved(lines: Lines, random: Random) -> Lines:
    line = lines[random.randrange(len(lines))]
    rest = [other for other in lines if other is not line]
    at = random.randrange(len(rest) + 1)
    return [*rest[:at], line, *rest[at:]]


def _twice(lines: Lines, random: Random) -> Lines:
    at = random.randrange(len(lines))
    return [*lines[:at], lines[at], *lines[at:]]


def _in_a_line(
    pattern: str, instead: Callable[[str, Random, list[str]], str]
) -> Callable[[Lines, Random], Lines]:
    """Another text in the place of one of those that a pattern finds."""

    def change(lines: Lines, random: Random) -> Lines:
        found = [(n, m) for n, (line, _) in enumerate(lines) for m in re.finditer(pattern, line)]
        found = [(n, m) for n, m in found if not keyword.iskeyword(m[0])]
        if not found:
            return lines
        at, match = random.choice(found)
        line, kind = lines[at]
        words = [m[0] for _, m in found]
        new = line[: match.start()] + instead(match[0], random, words) + line[match.end() :]
        return [*lines[:at], (new, kind), *lines[at + 1 :]]

    return change


def _misspelt(word: str, random: Random, _words: list[str]) -> str:
    at = random.randrange(len(word))
    return random.choice((word[:at] + word[at + 1 :] or "x", word + "s", word[:at] + word[at] + word[at:]))


def _another(_word: str, random: Random, words: list[str]) -> str:
    return random.choice(words)


def _less(arguments: str, _random: Random, _words: list[str]) -> str:
    return "(" + ", ".join(arguments[1:-1].split(",")[1:]).strip() + ")"


def _none(_word: str, random: Random, _words: list[str]) -> str:
    return random.choice(("None", "0", "''", "[]", "{}", "()"))


def _gone(_word: str, _random: Random, _words: list[str]) -> str:
    return ""


_NAME = r"(?<![\w\"'])[A-Za-z_]\w*"
_SLIPS: dict[str, Callable[[Lines, Random], Lines]] = {
    "a line lost": _lost,
    "two lines swapped": _swapped,
    "a line moved": _moved,
    "a line twice": _twice,
    "a name misspelt": _in_a_line(_NAME, _misspelt),
    "another name": _in_a_line(_NAME, _another),
    "an argument forgotten": _in_a_line(r"\([^()]+\)", _less),
    "a call not made": _in_a_line(r"(?<=\w)\(\)", _gone),
    "another value": _in_a_line(r"(?<== )[\w.]+$|(?<=\()\w+(?=[,)])|\b\d+\b", _none),
    "another text": _in_a_line(r"(?<=[\"'])\w+(?=[\"'])", _misspelt),
    "an attribute misspelt": _in_a_line(r"(?<=\.)[A-Za-z_]\w*", _misspelt),
    "a sign lost": _in_a_line(r"[:,()\[\]=.@*]", _gone),
    "a pair swapped": _in_a_line(r"(?<=\()\w+, \w+(?=\))", lambda t, *_: ", ".join(t.split(", ")[::-1])),
}
