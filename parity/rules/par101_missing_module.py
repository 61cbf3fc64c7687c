"""A module that the start-up imports is in the checkout, and not in the image."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import CauseKind, Finding, Severity
from parity.python.startup.failures import Failure, FailureKind
from parity.remedies.absence import bring_in
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = _told(failure)
        if told is None:
            continue
        if told.kind is FailureKind.MISSING_NAME and analysis.entry(told.image_path) is not None:
            continue  # another file of that name: PAR103
        cause = analysis.why_absent(told.image_path, told.in_checkout)
        fix, edits = bring_in(cause, told.in_checkout, told.image_path)
        message = f"{told.module} is not in the image"
        if told.kind is FailureKind.MISSING_NAME:
            message = (
                f"{told.in_checkout.lstrip('/')} is not in the image, so {told.module} has no {told.name}"
            )
        if cause.kind is CauseKind.NOT_ON_SEARCH_PATH:
            message = f"{told.module} is in the image, but not on Python's search path"
        yield finding_of(
            rule.code, rule.name, analysis, startup, failure, message, cause=cause, fix=fix, edits=edits
        )


def _told(failure: Failure) -> Failure | None:
    """The missing module itself, also where a handler turns the failure into another exception."""
    missing = failure.origin or failure
    kind = missing.kind in (FailureKind.MISSING_MODULE, FailureKind.MISSING_NAME)
    return missing if kind and missing.in_checkout and missing.other_case is None else None


rule = Rule("PAR101", "missing-module", Severity.ERROR, check)
