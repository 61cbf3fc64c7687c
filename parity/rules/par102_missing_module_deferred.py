"""A module that is imported only when a function is called is in the checkout, and not in the image."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.python.startup.failures import FailureKind
from parity.remedies.absence import bring_in
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for deferred in analysis.deferred:
        failure = deferred.failure
        if failure.kind is not FailureKind.MISSING_MODULE:
            continue
        cause = analysis.why_absent(failure.image_path, failure.in_checkout)
        fix, edits = bring_in(cause, failure.in_checkout, failure.image_path)
        yield finding_of(
            rule.code,
            rule.name,
            analysis,
            None,
            failure,
            f"{failure.module} is not in the image; it is imported when a function is called",
            cause=cause,
            fix=fix,
            edits=edits,
            severity=rule.severity,
        )


rule = Rule("PAR102", "missing-module-deferred", Severity.WARNING, check)
