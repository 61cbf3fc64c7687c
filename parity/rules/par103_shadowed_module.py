"""The image resolves the name to another file than the checkout does."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.python.startup.failures import FailureKind
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        if failure.kind is not FailureKind.MISSING_NAME or not failure.in_checkout:
            continue
        entry = analysis.entry(failure.image_path)
        if entry is None:
            continue
        have = (entry.source or "").lstrip("/") or "another file"
        cause = Cause(CauseKind.SHADOWED, f"{failure.image_path} is {have} there", entry.made_by)
        yield finding_of(
            rule.code,
            rule.name,
            analysis,
            startup,
            failure,
            f"{failure.module} is another file in the image, which does not define {failure.name}",
            cause=cause,
            fix=f"make {failure.image_path} come from {failure.in_checkout.lstrip('/')}",
        )


rule = Rule("PAR103", "shadowed-module", Severity.ERROR, check)
