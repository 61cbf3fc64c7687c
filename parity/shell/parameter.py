"""What does `${NAME...}` come to? Names, values, modifiers of shell parameters (POSIX 2.6.2, bash manual)."""

from __future__ import annotations

import re

from msgspec import Struct

from parity.patterns.posix import Pattern, is_plain, matches
from parity.shell.state import SET_BY_SHELL, UNTOLD, State, Value
from parity.shell.status import Status

REFERENCE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(?:\[(?P<index>[^\]]*)\])?")
LONGEST_TRIMMED = 4096
"""Characters; `${x%pattern}` of a longer value is not computed."""


class ExpansionError(Exception):
    """The shell itself gives up here: `set -u`, `${X:?}`, a bad substitution."""


class Found(Struct, frozen=True):
    """A parameter's value; None: unset. `open`: nothing sets it, the container's start may."""

    value: Value | None
    open: bool = False


def find(state: State, name: str, may_be_set: bool) -> Found:
    """The value of a variable or of a special parameter other than `$@` and `$*`."""
    if name.isdigit():
        if state.arguments is None and name != "0":
            return Found(UNTOLD)
        if int(name) == 0:
            return Found(Value((state.name,)))
        arguments = state.arguments or ()
        known = len(name) < 6 and int(name) <= len(arguments)
        return Found(Value((arguments[int(name) - 1],)) if known else None)
    if name == "#":
        return Found(UNTOLD if state.arguments is None else Value((str(len(state.arguments)),)))
    if name == "?":
        codes = {Status.SUCCESS: "0", Status.FAILURE: "1"}
        return Found(Value((codes.get(state.last),)))
    if not (name[0].isalpha() or name[0] == "_"):
        return Found(UNTOLD)
    if name == "PWD":
        return Found(Value((state.working_directory,)))
    if name in state.variables:
        return Found(state.variables[name])
    if name == "BASH_SOURCE":
        return Found(Value((state.name,)))
    if state.open:
        return Found(UNTOLD)
    if name in state.gone:
        return Found(None)
    if name in SET_BY_SHELL:
        return Found(UNTOLD)
    return Found(None, may_be_set)


def trim(text: str, pattern: Pattern, operator: str) -> str | None:
    """`#`, `##`, `%`, `%%`: the value without the shortest or longest matching start or end."""
    if is_plain(pattern):
        plain = "".join(part for part in pattern if isinstance(part, str))
        return text.removeprefix(plain) if operator[0] == "#" else text.removesuffix(plain)
    if len(text) > LONGEST_TRIMMED or len(pattern) > 200:
        return None
    cuts = range(len(text) + 1)
    if operator in ("##", "%"):
        cuts = cuts[::-1]
    for cut in cuts:
        if operator[0] == "#" and matches(pattern, text[:cut]):
            return text[cut:]
        if operator[0] == "%" and matches(pattern, text[cut:]):
            return text[:cut]
    return text
