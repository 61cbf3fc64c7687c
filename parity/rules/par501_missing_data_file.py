"""A file that the start-up reads is not in the image, or its user may not read it."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.python.startup.failures import FailureKind
from parity.remedies.absence import bring_in
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        if failure.kind is FailureKind.UNREADABLE:
            user = analysis.image.config.user
            message = f"{failure.image_path} is in the image, but its user {user} may not read it"
            yield finding_of(
                rule.code, rule.name, analysis, startup, failure, message, fix="mend --chmod or --chown"
            )
        elif failure.kind is FailureKind.MISSING_FILE:
            cause = analysis.why_absent(failure.image_path, failure.in_checkout)
            fix, edits = bring_in(cause, failure.in_checkout, failure.image_path)
            message = f"{failure.image_path} is read at start-up and is not in the image"
            yield finding_of(
                rule.code, rule.name, analysis, startup, failure, message, cause=cause, fix=fix, edits=edits
            )


rule = Rule("PAR501", "missing-data-file", Severity.ERROR, check)
