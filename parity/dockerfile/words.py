"""How is the text of an instruction split: keyword, flags, words, JSON?

BuildKit: frontend/dockerfile/parser: split_command.go, line_parsers.go.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Go: unicode.IsSpace, as the inside of a character class. Python's `isspace` takes \\x1c to \\x1f too."""
_TRIMMED = re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), WHITE_SPACE)
_BLANKS = re.compile(r"[\t\v\f\r ]+")
_FLAG_SPACES = "\t\n\v\f\r \x85\xa0"
_SURROGATES = re.compile("[\ud800-\udfff]")


class NotStringsError(ValueError):
    """A JSON array with something else than strings in it."""


def trim(text: str) -> str:
    """Go: strings.TrimSpace."""
    return text.strip(_TRIMMED)


def trim_left(text: str) -> str:
    return text.lstrip(_TRIMMED)


def readable(text: str) -> str:
    """Bytes that are not UTF-8 become U+FFFD, as Go makes of them where it reads characters."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def split_blanks(text: str) -> list[str]:
    """Words at blanks alone; quotes do not group."""
    return _BLANKS.split(text) if text else []


def split_once(text: str) -> tuple[str, str]:
    """The first word, and what follows the blanks behind it."""
    first, *rest = _BLANKS.split(text, maxsplit=1)
    return first, rest[0] if rest else ""


def split_flags(text: str) -> tuple[tuple[str, ...], str]:
    """The leading words that start with `--`, quotes removed, and the rest.

    BuildKit: extractBuilderFlags: `--` alone ends them. It goes byte by byte, so that other characters than
    ASCII come out as two (`é` as `Ã©`), and it knows only the backslash.
    """
    flags: list[str] = []
    text = text.lstrip(_TRIMMED)
    if not text.startswith("--"):
        return (), text
    octets = text.encode("utf8", "surrogateescape").decode("latin-1")
    at = 0
    while True:
        while at < len(octets) and octets[at] in _FLAG_SPACES:
            at += 1
        if not octets.startswith("--", at):
            break
        word: list[str] = []
        quote = ""
        while at < len(octets):
            character = octets[at]
            at += 1
            if not quote and character in _FLAG_SPACES:
                break
            if character == "\\":
                word.append(octets[at : at + 1])
                at += 1
            elif character == quote:
                quote = ""
            elif not quote and character in "'\"":
                quote = character
            else:
                word.append(character)
        flag = "".join(word)
        if flag == "--":
            break
        flags.append(flag)
    return tuple(flags), octets[at:].encode("latin-1").decode("utf8", "surrogateescape")


def split_quoted(text: str, escape: str) -> list[str]:
    """Words at white space outside quotes; quotes and escapes stay, a quote may stay open.

    BuildKit: parseWords.
    """
    bare, quoted = _runs(escape)
    words: list[str] = []
    word: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        pattern = quoted[quote] if quote else bare
        run = pattern.match(text, at)
        if run is not None:
            word.append(run[0])
            at = run.end()
            continue
        character = text[at]
        at += 1
        if character == escape and quote != "'":
            if at < len(text):  # at the very end it is dropped
                word.append(character + text[at])
            at += 1
        elif character == quote:
            quote = ""
            word.append(character)
        elif not quote and character in "'\"":
            quote = character
            word.append(character)
        else:  # white space outside quotes
            if word:
                words.append("".join(word))
            word = []
    return [*words, "".join(word)] if word else words


@lru_cache(maxsize=4)
def _runs(escape: str) -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    mark = re.escape(escape)
    quoted = {"'": re.compile("[^']+"), '"': re.compile(f'[^"{mark}]+')}
    return re.compile(f"[^{WHITE_SPACE}'\"{mark}]+"), quoted


def json_strings(text: str) -> tuple[str, ...] | None:
    """The strings of a JSON array; None where the text is none, and so the plain form is meant.

    Raises NotStringsError. Go: encoding/json: numbers beyond a float64 make the whole text no JSON.
    """
    text = text.lstrip(_TRIMMED)
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text, parse_constant=_number, parse_int=_number, parse_float=_number)
    except RecursionError:
        raise NotStringsError from None
    except ValueError:
        return None
    if not all(isinstance(item, str) for item in value):
        raise NotStringsError
    return tuple(readable(item) for item in value)


def _number(text: str) -> float:
    value = float(text) if text[-1].isdigit() else float("inf")
    if value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value
