"""The answer to `fix`: which files change, and what is left to find then."""

from __future__ import annotations

from dataclasses import dataclass

from parity.model.finding import Finding
from parity.model.report import Report


@dataclass(frozen=True, slots=True)
class Change:
    """A file, by its path relative to the project root, before and after."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Mended:
    """`before` and `after`: the reports without and with the changes; `resolved`: the findings they end."""

    changes: tuple[Change, ...]
    resolved: tuple[Finding, ...]
    before: Report
    after: Report
