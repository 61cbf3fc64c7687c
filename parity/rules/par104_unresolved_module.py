"""Neither world has the module, and no installed package provides it."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.python.startup.failures import Failure, FailureKind
from parity.rules.base import Rule, finding_of


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.origin or failure
        if told.kind is FailureKind.RELATIVE_IMPORT:
            message, fix = _relative(told)
            yield finding_of(rule.code, rule.name, analysis, startup, failure, message, fix=fix)
        elif told.kind is FailureKind.MISSING_MODULE and not told.in_checkout and told.other_case is None:
            cause = Cause(CauseKind.NOT_INSTALLED, f"nothing provides {told.module}")
            fix = f"add {told.module.partition('.')[0]} to what the image installs, or mend the name"
            yield finding_of(
                rule.code,
                rule.name,
                analysis,
                startup,
                failure,
                f"{told.module} is neither in the checkout nor in the image",
                cause=cause,
                fix=fix,
            )


def _relative(failure: Failure) -> tuple[str, str]:
    if "beyond" in failure.text:
        return f"from {failure.module}: more dots than there are packages above", "take dots away"
    return (
        f"from {failure.module}: the program was started as a script, so it has no package",
        "start it with python -m package.module, or import by the full name",
    )


rule = Rule("PAR104", "unresolved-module", Severity.ERROR, check)
