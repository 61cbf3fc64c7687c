"""The answer to `fix`: which files change, why, and what is left to find then."""

from __future__ import annotations

from msgspec import Struct

from parity.model.finding import Finding, Remedy
from parity.model.report import Report


class Choice(Struct, frozen=True):
    """Which edits are wanted.

    `only`: the codes of the findings to fix, (): of all; `unsafe`: those, too, that change more than what is missing;
    `alternative`: which of the ways that a finding has, from 1; 0: the best that holds.
    """

    only: tuple[str, ...] = ()
    unsafe: bool = False
    alternative: int = 0


class Done(Struct, frozen=True):
    """A finding, and the way in which it was ended."""

    finding: Finding
    remedy: Remedy


class Change(Struct, frozen=True):
    """A file, by its path relative to the project root, before and after; `done`: what its edits are for."""

    path: str
    before: bytes
    after: bytes
    done: tuple[Done, ...] = ()


class Fixes(Struct, frozen=True):
    """`before` and `after`: the reports without and with the changes; `resolved`: the findings they end.

    `unsafe`: further changes, on top, that only a person can answer for; none of them is in `changes`.
    """

    changes: tuple[Change, ...]
    resolved: tuple[Finding, ...]
    before: Report
    after: Report
    unsafe: tuple[Change, ...] = ()
