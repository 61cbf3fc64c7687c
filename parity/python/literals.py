"""Where does a string literal end, and which newer f-string syntax does it use?

Reads strings as Python 3.12 does (PEP 701: an f-string's replacement fields are code, quotes and all), which
reads everything that is valid in older versions the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

_PLAIN = (
    r'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*"""'
    r"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*'''"
    r'|"(?!"")[^"\\\n]*+(?:\\.[^"\\\n]*+)*"'
    r"|'(?!'')[^'\\\n]*+(?:\\.[^'\\\n]*+)*'"
)
_SIMPLE_FIELDS = (
    r"{q}(?!{q}{q})[^{q}\\\n{{}}]*+"
    r"(?:(?:\{{\{{|\}}\}}|\\[^\nN{{}}]|\{{[^\"'{{}}\\\n#]*+\}})[^{q}\\\n{{}}]*+)*{q}"
)
STRING = (
    rf"(?:(?<![fFtT])(?<![fFtT][rR])(?:{_PLAIN})"
    rf"|(?:(?<=[fFtT])|(?<=[fFtT][rR]))(?:{_SIMPLE_FIELDS.format(q=chr(34))}|{_SIMPLE_FIELDS.format(q=chr(39))}))"
)
"""A pattern (with DOTALL) for the literals that a regular expression can read, from their quote on."""

_PLAIN_STRING = re.compile(_PLAIN, re.DOTALL)
_PREFIX = re.compile(r"(?<!\w)(?:[fFtT][rR]?|[rR][fFtT])\Z")
_DEEPEST = 100  # nested literals or fields; CPython stops at 150
_MOST_BROKEN = 5
_MOST_UNCLOSED = 10_000
_LONGEST = 50_000  # characters of an f-string that has quotes or braces inside its fields
_TEXT_STOPS = re.compile(r"[\\{}\n\"']")
_FIELD_STOPS = re.compile(r"[\\(){}\[\]:=!<>#\n\"']")
_DEBUG = re.compile(r"=[ \t\f\n]*(?:[}:]|!(?!=))")
_NEXT = re.compile(r"#[^\n]*+|[\"']")


class Formatted(Struct):
    """What was seen inside an f-string or t-string.

    `end`        one past its last quote
    `newer`      it needs PEP 701
    `debug`      it has a field `{x=}`
    `templates`  the quotes of t-strings in it (it may be one itself)
    """

    end: int = -1
    newer: bool = False
    debug: bool = False
    templates: list[int] = field(default_factory=list)


class _Field(Struct):
    """A replacement field: the open brackets of its expression, or None once in its format spec."""

    brackets: int | None = 0


class _Literal(Struct):
    start: int
    quote: str
    raw: bool
    fields: list[_Field] = field(default_factory=list)


def prefix_of(text: str, quote: int) -> str:
    """The f- or t-string prefix before the quote at `quote`, lower case; "" where there is none."""
    found = _PREFIX.search(text, max(0, quote - 4), quote)
    return found[0].lower() if found else ""


def plain_end(text: str, quote: int) -> int | None:
    """Where Python before 3.12 ends the literal whose quote is at `quote`; None where it is not closed."""
    found = _PLAIN_STRING.match(text, quote)
    return found.end() if found else None


class Literals:
    """The string literals of one text, closed or not."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.broken = self.unclosed = 0

    def end(self, quote: int) -> int | None:
        """Where the literal whose quote is at `quote` ends; None where it is not closed."""
        if self.broken < _MOST_BROKEN and prefix_of(self.text, quote):
            seen = formatted(self.text, quote)
            if seen is not None:
                return seen.end
            self.broken += 1  # each may have been sought to the end of the text
        return plain_end(self.text, quote)

    def past(self, quote: int) -> int:
        """Where reading goes on behind the literal: an unclosed one ends with its line, or with the text."""
        end = self.end(quote)
        if end is not None:
            return end
        self.unclosed += 1
        if self.unclosed > _MOST_UNCLOSED or self.text.startswith(self.text[quote] * 3, quote):
            return len(self.text)
        newline = self.text.find("\n", quote)
        return newline if newline >= 0 else len(self.text)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Quote and end of every literal of a module, in order; unclosed ones are passed over."""
        at = 0
        while found := _NEXT.search(self.text, at):
            at = found.end()
            if found[0][0] != "#":
                end = self.end(found.start())
                if end is not None:
                    yield found.start(), end
                at = end if end is not None else self.past(found.start())


def formatted(text: str, quote: int) -> Formatted | None:
    """Reads the f-string or t-string whose quote is at `quote`; None where it is not closed."""
    seen = Formatted()
    stack = [_open(text, quote, seen)]
    at = quote + len(stack[0].quote)
    while True:
        literal = stack[-1]
        inner = literal.fields[-1] if literal.fields else None
        if inner is None or inner.brackets is None:
            step = _text_step(text, at, literal, seen)
        else:
            step = _field_step(text, at, stack, inner, seen)
        if step is None or step - quote > _LONGEST or len(stack) > _DEEPEST or len(literal.fields) > _DEEPEST:
            return None
        at = step
        if seen.end >= 0:
            seen.end = -1
            stack.pop()
            if plain_end(text, literal.start) != at:
                seen.newer = True
            if not stack:
                seen.end = at
                return seen


def _open(text: str, quote: int, seen: Formatted) -> _Literal:
    prefix = prefix_of(text, quote)
    if "t" in prefix:
        seen.templates.append(quote)
    mark = text[quote]
    return _Literal(quote, mark * 3 if text.startswith(mark * 3, quote) else mark, "r" in prefix)


def _text_step(text: str, at: int, literal: _Literal, seen: Formatted) -> int | None:
    """One step through literal text or a format spec; the place after it. `seen.end` is set at the end."""
    found = _TEXT_STOPS.search(text, at)
    if found is None:
        return None
    at = found.start()
    in_spec = bool(literal.fields)
    match text[at]:
        case "\\":
            return _after_backslash(text, at, literal.raw)
        case "{":
            if not in_spec and text.startswith("{{", at):
                return at + 2
            literal.fields.append(_Field())
            return at + 1
        case "}":
            if in_spec:
                literal.fields.pop()
            return at + 1
        case "\n":
            return at + 1 if len(literal.quote) == 3 else None
        case _ if text.startswith(literal.quote, at):
            if in_spec:
                return None
            seen.end = at + len(literal.quote)
            return seen.end
        case _:
            return at + 1


def _after_backslash(text: str, at: int, raw: bool) -> int | None:
    if not raw and text.startswith("N{", at + 1):
        close = text.find("}", at)
        return close + 1 if close >= 0 else None
    return at + 1 if text[at + 1 : at + 2] in ("{", "}") else at + 2


def _field_step(text: str, at: int, stack: list[_Literal], inner: _Field, seen: Formatted) -> int | None:
    """One step through the expression of a replacement field; the place after it."""
    found = _FIELD_STOPS.search(text, at)
    if found is None:
        return None
    at = found.start()
    assert inner.brackets is not None
    match text[at]:
        case "'" | '"':
            if prefix_of(text, at):
                stack.append(_open(text, at, seen))
                return at + len(stack[-1].quote)
            end = plain_end(text, at)
            if end is not None and "\\" in text[at:end]:
                seen.newer = True
            return end
        case "(" | "[" | "{":
            inner.brackets += 1
        case ")" | "]":
            inner.brackets -= 1
        case "}" if inner.brackets > 0:
            inner.brackets -= 1
        case "}":
            stack[-1].fields.pop()
        case ":" if inner.brackets == 0:
            inner.brackets = None
        case "=" | "!" | "<" | ">" if text.startswith("=", at + 1):
            return at + 2
        case "=" if inner.brackets == 0 and _DEBUG.match(text, at):
            seen.debug = True
        case "#":
            seen.newer = True
            newline = text.find("\n", at)
            return newline if newline >= 0 else None
        case "\\":
            seen.newer = True
            return at + 2
        case "\n" if any(len(literal.quote) == 1 for literal in stack):
            seen.newer = True
        case _:
            pass
    return at + 1
