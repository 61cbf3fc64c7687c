"""A module of the standard library that the image's Python does not have."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.python.startup.failures import FailureKind
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.origin or failure
        if told.kind is not FailureKind.OTHER_VERSION:
            continue
        yield finding_of(
            rule.code,
            rule.name,
            analysis,
            startup,
            failure,
            f"{told.module} is not in the standard library of Python {analysis.python}",
            cause=Cause(CauseKind.PYTHON_VERSION, f"{told.module} is part of Python {told.name}"),
            fix="take another base image, or another module",
        )


rule = Rule("PAR402", "python-version", Severity.ERROR, check)
