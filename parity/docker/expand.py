"""What does a word of a Dockerfile expand to: `$VAR`, `${VAR:-x}`, quotes and escapes?

BuildKit: frontend/dockerfile/shell/lex.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parity.model.errors import ParityError
from parity.model.location import Location

SPECIAL = frozenset("@*#?-$!0")
DEEPEST = 60
"""Nested `${a:-${b:-…}}` that are read."""
MOST_WORK = 4_000_000
"""Steps of pattern matching (length of the value times length of the pattern) that one modifier may take."""


def expand_word(
    text: str, env: Mapping[str, str], escape: str = "\\", location: Location | None = None
) -> str:
    """The text as one word: variables replaced, quotes and escapes removed; unset variables are empty.

    Raises ParityError, at `location`, for what BuildKit refuses (an open quote, `${}`, an unknown modifier).
    """
    return _Lexer(text, env, escape, location).run()[0]


def expand_words(
    text: str, env: Mapping[str, str], escape: str = "\\", location: Location | None = None
) -> list[str]:
    """The same, split at white space that stands outside quotes, in variables' values too (EXPOSE)."""
    return _Lexer(text, env, escape, location).run()[1]


def expand_heredoc(text: str, env: Mapping[str, str], location: Location | None = None) -> str:
    """A heredoc's body: quotes are plain text, the backslash escapes whatever the escape directive says."""
    return _Lexer(text, env, "\\", location, quotes=False).run()[0]


def variables_in(text: str, escape: str = "\\") -> frozenset[str]:
    """The names that the word refers to, in branches of modifiers that are not taken too."""
    lexer = _Lexer(text, {}, escape, None)
    try:
        lexer.run()
    except ParityError:
        pass
    return frozenset(lexer.names)


@dataclass(slots=True)
class _Words:
    """Words as they are gathered; raw text never splits."""

    done: list[str] = field(default_factory=list)
    word: list[str] = field(default_factory=list)
    inside: bool = False

    def add(self, text: str) -> None:
        for character in text:
            if not character.isspace():
                self.raw(character)
            elif self.inside and self.word:
                self.inside = False
                self.done.append("".join(self.word))
                self.word = []

    def raw(self, text: str) -> None:
        self.inside = True
        self.word.append(text)

    def all(self) -> list[str]:
        last = "".join(self.word)
        return [*self.done, last] if last else self.done


class _Lexer:
    def __init__(
        self,
        text: str,
        env: Mapping[str, str],
        escape: str,
        location: Location | None,
        *,
        quotes: bool = True,
    ) -> None:
        self.text = text
        self.env = env
        self.escape = escape
        self.location = location
        self.quotes = quotes
        self.at = 0
        self.depth = 0
        self.names: set[str] = set()

    def run(self) -> tuple[str, list[str]]:
        return self._until("")

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _next(self) -> str:
        character = self._peek()
        self.at += 1
        return character

    def _refuse(self, why: str) -> ParityError:
        return ParityError(f"failed to process {self.text[:80]!r}: {why}", self.location)

    def _until(self, stop: str, *, keep_escapes: bool = False) -> tuple[str, list[str]]:
        """The text up to `stop` ("" = the end), and the same in words."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._refuse("it is nested too deep")
        result: list[str] = []
        words = _Words()
        while self.at < len(self.text):
            character = self._peek()
            if stop and character == stop:
                self.at += 1
                self.depth -= 1
                return "".join(result), words.all()
            if character == "$":
                value = self._dollar()
                words.add(value)
                result.append(value)
            elif character == "'" and self.quotes:
                value = self._single()
                words.raw(value)
                result.append(value)
            elif character == '"' and self.quotes:
                value = self._double()
                words.raw(value)
                result.append(value)
            elif character == self.escape:
                self.at += 1
                if self.at >= len(self.text):
                    break
                kept = character if keep_escapes and self._peek() != stop else ""
                value = kept + self._next()
                words.raw(value)
                result.append(value)
            else:
                self.at += 1
                words.add(character)
                result.append(character)
        if stop:
            raise self._refuse(f"unexpected end of statement while looking for matching {stop}")
        self.depth -= 1
        return "".join(result), words.all()

    def _single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise self._refuse("unexpected end of statement while looking for matching single-quote")
        value = self.text[self.at + 1 : end]
        self.at = end + 1
        return value

    def _double(self) -> str:
        result: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            character = self._peek()
            if character == '"':
                self.at += 1
                return "".join(result)
            if character == "$":
                result.append(self._dollar())
                continue
            self.at += 1
            if character == self.escape and self._peek() in ('"', "$", self.escape) and self._peek():
                character = self._next()
            result.append(character)
        raise self._refuse("unexpected end of statement while looking for matching double-quote")

    def _name(self) -> str:
        start = self.at
        first = self._peek()
        if first.isdigit():
            while self._peek().isdigit():
                self.at += 1
        elif first in SPECIAL and first:
            self.at += 1
        else:
            while self._peek().isalpha() or self._peek().isdigit() or self._peek() == "_":
                self.at += 1
        name = self.text[start : self.at]
        if name:
            self.names.add(name)
        return name

    def _dollar(self) -> str:
        self.at += 1
        if self._peek() != "{":
            name = self._name()
            return self.env.get(name, "") if name else "$"
        self.at += 1
        if not self._peek():
            raise self._refuse("syntax error: missing '}'")
        if self._peek() in "{}:":
            raise self._refuse("syntax error: bad substitution")
        name = self._name()
        modifier = self._next()
        match modifier:
            case "}":
                return self.env.get(name, "")
            case ":" | "+" | "-" | "?" | "#" | "%":
                return self._modified(name, modifier)
            case "/":
                return self._replaced(name)
            case "":
                raise self._refuse("syntax error: missing '}'")
            case _:
                raise self._refuse(f"unsupported modifier ({modifier}) in substitution")

    def _modified(self, name: str, modifier: str) -> str:
        colon = modifier == ":"
        if colon:
            modifier = self._next()
        if modifier not in ("+", "-", "?", "#", "%") or (colon and modifier in "#%"):
            raise self._refuse(f"unsupported modifier ({':' * colon}{modifier}) in substitution")
        trims = modifier in "#%"
        longest = trims and self._peek() == modifier
        if longest:
            self.at += 1
        word, _ = self._until("}", keep_escapes=trims)
        value = self.env.get(name)
        absent = value is None or (colon and value == "")
        match modifier:
            case "-":
                return word if absent else value or ""
            case "+":
                return "" if absent else word
            case "?":
                if absent:
                    raise self._refuse(f"{name}: {word or 'is not allowed to be unset'}")
                return value or ""
            case _:
                return self._trimmed(value or "", word, modifier == "%", longest)

    def _trimmed(self, value: str, pattern: str, suffix: bool, longest: bool) -> str:
        tokens = self._pattern(pattern)
        if suffix:
            value, tokens = value[::-1], tokens[::-1]
        ends = self._ends(value, tokens, 0)
        if ends:
            value = value[ends[-1] if longest else ends[0] :]
        return value[::-1] if suffix else value

    def _replaced(self, name: str) -> str:
        everywhere = self._peek() == "/"
        if everywhere:
            self.at += 1
        pattern, _ = self._until("/", keep_escapes=True)
        replacement, _ = self._until("}", keep_escapes=True)
        value = self.env.get(name, "")
        tokens = self._pattern(pattern)
        if len(value) * len(value) * max(1, len(tokens)) > MOST_WORK:
            raise self._refuse("the value is too long to search")
        result: list[str] = []
        at = 0
        while at <= len(value):
            ends = self._ends(value, tokens, at)
            if not ends:
                result.append(value[at : at + 1])
                at += 1
                continue
            result.append(replacement)
            if ends[-1] == at:  # an empty match: Go steps on by one character
                result.append(value[at : at + 1])
                at += 1
            else:
                at = ends[-1]
            if not everywhere:
                result.append(value[at:])
                break
            if at == len(value):
                break
        return "".join(result)

    def _pattern(self, pattern: str) -> list[str]:
        """Tokens: "*", "?", or "=" and a literal character."""
        tokens: list[str] = []
        at = 0
        while at < len(pattern):
            character = pattern[at]
            at += 1
            if character == "\\":
                character = pattern[at : at + 1]
                at += 1
                if character not in ("*", "?", "\\"):
                    raise self._refuse(f"invalid escape '\\{character}'")
                tokens.append("=" + character)
            elif character in "*?":
                tokens.append(character)
            else:
                tokens.append("=" + character)
        return tokens

    def _ends(self, value: str, tokens: list[str], start: int) -> list[int]:
        """Every end of a match that begins at `start`, in order: one pass, all states at once."""
        if len(tokens) * (len(value) - start) > MOST_WORK:
            raise self._refuse("the value is too long to search")

        def open_stars(states: set[int]) -> set[int]:
            closed = set(states)
            for state in sorted(states):
                while state < len(tokens) and tokens[state] == "*":
                    state += 1
                    closed.add(state)
            return closed

        states = open_stars({0})
        ends = [start] if len(tokens) in states else []
        for at in range(start, len(value)):
            moved = set()
            for state in states:
                if state == len(tokens):
                    continue
                token = tokens[state]
                if token == "*":
                    moved.add(state)
                elif token == "?" or token[1] == value[at]:
                    moved.add(state + 1)
            states = open_stars(moved)
            if not states:
                break
            if len(tokens) in states:
                ends.append(at + 1)
        return ends
