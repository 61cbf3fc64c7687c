"""The module is found only on a disk that ignores case."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.python.startup.failures import FailureKind
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.origin or failure
        if told.kind is not FailureKind.MISSING_MODULE or told.other_case is None:
            continue
        there = told.other_case.rpartition("/")[2]
        yield finding_of(
            rule.code,
            rule.name,
            analysis,
            startup,
            failure,
            f"{told.module}: the file is called {there}",
            cause=Cause(CauseKind.CASE, f"{told.other_case} differs in case; Linux minds it"),
            fix=f"import it as {there.removesuffix('.py')}, or rename the file",
        )


rule = Rule("PAR106", "module-case-mismatch", Severity.ERROR, check)
