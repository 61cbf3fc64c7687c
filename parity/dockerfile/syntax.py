"""A logical line of a Dockerfile -> keyword, flags and operands: the syntax, nothing checked or typed yet.

BuildKit: frontend/dockerfile/parser: line_parsers.go.
"""

from __future__ import annotations

from msgspec import Struct

from parity.dockerfile.lines import RawHeredoc, Segments, from_offset
from parity.dockerfile.words import (
    NotStringsError,
    json_strings,
    split_blanks,
    split_flags,
    split_once,
    split_quoted,
    trim,
    trim_left,
)
from parity.model.errors import ParityError
from parity.model.location import Location


class RawInstruction(Struct, frozen=True):
    """One instruction as written.

    `form`      json, shell, list, words, pairs, string, sub, health, unknown; None without operands
    `args`      operands with their quotes, unexpanded; for pairs (name, value, "=" or "" for the old form)
    `sub`       the instruction after ONBUILD
    `json`      of a HEALTHCHECK: its command is in JSON form
    `segments`  the physical lines of the operands' text, behind the flags (and the CMD of a HEALTHCHECK)
    """

    instruction: str
    flags: tuple[str, ...]
    form: str | None
    args: tuple[str, ...] | tuple[tuple[str, str, str], ...]
    location: Location
    heredocs: tuple[RawHeredoc, ...] = ()
    sub: RawInstruction | None = None
    json: bool = False
    segments: Segments = ()

    @property
    def keyword(self) -> str:
        return keyword_of(self.instruction)

    @property
    def words(self) -> tuple[str, ...]:
        """The operands of every form but pairs."""
        return tuple(arg for arg in self.args if isinstance(arg, str))


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


def keyword_of(written: str) -> str:
    """The keyword in capitals; what is none stays as written (Go lowers before it compares)."""
    lowered = written.lower()
    return lowered.upper() if lowered.isascii() else written


def read_instruction(
    keyword: str,
    rest: str,
    escape: str,
    location: Location,
    heredocs: tuple[RawHeredoc, ...] = (),
    segments: Segments = (),
) -> RawInstruction:
    """`segments`: the physical lines of `rest`. Raises ParityError for operands that the parser refuses."""
    flags, operands = split_flags(rest)
    operands = trim(operands)
    upper = keyword_of(keyword)
    form: str | None = _FORMS.get(upper, "unknown")
    args: tuple[str, ...] | tuple[tuple[str, str, str], ...] = ()
    sub = None
    listed: tuple[str, ...] | None = None
    text = operands
    if not operands:
        form = None if upper in KEYWORDS else form
    elif form == "sub":
        inner, text = split_once(operands)
        here = from_offset(segments, len(rest) - len(text))
        if keyword_of(inner) == "ONBUILD":
            raise ParityError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", location)
        sub = read_instruction(inner, text, escape, location, heredocs, here)
    elif form == "health":
        kind, text = split_once(operands)
        text = trim_left(text)
        listed = _json(text, location) if text else None
        args = (kind, *(listed if listed is not None else (text,) if text else ()))
    elif upper in _MAYBE_JSON and (listed := _json(operands, location)) is not None:
        form, args = "json", listed
    elif form == "list":
        args = tuple(split_blanks(operands))
    elif form == "words":
        args = tuple(split_quoted(operands, escape))
    elif form == "pairs":
        args = _pairs(upper, operands, escape, location)
    else:
        args = (operands,)
    here = from_offset(segments, len(rest) - len(text) if text else 0)
    is_json = form == "health" and listed is not None
    return RawInstruction(keyword, flags, form, args, location, heredocs, sub, is_json, here)


def _json(text: str, location: Location) -> tuple[str, ...] | None:
    try:
        return json_strings(text)
    except NotStringsError:
        raise ParityError(
            "when using JSON array syntax, arrays must be comprised of strings only", location
        ) from None


def _pairs(keyword: str, text: str, escape: str, location: Location) -> tuple[tuple[str, str, str], ...]:
    """BuildKit: parseNameVal: the first word decides between `name value` and `name=value …`."""
    words = split_quoted(text, escape)
    if words and "=" not in words[0]:
        name, value = split_once(text)
        if not value:
            raise ParityError(f"{keyword} must have two arguments", location)
        return ((name, value, ""),)
    for word in words:
        if "=" not in word:
            raise ParityError(
                f'Syntax error - can\'t find = in "{word}". Must be of the form: name=value', location
            )
    return tuple((name, value, "=") for name, _, value in (word.partition("=") for word in words))
