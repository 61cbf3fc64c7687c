"""The start-up runs into a partially initialised module."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.model.location import Location
from parity.python.startup.failures import Failure, FailureKind
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.origin or failure
        if told.kind is not FailureKind.PARTIAL_MODULE:
            continue
        names = [state.module for state in told.partial]
        cycle = names[names.index(told.module) :] if told.module in names else names
        yield finding_of(
            rule.code,
            rule.name,
            analysis,
            startup,
            failure,
            f"{told.module} has not bound {told.name} yet when it is imported back",
            cause=Cause(CauseKind.CYCLE, " -> ".join((*cycle, told.module)), _back(told)),
            fix=f"import {told.name} inside the function that uses it, or bind it above line {_asked(told)}",
            notes=tuple(_state(told)),
        )


def _back(failure: Failure) -> Location | None:
    return next(
        (Location(s.path, s.line) for s in failure.partial if s.module == failure.module and s.path), None
    )


def _asked(failure: Failure) -> int:
    return next((s.line for s in failure.partial if s.module == failure.module), 0)


def _state(failure: Failure) -> Iterator[str]:
    for state in failure.partial:
        bound = ", ".join(state.bound[:8]) + (", …" if len(state.bound) > 8 else "") or "nothing"
        later = f"; it binds {failure.name} at line {state.binds_later}" if state.binds_later else ""
        yield f"{state.module} is at line {state.line}; it has bound {bound}{later}"


rule = Rule("PAR301", "circular-import-crash", Severity.ERROR, check)
