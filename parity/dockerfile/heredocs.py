"""Which `<<NAME` does the line of an instruction hold?

BuildKit: frontend/dockerfile/parser/parser.go: heredocsFromLine, ParseHeredoc. The backslash is the escape
here, whatever the escape directive says; an open quote or an unknown `${x^}` anywhere means: none.
"""

from __future__ import annotations

import re

from msgspec import Struct

from parity.dockerfile.lexer import Lexer, Quotes
from parity.model.errors import ParityError

_MARK = re.compile(r"(\d*)<<(-?)([^<]*)", re.ASCII)
_PLAIN_NAME = re.compile(r"[\w.-]+")
_LONE_MARK = re.compile(r"\d*<<-?", re.ASCII)


class HeredocMark(Struct, frozen=True):
    """`chomp`: leading tabs go. `expand`: variables in the body are expanded by the builder (not for RUN)."""

    name: str
    descriptor: int
    chomp: bool
    expand: bool


def marks_in(line: str) -> tuple[HeredocMark, ...]:
    """The marks of a whole line, in order."""
    if "<<" not in line:
        return ()
    try:
        _, words = Lexer(line, {}, quotes=Quotes.KEPT, keep_escapes=True, keep_unset=True).run()
    except ParityError:
        return ()
    found: list[HeredocMark] = []
    for number, word in enumerate(words):
        if _LONE_MARK.fullmatch(word) and number + 1 < len(words):
            word = f"{word} {words[number + 1]}"
        mark = mark_of(word)
        if mark is not None:
            found.append(mark)
    return tuple(found)


def mark_of(word: str) -> HeredocMark | None:
    """What `word` as a whole means: a heredoc, or none."""
    match = _MARK.fullmatch(word)
    if match is None or not match[3]:
        return None
    descriptor = int(match[1]) if 0 < len(match[1]) < 19 else 0
    if _PLAIN_NAME.fullmatch(match[3]):
        return HeredocMark(match[3], descriptor, bool(match[2]), True)
    try:
        _, plain = Lexer(match[3], {}, keep_unset=True).run()
        _, quoted = Lexer(match[3], {}, quotes=Quotes.KEPT, keep_unset=True).run()
    except ParityError:
        return None
    if len(plain) != 1 or len(quoted) != 1:
        return None
    return HeredocMark(plain[0], descriptor, bool(match[2]), plain == quoted)
