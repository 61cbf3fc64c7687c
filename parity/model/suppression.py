"""A comment that silences findings on a line."""

from __future__ import annotations

from msgspec import Struct

from parity.model.location import Location
from parity.model.rule_code import names_rule


class Suppression(Struct, frozen=True):
    """`# parity: ignore[PAR101] reason`.

    `location` is the comment's, `line` the line that it silences; `codes` are codes, beginnings of codes or
    names, () for all. `alone`: nothing but the comment is on its line; `before`: what stands before it there.
    """

    location: Location
    line: int
    codes: tuple[str, ...]
    reason: str
    alone: bool
    before: str = ""

    def covers(self, code: str, name: str) -> bool:
        return covers(self.codes, code, name)


def covers(codes: tuple[str, ...], code: str, name: str) -> bool:
    """Do these codes, beginnings of codes or names (all, if there are none) name the rule?"""
    return not codes or any(names_rule(word, code, name) for word in codes)
