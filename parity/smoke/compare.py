"""Is what the tests of an image came to what `check` had said?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parity.model.finding import Finding, Severity
from parity.model.occasion import When
from parity.model.report import ImageReport, Verdict
from parity.model.start_test import Agreement, Outcome, StartTest, Tried

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
OF_IMPORTS = frozenset(
    """
    ModuleNotFoundError ImportError SyntaxError IndentationError TabError AttributeError NameError
    UnboundLocalError FileNotFoundError NotADirectoryError PackageNotFoundError
    """.split()
)
"""What `check` looks for. Any other exception may come of the environment: a variable or a server that is not there."""

OF_PROGRAMS = frozenset({"FileNotFoundError", "NotADirectoryError", "ModuleNotFoundError", "ImportError"})
"""What Python raises where the start command's own program is not there."""


def compared(runs: Sequence[tuple[StartTest, Outcome]], report: ImageReport) -> tuple[Tried, ...]:
    """Each test with its outcome, and whether the report of its image had said so."""
    failed = any(not outcome.passed for _, outcome in runs)
    tests = tuple(test for test, _ in runs)
    return tuple(Tried(test, outcome, *_judged(outcome, report, failed, tests)) for test, outcome in runs)


def _judged(
    outcome: Outcome, report: ImageReport, some_failed: bool, tests: Sequence[StartTest]
) -> tuple[Agreement, str]:
    """`some_failed`: one of the image's `tests` failed, and an error that is predicted may be that one's."""
    if outcome.passed:
        predicted = next((one for one in report.findings if _ends_start(one)), None)
        if predicted is not None and not some_failed:
            if not _is_tested(predicted, tests):
                return Agreement.OPEN, f"the test leaves out what check says of: {_named(predicted)}"
            return Agreement.NO, f"check says that it fails: {_named(predicted)}"
        if report.verdict is Verdict.UNCHECKED:
            return Agreement.OPEN, "check did not say"
        return Agreement.YES, "as check says"
    if outcome.status is None:
        return Agreement.OPEN, "it was stopped at the time limit"
    said = next((one for one in report.findings if _is_said(one, outcome)), None)
    if said is not None:
        return Agreement.YES, f"as check says: {_named(said)}"
    if report.verdict is Verdict.UNCHECKED:
        return Agreement.OPEN, "check did not say"
    if outcome.exception and outcome.exception not in OF_IMPORTS:
        return Agreement.OPEN, "check does not look for it: it may come of the container's environment"
    return (
        Agreement.NO,
        f"check says {'something else' if report.verdict is Verdict.FAILS else 'that it starts'}",
    )


def _ends_start(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.exception is not None and finding.when is When.START


def _is_tested(finding: Finding, tests: Sequence[StartTest]) -> bool:
    """A test that is not the whole program tests the modules that it names."""
    if all(test.whole for test in tests):
        return True
    named = {name for test in tests for word in test.argv for name in _NAME.findall(word)}
    return finding.exception == "ModuleNotFoundError" and finding.module in named


def _is_said(finding: Finding, outcome: Outcome) -> bool:
    """The same exception, about the same thing; of a program that is not there, Python raises none."""
    about = {finding.exception_text, finding.module or "", finding.image_path or ""} - {""}
    if finding.exception is None and finding.severity is Severity.ERROR and outcome.exception in OF_PROGRAMS:
        return any(text in outcome.text for text in about)
    if finding.exception != outcome.exception or finding.severity is Severity.INFO:
        return False
    return any(text in outcome.text for text in about) if about else not outcome.text


def _named(finding: Finding) -> str:
    place = f" ({finding.location})" if finding.location else ""
    return f"{finding.code} {finding.message}{place}"
