"""The answer to `fix`: which files change, and what is left to find then."""

from __future__ import annotations

from msgspec import Struct

from parity.model.finding import Finding
from parity.model.report import Report


class Change(Struct, frozen=True):
    """A file, by its path relative to the project root, before and after."""

    path: str
    before: bytes
    after: bytes


class Fixes(Struct, frozen=True):
    """`before` and `after`: the reports without and with the changes; `resolved`: the findings they end."""

    changes: tuple[Change, ...]
    resolved: tuple[Finding, ...]
    before: Report
    after: Report
