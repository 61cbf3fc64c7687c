"""Which findings does the user not want to hear, and which comments silence nothing?"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from parity.model.finding import Finding
from parity.model.location import Location
from parity.model.suppression import Suppression


class Outcome(Struct, frozen=True):
    """`used`: the suppressions that silenced at least one finding."""

    kept: tuple[Finding, ...]
    used: frozenset[Suppression]


def silence(findings: Iterable[Finding], suppressions: Iterable[Suppression]) -> Outcome:
    """A comment silences findings whose own line it covers, or whose cause's line."""
    by_file: dict[str, list[Suppression]] = {}
    for suppression in suppressions:
        by_file.setdefault(suppression.location.path, []).append(suppression)
    kept: list[Finding] = []
    used: set[Suppression] = set()
    for finding in findings:
        places = (finding.location, finding.cause.location if finding.cause else None)
        silencing = [
            suppression
            for place in places
            if place is not None
            for suppression in by_file.get(place.path, ())
            if _is_on(suppression.line, place) and suppression.covers(finding.code, finding.name)
        ]
        used.update(silencing)
        if not silencing:
            kept.append(finding)
    return Outcome(tuple(kept), frozenset(used))


def _is_on(line: int, place: Location) -> bool:
    return place.line <= line <= max(place.line, place.end_line)
