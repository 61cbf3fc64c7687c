"""Variables in compose files: `$NAME`, `${NAME:-default}`; and files of `NAME=value` lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)")
_LONGEST = 20_000
_DEEPEST = 8


def interpolated(text: str, known: Mapping[str, str], depth: int = 0) -> str | None:
    """The text with its variables replaced; None where one has neither a value nor a default.

    Only the shell that calls compose knows such a one. Compose specification: Interpolation.
    """
    if "$" not in text:
        return text
    if len(text) > _LONGEST or depth > _DEEPEST:
        return None
    done: list[str] = []
    at = 0
    while at < len(text):
        dollar = text.find("$", at)
        if dollar < 0:
            done.append(text[at:])
            break
        done.append(text[at:dollar])
        value, at = _variable(text, dollar + 1, known, depth)
        if value is None:
            return None
        done.append(value)
    return "".join(done)


def _variable(text: str, at: int, known: Mapping[str, str], depth: int) -> tuple[str | None, int]:
    """The value of what follows a `$`, and where the text goes on."""
    if text.startswith("$", at):
        return "$", at + 1
    if not text.startswith("{", at):
        name = _NAME.match(text, at)
        return (known.get(name[0]), name.end()) if name else ("$", at)
    end = _closing(text, at)
    name = _NAME.match(text, at + 1)
    if end < 0 or name is None:
        return None, len(text)
    rest = text[name.end() : end]
    return _substituted(known.get(name[0]), rest, known, depth), end + 1


def _closing(text: str, at: int) -> int:
    """The brace that closes the one at `at`."""
    deep = 0
    for place in range(at, len(text)):
        deep += (text[place] == "{") - (text[place] == "}")
        if deep == 0:
            return place
    return -1


def _substituted(value: str | None, rest: str, known: Mapping[str, str], depth: int) -> str | None:
    """`rest`: what stands behind the name, as in `:-default`."""
    empty_counts = rest.startswith(":")
    sign, word = rest.removeprefix(":")[:1], rest.removeprefix(":")[1:]
    there = bool(value) if empty_counts else value is not None
    if sign == "+":
        return interpolated(word, known, depth + 1) if there else ""
    if there or sign != "-":
        return value
    return interpolated(word, known, depth + 1)


def assignments(text: str) -> dict[str, str]:
    """The `NAME=value` lines of an env file: quotes are taken off, comments left out (compose: dotenv)."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None or line.lstrip().startswith("#"):
            continue
        value = match[2].strip()
        if value[:1] in ("'", '"') and value.find(value[0], 1) > 0:
            value = value[1 : value.index(value[0], 1)]
        else:
            value = re.sub(r"(^|\s)#.*", "", value).strip()
        found[match[1]] = value
    return found
