"""A logical line of a Dockerfile -> keyword, flags and operands: the syntax, nothing checked or typed yet.

BuildKit: frontend/dockerfile/parser: line_parsers.go, split_command.go.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from parity.docker.lines import RawHeredoc
from parity.model.errors import ParityError
from parity.model.location import Location

_SPACE = re.compile(r"[\t\n\v\f\r ]+")


@dataclass(frozen=True, slots=True)
class RawInstruction:
    """One instruction as written.

    `form`  json, shell, list, words, pairs, string, sub, health, unknown; None without operands
    `args`  operands with their quotes, unexpanded; for pairs (name, value, "=" or "" for the old form)
    `sub`   the instruction after ONBUILD
    `json`  of a HEALTHCHECK: its command is in JSON form
    """

    instruction: str
    flags: tuple[str, ...]
    form: str | None
    args: tuple[str, ...] | tuple[tuple[str, str, str], ...]
    location: Location
    heredocs: tuple[RawHeredoc, ...] = ()
    sub: RawInstruction | None = None
    json: bool = False

    @property
    def keyword(self) -> str:
        return self.instruction.upper()

    @property
    def words(self) -> tuple[str, ...]:
        """The operands of every form but pairs."""
        return tuple(arg for arg in self.args if isinstance(arg, str))


def read_instruction(
    keyword: str, rest: str, escape: str, location: Location, heredocs: tuple[RawHeredoc, ...] = ()
) -> RawInstruction:
    """Raises ParityError for operands that the parser refuses."""
    rest, flags = split_flags(rest.strip())
    rest = rest.strip()
    upper = keyword.upper()

    def made(form: str | None, args: tuple[str, ...] | tuple[tuple[str, str, str], ...]) -> RawInstruction:
        return RawInstruction(keyword, flags, form, args, location, heredocs)

    if upper == "ONBUILD" and rest:
        inner, _, more = rest.partition(_first_space(rest))
        sub = read_instruction(inner, more, escape, location, heredocs)
        return RawInstruction(keyword, flags, "sub", (), location, heredocs, sub)
    if upper == "HEALTHCHECK" and rest:
        kind, _, more = rest.partition(_first_space(rest))
        more = more.strip()
        listed = _json_list(more, location) if more else None
        args = listed if listed is not None else ((more,) if more else ())
        words = (kind.upper(), *args)
        return RawInstruction(keyword, flags, "health", words, location, heredocs, json=listed is not None)
    if not rest:
        return made(None if upper in _FORMS else "unknown", ())
    form = _FORMS.get(upper, "unknown")
    if form in ("shell", "list") and upper in _MAYBE_JSON:
        listed = _json_list(rest, location)
        if listed is not None:
            return made("json", listed)
    match form:
        case "list":
            return made(form, tuple(_SPACE.split(rest)))
        case "words":
            return made(form, tuple(quoted_words(rest, escape)))
        case "pairs":
            return made(form, _pairs(upper, rest, escape, location))
        case _:
            return made(form, (rest,))


_FORMS = {
    **dict.fromkeys(("ADD", "COPY", "VOLUME", "FROM", "EXPOSE"), "list"),
    **dict.fromkeys(("RUN", "CMD", "ENTRYPOINT", "SHELL"), "shell"),
    **dict.fromkeys(("ENV", "LABEL"), "pairs"),
    **dict.fromkeys(("USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER"), "string"),
    "ARG": "words",
    "HEALTHCHECK": "health",
    "ONBUILD": "sub",
}
_MAYBE_JSON = frozenset({"ADD", "COPY", "VOLUME", "RUN", "CMD", "ENTRYPOINT", "SHELL"})
KEYWORDS = frozenset(_FORMS)


def _first_space(text: str) -> str:
    found = _SPACE.search(text)
    return found[0] if found else " "


def _json_list(text: str, location: Location) -> tuple[str, ...] | None:
    """The strings of a JSON array; None where it is none, and so the plain form."""
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(item, str) for item in value):
        raise ParityError("when using JSON array syntax, arrays must be comprised of strings only", location)
    return tuple(value)


def _pairs(keyword: str, rest: str, escape: str, location: Location) -> tuple[tuple[str, str, str], ...]:
    words = quoted_words(rest, escape)
    if not words or "=" not in words[0]:
        name, _, value = rest.partition(_first_space(rest))
        if not value.strip():
            raise ParityError(f"{keyword} must have two arguments", location)
        return ((name, value.lstrip(), ""),)
    for word in words:
        if "=" not in word:
            raise ParityError(
                f'Syntax error - can\'t find = in "{word}". Must be of the form: name=value', location
            )
    return tuple((name, value, "=") for name, _, value in (word.partition("=") for word in words))


def quoted_words(text: str, escape: str) -> list[str]:
    """Words split at white space outside quotes; quotes and escapes stay (BuildKit: parseWords)."""
    words: list[str] = []
    word: list[str] = []
    quote = ""
    started = False
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if not quote and character.isspace():
            if started:
                words.append("".join(word))
                word, started = [], False
            continue
        started = True
        if character == escape and quote != "'":
            if at == len(text):
                break  # a mark at the very end is dropped
            word += [character, text[at]]
            at += 1
            continue
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        word.append(character)
    if started and word:
        words.append("".join(word))
    return words


def split_flags(text: str) -> tuple[str, tuple[str, ...]]:
    """The rest, and the leading words that start with `--`, quotes removed (BuildKit: extractBuilderFlags)."""
    flags: list[str] = []
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith("--", at):
            return text[at:], tuple(flags)
        word: list[str] = []
        quote = ""
        while at < len(text):
            character = text[at]
            at += 1
            if not quote and character.isspace():
                break
            if character == "\\":
                word.append(text[at : at + 1])
                at += 1
            elif character == quote:
                quote = ""
            elif not quote and character in "'\"":
                quote = character
            else:
                word.append(character)
        if "".join(word) == "--":
            return text[at:], tuple(flags)
        flags.append("".join(word))
