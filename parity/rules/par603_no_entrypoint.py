"""No Python entrypoint can be told; nothing was checked."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Confidence, Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    if analysis.command is None:
        message, location = "the image has no start command", Location(analysis.dockerfile)
        yield _finding(message, location)
    for command in analysis.unrecognised:
        shown = " ".join(argument if argument is not None else "…" for argument in command.argv)
        yield _finding(f"no Python program can be told from: {shown}", command.location)


def _finding(message: str, location: Location | None) -> Finding:
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        confidence=Confidence.CERTAIN,
        message=f"{message}; nothing was checked",
        location=location,
        fix="tell me with --entrypoint 'COMMAND'",
    )


rule = Rule("PAR603", "no-entrypoint", Severity.INFO, check)
