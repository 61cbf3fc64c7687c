"""How does BuildKit read a word: quotes, escapes and variables?

BuildKit: frontend/dockerfile/shell/lex.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from parity.dockerfile.substitution import PatternError, replace_all, replace_first, trim_prefix, trim_suffix
from parity.dockerfile.words import WHITE_SPACE
from parity.model.errors import ParityError
from parity.model.location import Location

DEEPEST = 60
"""Nested `${a:-${b:-…}}` that are read."""
MOST_INSERTED = 1 << 22
"""Characters that the variables of one text may bring."""
_SPECIAL = frozenset("@*#?-$!0")
_LATIN_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_SPACES = re.compile(f"[{WHITE_SPACE}]+")


class Quotes(Enum):
    """What becomes of quotes: removed, kept but heeded, or plain text."""

    REMOVED = "removed"
    KEPT = "kept"
    PLAIN = "plain"


class Lexer:
    """One text on its way.

    `keep_escapes`: escape characters stay in the result. `keep_unset`: an unset variable stays as written.
    """

    def __init__(
        self,
        text: str,
        env: Mapping[str, str],
        escape: str = "\\",
        location: Location | None = None,
        *,
        quotes: Quotes = Quotes.REMOVED,
        keep_escapes: bool = False,
        keep_unset: bool = False,
    ) -> None:
        # Go's scanner drops a byte order mark in front.
        self.text = text.removeprefix("\ufeff")
        self.env = env
        self.escape = escape
        self.location = location
        self.quotes = quotes
        self.keep_escapes = keep_escapes
        self.keep_unset = keep_unset
        self.at = 0
        self.depth = 0
        self.room = MOST_INSERTED

    def run(self) -> tuple[str, list[str]]:
        """The whole text as one word, and split into words. Raises ParityError."""
        return self._until("", self.keep_escapes)

    def _refuse(self, why: str) -> ParityError:
        shown = self.text if len(self.text) <= 80 else self.text[:80] + "…"
        return ParityError(f'failed to process "{shown}": {why}', self.location)

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        character = self.text[self.at : self.at + 1]
        self.at += 1
        return character

    def _until(self, stop: str, keep_escapes: bool) -> tuple[str, list[str]]:
        """The text up to `stop` ("": the end), and the same in words."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._refuse("it is nested too deep")
        outer, self.keep_escapes = self.keep_escapes, keep_escapes
        plain = _plain(self.escape + stop + ("" if self.quotes is Quotes.PLAIN else "'\""))
        result: list[str] = []
        words = _Words()
        while (character := self._peek()) != "":
            if character == stop:
                self.at += 1
                break
            if character == "$":
                value = self._dollar()
                words.split(value)
            elif character in "'\"" and self.quotes is not Quotes.PLAIN:
                value = self._single() if character == "'" else self._double()
                words.keep(value)
            elif character == self.escape:
                self.at += 1
                value = (character if keep_escapes else "") + self._next()
                words.keep(value)
            else:
                run = plain.match(self.text, self.at)
                assert run is not None  # one character at least: none of the above
                value = run[0]
                self.at = run.end()
                words.split(value)
            result.append(value)
        else:
            if stop:
                closer = "missing '/' in ${" if stop == "/" else "missing '}'"
                raise self._refuse(f"syntax error: {closer}")
        self.keep_escapes = outer
        self.depth -= 1
        return "".join(result), words.all()

    def _single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise self._refuse("unexpected end of statement while looking for matching single-quote")
        kept = self.quotes is Quotes.KEPT
        value = self.text[self.at : end + 1] if kept else self.text[self.at + 1 : end]
        self.at = end + 1
        return value

    def _double(self) -> str:
        plain = _plain(self.escape + '"')
        mark = '"' if self.quotes is Quotes.KEPT else ""
        result = [mark]
        self.at += 1
        while (character := self._peek()) != '"':
            if not character:
                raise self._refuse("unexpected end of statement while looking for matching double-quote")
            if character == "$":
                result.append(self._dollar())
            elif character == self.escape:
                self.at += 1
                if self.keep_escapes:
                    result.append(character)
                following = self._peek()
                if following and following in ('"', "$", self.escape):
                    self.at += 1
                    result.append(following)
                elif following:
                    result.append(character)
            else:
                run = plain.match(self.text, self.at)
                assert run is not None
                result.append(run[0])
                self.at = run.end()
        self.at += 1
        return "".join([*result, mark])

    def _name(self) -> str:
        """Digits, or one special character, or letters (of any script), digits and `_`."""
        start = self.at
        if self._peek().isdecimal():
            while self._peek().isdecimal():
                self.at += 1
        elif self._peek() in _SPECIAL:
            self.at += 1
        else:
            if (latin := _LATIN_NAME.match(self.text, self.at)) is not None:
                self.at = latin.end()
            while (character := self._peek()) == "_" or character.isalpha() or character.isdecimal():
                self.at += 1
        return self.text[start : self.at]

    def _value(self, name: str) -> str | None:
        value = self.env.get(name)
        self.room -= len(value or "")
        if self.room < 0:
            raise self._refuse("it becomes too long")
        return value

    def _dollar(self) -> str:
        self.at += 1
        if self._peek() != "{":
            name = self._name()
            if not name:
                return "$"
            value = self._value(name)
            return ("$" + name if self.keep_unset else "") if value is None else value
        self.at += 1
        if not self._peek():
            raise self._refuse("syntax error: missing '}'")
        if self._peek() in "{}:":
            raise self._refuse("syntax error: bad substitution")
        name = self._name()
        modifier = self._next()
        if modifier == ":":
            modifier += self._next()
        match modifier:
            case "}":
                value = self._value(name)
                return (f"${{{name}}}" if self.keep_unset else "") if value is None else value
            case "-" | "+" | "?" | ":-" | ":+" | ":?":
                return self._chosen(name, modifier)
            case "#" | "%":
                return self._trimmed(name, modifier)
            case "/":
                return self._replaced(name)
            case _:
                raise self._refuse(f"unsupported modifier ({modifier}) in substitution")

    def _chosen(self, name: str, modifier: str) -> str:
        word, _ = self._until("}", keep_escapes=False)
        value = self._value(name)
        if value is None and self.keep_unset:
            return f"${{{name}{modifier}{word}}}"
        absent = value is None or (modifier.startswith(":") and not value)
        match modifier[-1]:
            case "-":
                return word if absent else value or ""
            case "+":
                return "" if absent else word
            case _:
                if absent:
                    state = "unset" if value is None else "empty"
                    raise self._refuse(f"{name}: {word or f'is not allowed to be {state}'}")
                return value or ""

    def _trimmed(self, name: str, modifier: str) -> str:
        word, _ = self._until("}", keep_escapes=True)
        value = self._value(name)
        if value is None and self.keep_unset:
            return f"${{{name}{modifier}{word}}}"
        trim = trim_prefix if modifier == "#" else trim_suffix
        try:
            return trim(value or "", word.removeprefix(modifier), word.startswith(modifier))
        except PatternError as error:
            raise self._refuse(str(error)) from None

    def _replaced(self, name: str) -> str:
        everywhere = self._peek() == "/"
        self.at += everywhere
        pattern, _ = self._until("/", keep_escapes=True)
        replacement, _ = self._until("}", keep_escapes=True)
        value = self._value(name)
        if value is None and self.keep_unset:
            return f"${{{name}/{pattern}/{replacement}}}"
        try:
            made = (replace_all if everywhere else replace_first)(value or "", pattern, replacement)
        except PatternError as error:
            raise self._refuse(f"invalid pattern ({pattern}) in substitution: {error}") from None
        self.room -= len(made)
        return made


class _Words:
    """Words as they are gathered: what is kept never splits, and there are no empty words."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.word: list[str] = []

    def keep(self, text: str) -> None:
        self.word.append(text)

    def split(self, text: str) -> None:
        first, *rest = _SPACES.split(text)
        self.word.append(first)
        for piece in rest:
            self._end()
            self.word = [piece]

    def _end(self) -> None:
        if word := "".join(self.word):
            self.done.append(word)
        self.word = []

    def all(self) -> list[str]:
        self._end()
        return self.done


@lru_cache(maxsize=64)
def _plain(special: str) -> re.Pattern[str]:
    """A run of characters that mean nothing; `$` always means something."""
    return re.compile(f"[^${re.escape(special)}]+", re.DOTALL)
