"""A module that the start-up reaches does not compile under the image's Python."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.python.startup.failures import FailureKind
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    later = [(None, deferred.failure) for deferred in analysis.deferred]
    for startup, failure in (*analysis.failures(), *later):
        if failure.kind is not FailureKind.SYNTAX:
            continue
        version = f" under Python {analysis.python}" if analysis.python else ""
        kind = CauseKind.PYTHON_VERSION if failure.name else CauseKind.SYNTAX
        yield finding_of(
            rule.code,
            rule.name,
            analysis,
            startup,
            failure,
            f"{failure.module} does not compile{version}: {failure.text}",
            cause=Cause(kind, failure.name or failure.text, failure.place),
            fix=failure.name and f"{failure.name}: take a newer base image, or write it the older way",
        )


rule = Rule("PAR401", "syntax-error", Severity.ERROR, check)
