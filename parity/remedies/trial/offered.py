"""Which way of each finding holds, made on its own in the files as they are?"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from parity.model.change import Choice
from parity.model.finding import Edit, Finding, Remedy
from parity.model.report import Report
from parity.remedies.trial.attempt import Attempts, State
from parity.remedies.trial.findings import Key, findings_of
from parity.tree.base import FileTree

MOST_CHECKS = 24
"""A check of a large project takes seconds."""


def offered(checkout: FileTree, judge: Callable[[FileTree], Report], report: Report) -> Report:
    """The report with those edits alone after which their finding is gone and no other came; at most one way each.

    `judge` reports all that can be found in a tree.
    """
    attempts = Attempts(checkout, judge, Choice(unsafe=True), MOST_CHECKS)
    start = State({}, judge(checkout))
    known: dict[tuple[Edit, ...], bool] = {}
    images = tuple(
        replace(image, findings=tuple(_offered(attempts, start, known, *one) for one in findings_of(image)))
        for image in report.images
    )
    return replace(report, images=images)


def _offered(
    attempts: Attempts, start: State, known: dict[tuple[Edit, ...], bool], key: Key, finding: Finding
) -> Finding:
    edits = finding.edits
    if known.get(edits):  # another image's, or another module's of the same folder
        return replace(finding, remedies=(_best(finding),))
    found = attempts.single(start, key)
    remedies = (found,) if found is not None else ()
    if found is not None:
        known[found.edits] = True
    return replace(finding, remedies=remedies)


def _best(finding: Finding) -> Remedy:
    return next(one for one in finding.remedies if one.edits)
