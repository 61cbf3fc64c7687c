r"""Which strings does the Go regular expression of an ignore pattern accept?

Such an expression is not any regular expression: groups are only ever `(.*/)?`. What a pattern can smuggle
in (`|`, `{n,m}`, `^`, `\d`, `[[:alpha:]]`, `\Q...\E`) has the meaning of Go's `regexp/syntax`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace


class ExpressionError(Exception):
    """Go refuses the expression, and with it the build."""


class NotEvaluatedError(Exception):
    """Go accepts it; what it matches is not known here. The argument names the construct."""


class CharacterClass(Struct, frozen=True):
    """Characters by code point ranges and by Unicode category ("L", "Lu"), or all others."""

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[tuple[str, bool], ...] = ()
    negated: bool = False

    def __contains__(self, char: str) -> bool:
        point = ord(char)
        found = any(low <= point <= high for low, high in self.ranges) or any(
            unicodedata.category(char).startswith(category) == wanted for category, wanted in self.categories
        )
        return found != self.negated


class Times(Enum):
    """How often a character may stand there."""

    ONCE = 1
    MAYBE = 2
    ANY = 3


class Characters(Struct, frozen=True):
    """One character (a literal, or any of a class), `times` over."""

    among: str | CharacterClass
    times: Times = Times.ONCE


class Folders(Struct, frozen=True):
    """`(.*/)?`: nothing, or anything without a newline that ends in a slash."""


class Place(Enum):
    """An assertion about the place, which takes no character."""

    START = "^"
    END = "$"
    WORD_BOUNDARY = "b"
    NO_WORD_BOUNDARY = "B"


class Assertion(Struct, frozen=True):
    place: Place
    optional: bool = False


Item = Characters | Folders | Assertion
Sequence = tuple[Item, ...]

NOT_NEWLINE = CharacterClass(((0x0A, 0x0A),), negated=True)
ANYTHING = Characters(CharacterClass(negated=True), Times.ANY)

_DIGIT = ((0x30, 0x39),)
_UPPER, _LOWER = (0x41, 0x5A), (0x61, 0x7A)
WORD = CharacterClass((*_DIGIT, _UPPER, (0x5F, 0x5F), _LOWER))
_PERL = {"d": _DIGIT, "w": WORD.ranges, "s": ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))}
_POSIX: dict[str, tuple[tuple[int, int], ...]] = {
    "alnum": (*_DIGIT, _UPPER, _LOWER),
    "alpha": (_UPPER, _LOWER),
    "ascii": ((0x00, 0x7F),),
    "blank": ((0x09, 0x09), (0x20, 0x20)),
    "cntrl": ((0x00, 0x1F), (0x7F, 0x7F)),
    "digit": _DIGIT,
    "graph": ((0x21, 0x7E),),
    "lower": (_LOWER,),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((0x09, 0x0D), (0x20, 0x20)),
    "upper": (_UPPER,),
    "word": WORD.ranges,
    "xdigit": (*_DIGIT, (0x41, 0x46), (0x61, 0x66)),
}
_CATEGORIES = frozenset(
    major + minor
    for major, minors in {
        "C": "cfos",
        "L": "lmotu",
        "M": "cen",
        "N": "dlo",
        "P": "cdefios",
        "S": "ckmo",
        "Z": "lps",
    }.items()
    for minor in ("", *minors)
)
_SPECIAL = frozenset("\\.+*?()|[]{}^$")
_LETTERS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PLACES = {"A": Place.START, "z": Place.END, "b": Place.WORD_BOUNDARY, "B": Place.NO_WORD_BOUNDARY}
_REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")  # with a leading zero the brace is literal
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_HEXADECIMAL = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})")
_GROUP = re.compile(r"\\[pP](?:\{([^}]*)\}|([^{]))", re.DOTALL)
_MOST_REPEATS = 1000  # regexp/syntax: ErrInvalidRepeatSize

LARGEST = 100_000
"""Items of the expressions of one ignore file; Go stops at some millions."""


def literal(text: str) -> Sequence:
    return tuple(Characters(char) for char in text)


def alternatives(expression: str) -> tuple[Sequence, ...]:
    """The sequences of which a path must match one from its first to its last character.

    Raises ExpressionError for what Go refuses, NotEvaluatedError for what only Go knows.
    """
    return tuple(_anchored(branch) for branch in _Reader(expression).branches())


def _anchored(branch: list[Item]) -> Sequence:
    # Go searches: what is not anchored may stand anywhere in the path.
    if branch and branch[0] == Assertion(Place.START):
        del branch[0]
    else:
        branch.insert(0, ANYTHING)
    if branch and branch[-1] == Assertion(Place.END):
        del branch[-1]
    else:
        branch.append(ANYTHING)
    return tuple(branch)


class _Reader:
    """One pass over the text of an expression."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._branch: list[Item] = []
        self._repeatable = False  # the last item is an atom that `{n}` may repeat

    def branches(self) -> Iterator[list[Item]]:
        size = 0
        while self._at < len(self._text):
            if size + len(self._branch) > LARGEST:
                raise NotEvaluatedError("so long a pattern")
            if self._take("|"):
                size += len(self._branch)
                yield self._branch
                self._branch, self._repeatable = [], False
            else:
                self._item()
        yield self._branch

    def _take(self, text: str) -> bool:
        found = self._text.startswith(text, self._at)
        if found:
            self._at += len(text)
        return found

    def _item(self) -> None:
        char = self._text[self._at]
        if char not in _SPECIAL:
            self._at += 1
            self._branch.append(Characters(char))
            self._repeatable = True
        elif self._take("(.*/)?"):
            # `(.*/)?(.*/)?` accepts no more than one of them.
            if not self._branch or self._branch[-1] != Folders():
                self._branch.append(Folders())
            self._repeatable = False
        elif self._take("*"):
            self._repeat(0, None)
        elif found := _REPEAT.match(self._text, self._at):
            low = _repeats(found[1])
            high = low if found[2] is None else _repeats(found[3]) if found[3] else None
            if low > _MOST_REPEATS or (high is not None and not low <= high <= _MOST_REPEATS):
                raise ExpressionError
            self._at = found.end()
            self._repeat(low, high)
        elif self._take("\\Q"):
            quoted, _, _ = self._text[self._at :].partition("\\E")
            self._at += len(quoted) + len("\\E")
            self._branch.extend(literal(quoted))
            self._repeatable = self._repeatable or bool(quoted)
        else:
            self._branch.append(self._atom())
            self._repeatable = True

    def _repeat(self, low: int, high: int | None) -> None:
        if not self._repeatable:
            raise ExpressionError  # regexp/syntax: nothing to repeat, or a nested repetition
        self._repeatable = False
        last = self._branch.pop()
        if isinstance(last, Assertion):
            self._branch.append(replace(last, optional=low == 0))
            if high == 0:
                self._branch.pop()
        elif isinstance(last, Characters):
            self._branch.extend([last] * low)
            if high is None:
                self._branch.append(replace(last, times=Times.ANY))
            else:
                self._branch.extend([replace(last, times=Times.MAYBE)] * (high - low))

    def _atom(self) -> Item:
        if self._take("^"):
            return Assertion(Place.START)
        if self._take("$"):
            return Assertion(Place.END)
        if self._take("."):
            return Characters(NOT_NEWLINE)
        if self._take("["):
            return Characters(self._class())
        if self._text[self._at] == "\\":
            letter = self._text[self._at + 1 : self._at + 2]
            if letter in _PLACES:
                self._at += 2
                return Assertion(_PLACES[letter])
            named = self._named_class()
            return Characters(named if named is not None else self._character())
        return Characters(self._character())

    def _class(self) -> CharacterClass:
        negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        categories: list[tuple[str, bool]] = []
        first = True
        while first or not self._take("]"):
            first = False
            named = self._posix_class() or self._named_class()
            if named is not None:
                ranges.extend(_outside(named.ranges) if named.negated else named.ranges)
                categories.extend(named.categories)
                continue
            low = high = self._character()
            if self._text.startswith("-", self._at) and self._text[self._at + 1 : self._at + 2] not in (
                "",
                "]",
            ):
                self._at += 1
                high = self._character()
            if high < low:
                raise ExpressionError
            ranges.append((ord(low), ord(high)))
        return CharacterClass(tuple(ranges), tuple(categories), negated)

    def _posix_class(self) -> CharacterClass | None:
        if not self._text.startswith("[:", self._at):
            return None
        end = self._text.find(":]", self._at + 2)
        if end < 0:
            return None
        name = self._text[self._at + 2 : end]
        ranges = _POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise ExpressionError
        self._at = end + 2
        return CharacterClass(ranges, negated=name.startswith("^"))

    def _named_class(self) -> CharacterClass | None:
        r"""`\d`, `\W`, `\pL`, `\p{^Lu}`; None where no such thing stands here."""
        letter = self._text[self._at + 1 : self._at + 2]
        if self._text[self._at : self._at + 1] != "\\" or letter not in tuple("dDwWsSpP"):
            return None
        if letter not in "pP":
            self._at += 2
            return CharacterClass(_PERL[letter.lower()], negated=letter.isupper())
        found = _GROUP.match(self._text, self._at)
        if not found:
            raise ExpressionError
        self._at = found.end()
        name = found[1] if found[2] is None else found[2]
        wanted = (letter == "p") != name.startswith("^")
        name = name.removeprefix("^")
        if name == "Any":
            return CharacterClass(((0, 0x10FFFF),) if wanted else ())
        if name not in _CATEGORIES:
            raise NotEvaluatedError(f"\\p{{{name}}}") if name.isidentifier() else ExpressionError
        return CharacterClass(categories=((name, wanted),))

    def _character(self) -> str:
        """A single character, escaped or not (regexp/syntax: `parseEscape`)."""
        if self._at >= len(self._text):
            raise ExpressionError
        char = self._text[self._at]
        self._at += 1
        if char != "\\":
            return char
        char = self._text[self._at : self._at + 1]
        self._at += 1
        if char.isascii() and char and not char.isalnum():
            return char
        if octal := _OCTAL.match(self._text, self._at - 1):
            self._at = octal.end()
            return chr(int(octal[0], 8))
        if hexadecimal := _HEXADECIMAL.match(self._text, self._at - 1):
            self._at = hexadecimal.end()
            digits = (hexadecimal[1] or hexadecimal[2]).lstrip("0") or "0"
            if len(digits) > 6 or int(digits, 16) > 0x10FFFF:
                raise ExpressionError
            return chr(int(digits, 16))
        if char in _LETTERS:
            return _LETTERS[char]
        raise ExpressionError


def _repeats(digits: str) -> int:
    # regexp/syntax: `parseInt` stops at 1e8, far beyond what may be repeated.
    return int(digits) if len(digits) < 9 else _MOST_REPEATS + 1


def _outside(ranges: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """The code points that are in none of the ranges (sorted, apart)."""
    start = 0
    for low, high in ranges:
        if start < low:
            yield start, low - 1
        start = high + 1
    yield start, 0x10FFFF
