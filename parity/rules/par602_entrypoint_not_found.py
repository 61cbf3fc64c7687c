"""The start command's module, script or interpreter is not in the image."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, Edit, Finding, Severity
from parity.python.startup.failures import Failure, FailureKind
from parity.remedies.absence import bring_in
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        if failure.kind is not FailureKind.ENTRYPOINT:
            continue
        cause: Cause | None = None
        fix = ""
        edits: tuple[Edit, ...] = ()
        if failure.image_path and failure.in_checkout:
            cause = analysis.why_absent(failure.image_path, failure.in_checkout)
            fix, edits = bring_in(cause, failure.in_checkout, failure.image_path)
        yield finding_of(
            rule.code,
            rule.name,
            analysis,
            startup,
            failure,
            _message(failure),
            cause=cause,
            fix=fix,
            edits=edits,
            location=startup.entrypoint.command.location,
        )


def _message(failure: Failure) -> str:
    if failure.name:
        return f"the start command asks {failure.module} for {failure.name}, which it does not define"
    what = failure.module or failure.image_path
    return f"the start command's {what} is not found in the image"


rule = Rule("PAR602", "entrypoint-not-found", Severity.ERROR, check)
