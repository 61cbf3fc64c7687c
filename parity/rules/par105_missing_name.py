"""`from module import name`: the module is there and does not define the name."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.python.startup.failures import Failure, FailureKind
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        if failure.kind is FailureKind.UNBOUND_NAME:
            message = f"{failure.name} is used before anything binds it"
            yield finding_of(rule.code, rule.name, analysis, startup, failure, message)
        elif failure.kind is FailureKind.MISSING_NAME and not failure.in_checkout:
            yield finding_of(
                rule.code, rule.name, analysis, startup, failure, _message(failure), cause=_cause(failure)
            )


def _message(failure: Failure) -> str:
    return f"{failure.module} does not define {failure.name}"


def _cause(failure: Failure) -> Cause | None:
    if not failure.shadows:
        return None
    detail = f"{failure.image_path} hides the standard library's {failure.shadows}"
    return Cause(CauseKind.SHADOWED, detail, None)


rule = Rule("PAR105", "missing-name", Severity.ERROR, check)
