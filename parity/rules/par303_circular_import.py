"""Modules import each other while they load, and no import of the start-up fails for it."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Confidence, Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    for cycle in analysis.cycles:
        if cycle.crashes:
            continue
        last = cycle.chain[-1]
        yield Finding(
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            confidence=Confidence.CERTAIN,
            message=f"{len(cycle.modules)} modules import each other: {', '.join(cycle.modules[:6])}"
            + (", …" if len(cycle.modules) > 6 else ""),
            location=Location(last.path, last.line),
            module=cycle.modules[0],
            chain=cycle.chain,
            cause=Cause(CauseKind.CYCLE, " -> ".join((*cycle.modules, cycle.modules[0]))),
        )


rule = Rule("PAR303", "circular-import", Severity.INFO, check)
